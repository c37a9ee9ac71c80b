"""A status in words: the lines of `papertray status`, and the one line that `papertray run` keeps fresh."""

from collections.abc import Iterator

from papertray.daemon.cli.screen import printable_name
from papertray.daemon.cli.times import format_length, format_moment
from papertray.daemon.status import Activity, DocumentState, FolderStatus, PageInProgress, Status
from papertray.engine.printing import printable

WAITING = (DocumentState.ARRIVED, DocumentState.QUEUED, DocumentState.READING, DocumentState.WRITING)

STATE_COLOURS = {
    DocumentState.DONE.value: "green",
    DocumentState.PROBLEMS.value: "yellow",
    DocumentState.FAILED.value: "red",
    DocumentState.READING.value: "cyan",
    DocumentState.WRITING.value: "cyan",
}
TROUBLE = "! "
"""How a line begins that tells of something to look at."""
_NAMED = 2  # of the pages in hand

_COUNTS = (  # what people count, and the states in it
    ("done", (DocumentState.DONE,)),
    ("with problems", (DocumentState.PROBLEMS,)),
    ("failed", (DocumentState.FAILED,)),
    ("waiting", WAITING),
)


def count_documents(status: Status, states: tuple[DocumentState, ...]) -> int:
    return sum(status.counts.get(state, 0) for state in states)


def describe_status(status: Status) -> Iterator[str]:
    """Everything a person may want to know, the most important first."""
    yield f"papertray {describe_activity(status)}"
    for trouble in status.troubles:
        yield f"{TROUBLE}{printable(f'{trouble.sentence} {trouble.advice}'.strip())}"
    yield f"Documents: {describe_counts(status) or 'none yet'}"
    if status.pages_left:
        yield f"Pages: {describe_pace(status)}"
    if status.outputs_left:
        yield f"Outputs: of {status.outputs_left} documents to be written"
    for download in status.downloads:
        far = (
            f"installing, {download.installing}"
            if download.installing
            else _percent(download.done, download.total)
        )
        yield f"Fetching {printable(download.model)}: {printable(far)}"
    if status.reader:
        yield f"Reader: {describe_reader(status)}"
    for folder in status.folders:
        yield f"Folder: {printable_name(folder.path)} ({printable(_describe_folder(folder, status.at))})"


def _describe_folder(folder: FolderStatus, now: float) -> str:
    state = folder.problem or ("not there" if folder.watch == "gone" else f"watched, {folder.watch}")
    model = f"; read by {folder.model}" if folder.model else ""
    pause = "" if folder.paused_until is None else f"; waits until {format_moment(folder.paused_until, now)}"
    return state + model + pause


def summarize_status(status: Status) -> str:
    """As much as fits a terminal's width, for a line that is written over and over."""
    pace = describe_pace(status) if status.seconds_left is not None else ""
    return " · ".join(part for part in (describe_activity(status), pace, describe_counts(status)) if part)


def describe_pace(status: Status) -> str:
    """How many pages wait, and how long that may take at the pace of the last ones."""
    left = f"{status.pages_left} to go"
    if status.seconds_left is None:
        return left
    pace = 60 * status.pages_left / max(status.seconds_left, 1.0)
    return f"{left}, about {format_length(status.seconds_left)} at {pace:.3g} a minute"


def describe_activity(status: Status) -> str:
    match status.activity:
        case Activity.STOPPED:
            return "is not running; start it with `papertray run`"
        case Activity.PAUSED if status.paused_until is not None:
            return f"is paused until {format_moment(status.paused_until, status.at)}"
        case Activity.PAUSED:
            return "is paused; `papertray resume` goes on"
        case Activity.LOADING if status.starting:
            return f"is starting {printable(status.starting)}"
        case Activity.LOADING:
            return f"is loading {_unless_auto(status.reader) or 'a reader'}"
        case Activity.WORKING if status.reading:
            return f"is reading {_progress(status)}{_page_names(status)}{_elsewhere(status)}"
        case Activity.WORKING:
            return "is working"
    return "is idle"


def describe_counts(status: Status) -> str:
    numbers = ((count_documents(status, states), what) for what, states in _COUNTS)
    return ", ".join(f"{number} {what}" for number, what in numbers if number)


def describe_reader(status: Status) -> str:
    device = _unless_auto(status.device)
    parts = (
        _unless_auto(status.reader) or "the best that is here",
        device and f"on {device}",
        "" if status.loaded else "(not loaded)",
    )
    reader = " ".join(part for part in parts if part)
    return f"{reader}; {printable(status.rung)}" if status.rung else reader


def _elsewhere(status: Status) -> str:
    """Where it is read, if that is not this machine."""
    return f" on {printable(status.device)}" if status.is_read_elsewhere else ""


def _unless_auto(choice: str) -> str:
    """A reader's or device's name, once it is more than "auto"."""
    return "" if choice == "auto" else printable(choice)


def _progress(status: Status) -> str:
    pages = len(status.reading)
    parts = (
        f"{min(status.batch_done + 1, status.batch_total)} of {status.batch_total}"
        if status.batch_total > 1
        else "",
        f"{pages} pages" if pages > 1 else "",
    )
    progress = ", ".join(part for part in parts if part)
    return f"{progress}: " if progress else ""


def _page_names(status: Status) -> str:
    names = [_page_name(one) for one in status.reading[:_NAMED]]
    return ", ".join([*names, "…"] if len(status.reading) > _NAMED else names)


def _page_name(reading: PageInProgress) -> str:
    pages = f" page {reading.page} of {reading.pages}" if reading.pages > 1 else ""
    return f"{printable_name(reading.name)}{pages}"


def _percent(done: int, total: int) -> str:
    return f"{100 * done // total} %" if total else "starting"
