"""What can go wrong around the pages: folders, settings, the journal, the notes.

The root and the errors of reading are in `engine.errors`; the same rules hold here.
"""

from pathlib import Path

from papertray.engine.errors import DocumentError
from papertray.engine.errors import PapertrayError as PapertrayError  # for the tray, which sees no engine
from papertray.engine.exit_codes import ExitCode as ExitCode  # likewise


class SettingsError(PapertrayError):
    """The settings file, the environment or an option says something papertray cannot follow."""

    exit_code = ExitCode.SETTINGS


class OwnFolderUnusable(PapertrayError):
    """One of papertray's own folders, or a file in it, cannot be made or written."""

    exit_code = ExitCode.OWN_FOLDER

    def __init__(self, place: Path, problem: OSError) -> None:
        super().__init__(
            f"papertray cannot write its own files into {place}: {problem.strerror or problem}.",
            "Make it writable for this user, or let PAPERTRAY_HOME name another folder.",
        )


class FolderError(PapertrayError):
    """A watched folder cannot be used."""

    exit_code = ExitCode.FOLDER
    retry = True


class FolderMissing(FolderError):
    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} does not exist.",
            "Check the name, or let `papertray folders add --create` make it.",
        )


class DaemonRunning(PapertrayError):
    exit_code = ExitCode.ALREADY_RUNNING

    def __init__(self, home: Path) -> None:
        super().__init__(
            f"papertray is already running for {home}.",
            "See `papertray status`; stop it before starting another.",
        )


class DaemonNotRunning(PapertrayError):
    exit_code = ExitCode.NOT_RUNNING

    def __init__(self) -> None:
        super().__init__("papertray is not running.", "Start it with `papertray run`.")


class JournalError(PapertrayError):
    """The journal cannot be used as it is."""

    exit_code = ExitCode.JOURNAL


class JournalTooNew(JournalError):
    def __init__(self, path: Path, newer: int, known: int) -> None:
        super().__init__(
            f"The journal {path} was written by a newer papertray (format {newer}; this one knows {known}).",
            "Install the newer version again, or move the file away to start afresh.",
        )


class JournalFull(JournalError):
    retry = True

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The disk that holds the journal {path} is full, or cannot be written.",
            "Make room; papertray goes on by itself when there is some.",
        )


class JournalDamaged(JournalError):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The journal {path} is damaged.",
            "Start papertray again: it sets the file aside and looks through the folders afresh.",
        )


class EntryDamaged(JournalError):
    """What the journal says of one document makes no sense: that document's failure, and no other's."""

    def __init__(self, document: int) -> None:
        super().__init__(
            "What the journal knows of this document is damaged.",
            f"`papertray retry {document}` reads it again, `papertray forget {document}` drops it.",
        )


class PageDamaged(JournalError):
    """A page was read, and what was kept of it is no longer what it was."""

    def __init__(self, document: int) -> None:
        super().__init__(
            "The text that was kept of this page is damaged.",
            f"`papertray retry {document}` reads it again.",
        )


class JournalUnusable(JournalError):
    def __init__(self, path: Path, problem: Exception) -> None:
        super().__init__(f"The journal {path} cannot be used: {problem}.", "See `papertray doctor`.")


class PageTakesUsDown(PapertrayError):
    def __init__(self) -> None:
        super().__init__(
            "papertray ended three times while reading this page, which is set aside.",
            "`papertray retry` with the document's number tries it again.",
        )


class PageReadingFailed(PapertrayError):
    def __init__(self, problem: Exception) -> None:
        super().__init__(
            f"This page could not be read, and papertray does not know why ({type(problem).__name__}).",
            "The log says more: `papertray logs`. `papertray retry` tries again.",
        )


class NoSuchDocument(PapertrayError):
    exit_code = ExitCode.NO_SUCH_DOCUMENT

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no document {number}.", "`papertray list` shows the numbers.")


class NotReadYet(PapertrayError):
    exit_code = ExitCode.DOCUMENT

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Document {number} has not been read, or not to its end.",
            f"`papertray show {number}` tells why, or how far it is.",
        )


class NothingToLookFor(PapertrayError):
    exit_code = ExitCode.NOT_UNDERSTOOD

    def __init__(self) -> None:
        super().__init__(
            "There is no word in this that a page could have.",
            'Name words that a page has (toner 2026), or a phrase in quotes ("toner invoice").',
        )


class SearchUnusable(PapertrayError):
    """The index of what was read. Nothing is lost with it: the journal has all of it."""

    exit_code = ExitCode.JOURNAL
    retry = True

    def __init__(self, path: Path, problem: Exception) -> None:
        super().__init__(
            f"The search index cannot be used: {problem}.",
            f"Try again; if it goes on, delete {path}: it is made anew.",
        )


class PageNotThere(DocumentError):
    def __init__(self, name: str, number: int, pages: int) -> None:
        super().__init__(f"{name} has no page {number}: it has {pages}.", "Ask for pages that are there.")


class KindNotRead(DocumentError):
    """A document of a kind that papertray does not read, by its name and by its content."""

    exit_code = ExitCode.NOT_A_DOCUMENT

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"papertray does not read {path.suffix.lower()} files.",
            "Save or print it as PDF into the folder, or ignore such files in the folder's settings.",
        )


class NoteError(PapertrayError):
    """A note cannot be put in place just now; its text is kept and tried again."""

    exit_code = ExitCode.NOTE
    retry = True


class StacksMissing(PapertrayError):
    def __init__(self, library: str) -> None:
        super().__init__(
            f"Piles are split and joined with {library}, which is not installed.",
            "Install it beside papertray: pip install 'papertray[stacks]'",
        )


class WaitsForOtherSide(PapertrayError):
    """Fronts without their backs, or the other way round, where both are to be joined."""

    def __init__(self, partner: Path) -> None:
        super().__init__(
            f"It waits for {partner.name}, the other sides of its sheets.",
            "Scan those, or rename it to have it read by itself.",
        )


class DiskFull(NoteError):
    def __init__(self, where: Path) -> None:
        super().__init__(
            f"The disk that holds {where} is full.",
            "Make room; papertray goes on by itself when there is some.",
        )


class ServiceError(PapertrayError):
    """This system did not take papertray as a service, or did not start or stop it."""

    exit_code = ExitCode.SERVICE


class CannotStop(PapertrayError):
    def __init__(self, problem: OSError) -> None:
        super().__init__("papertray could not be stopped.", f"{problem.strerror}; see `papertray status`.")


class StillRunning(PapertrayError):
    def __init__(self) -> None:
        super().__init__("papertray did not stop in time.", "Try again, or see `papertray status`.")
