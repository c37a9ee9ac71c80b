"""The root of the family, and what can go wrong with a reader."""

from papertray.engine.exit_codes import ExitCode


class PapertrayError(Exception):
    """The root of the family: `sentence` says what happened, `advice` what to do."""

    exit_code: ExitCode = ExitCode.FAILED
    retry: bool = False

    def __init__(self, sentence: str, advice: str = "") -> None:
        super().__init__(sentence, advice)
        self.sentence = sentence
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.sentence} {self.advice}".strip()


class DocumentError(PapertrayError):
    """This document, or one page of it, cannot be read as it is."""

    exit_code = ExitCode.DOCUMENT


class ReaderError(PapertrayError):
    """A reader could not be loaded, or could not read."""

    exit_code = ExitCode.READER


class ReaderAway(ReaderError):
    """Nobody is there to read, which is no page's fault: all of them wait."""

    retry = True


class NothingRead(ReaderError):
    """The page is not blank, and yet nothing was read; `remedy` is a sentence on what would help."""

    def __init__(self, *, found: bool, remedy: str = "") -> None:
        super().__init__(
            "The text on this page could not be read." if found else "No text was found on this page.",
            "A photo has none. If it shows text, the script may be unknown to the quick reader."
            f" {remedy} A large model may read it, see `papertray models list`.".replace("  ", " "),
        )


class Cancelled(PapertrayError):
    """The page was given back before it was read: not a failure."""

    exit_code = ExitCode.INTERRUPTED
    retry = True

    def __init__(self) -> None:
        super().__init__("Reading was cancelled.")
