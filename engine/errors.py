"""What can go wrong while a page is read, in sentences for people.

Every class carries what happened, what to do, whether trying again makes sense, and the exit code of the
command line. Foreign exceptions become one of these in the module that calls the foreign library.
"""


class PapertrayError(Exception):
    """The root of the family: `sentence` says what happened, `advice` what to do."""

    exit_code = 1
    retry = False

    def __init__(self, sentence: str, advice: str = "") -> None:
        super().__init__(sentence, advice)
        self.sentence = sentence
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.sentence} {self.advice}".strip()


class DocumentError(PapertrayError):
    """This document, or one page of it, cannot be read as it is."""

    exit_code = 10


class ReaderError(PapertrayError):
    """A reader could not be loaded, or could not read."""

    exit_code = 20


class Cancelled(PapertrayError):
    """The page was given back before it was read: not a failure."""

    exit_code = 130
    retry = True

    def __init__(self) -> None:
        super().__init__("Reading was cancelled.")
