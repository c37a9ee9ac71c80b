"""A status in words: the lines of `papertray status`, and the one line that `papertray run` keeps fresh."""

from collections.abc import Iterator

from papertray.daemon.cli.screen import printable_name, printable_path
from papertray.daemon.cli.times import format_length, format_moment
from papertray.daemon.status import Activity, DocumentState, FolderStatus, PageInProgress, Status
from papertray.engine.language import spoken, translatable, translate, translate_many, translate_sentence
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
    (translatable("{count} done"), (DocumentState.DONE,)),
    (translatable("{count} with problems"), (DocumentState.PROBLEMS,)),
    (translatable("{count} failed"), (DocumentState.FAILED,)),
    (translatable("{count} waiting"), WAITING),
)


_WATCHED = {
    "native": translatable("watched, native"),
    "poll": translatable("watched, poll"),
    "gone": translatable("not there"),
}


def count_documents(status: Status, states: tuple[DocumentState, ...]) -> int:
    return sum(status.counts.get(state, 0) for state in states)


def describe_status(status: Status) -> Iterator[str]:
    """Everything a person may want to know, the most important first."""
    yield translate("papertray {doing}", doing=describe_activity(status))
    for page in status.reading if len(status.reading) > 1 else ():
        yield f"    {_how_far_in(page)}"
    for trouble in status.troubles:
        yield f"{TROUBLE}{printable(translate_sentence(f'{trouble.sentence} {trouble.advice}'.strip()))}"
    yield translate("Documents: {counts}", counts=describe_counts(status) or translate("none yet"))
    if status.pages_left:
        yield translate("Pages: {pace}", pace=describe_pace(status))
    if status.outputs_left:
        yield translate_many(
            "Outputs: of {count} document to be written",
            "Outputs: of {count} documents to be written",
            status.outputs_left,
        )
    if status.errands_unfinished:
        yield translate_many(
            "After reading: {count} errand failed or waits; see `papertray rules errands`",
            "After reading: {count} errands failed or wait; see `papertray rules errands`",
            status.errands_unfinished,
        )
    for download in status.downloads:
        far = (
            translate("installing, {what}", what=download.installing)
            if download.installing
            else _percent(download.done, download.total)
        )
        yield translate("Fetching {name}: {part}", name=printable(download.model), part=printable(far))
    if status.reader:
        yield translate("Reader: {reader}", reader=describe_reader(status))
    for folder in status.folders:
        state = printable(_describe_folder(folder, status.at))
        yield translate("Folder: {path} ({state})", path=printable_path(folder.path), state=state)


def _describe_folder(folder: FolderStatus, now: float) -> str:
    state = translate_sentence(folder.problem) or translate(_WATCHED.get(folder.watch, "watched"))
    parts = [state]
    if folder.model:
        parts.append(translate("read by {reader}", reader=folder.model))
    if folder.paused_until is not None:
        parts.append(translate("waits until {time}", time=format_moment(folder.paused_until, now)))
    return "; ".join(parts)


def summarize_status(status: Status) -> str:
    """As much as fits a terminal's width, for a line that is written over and over."""
    pace = describe_pace(status) if status.seconds_left is not None else ""
    return " · ".join(part for part in (describe_activity(status), pace, describe_counts(status)) if part)


def describe_pace(status: Status) -> str:
    """How many pages wait, and how long that may take at the pace of the last ones."""
    left = translate("{number} to go", number=spoken().number(status.pages_left))
    if status.seconds_left is None:
        return left
    pace = 60 * status.pages_left / max(status.seconds_left, 1.0)
    return translate(
        "{left}, about {time} at {pace} a minute",
        left=left,
        time=format_length(status.seconds_left),
        pace=spoken().number(pace, 0 if pace >= 10 else 1),
    )


def describe_activity(status: Status) -> str:
    match status.activity:
        case Activity.STOPPED:
            return translate("is not running; start it with `papertray run`")
        case Activity.PAUSED if status.paused_until is not None:
            return translate("is paused until {time}", time=format_moment(status.paused_until, status.at))
        case Activity.PAUSED:
            return translate("is paused; `papertray resume` goes on")
        case Activity.LOADING if status.starting:
            return translate("is starting {name}", name=printable(status.starting))
        case Activity.LOADING:
            name = _unless_auto(status.reader)
            what = translate("is loading {name}", name=name) if name else translate("is loading a reader")
            return what if status.percent_loaded is None else _how_far(what, status.percent_loaded)
        case Activity.WORKING if status.reading:
            return _reading(status)
        case Activity.WORKING:
            return translate("is working")
    return translate("is idle")


def describe_counts(status: Status) -> str:
    numbers = ((count_documents(status, states), what) for what, states in _COUNTS)
    return ", ".join(translate(what, count=spoken().number(number)) for number, what in numbers if number)


def describe_reader(status: Status) -> str:
    device = _unless_auto(status.device)
    parts = (
        _unless_auto(status.reader) or translate("the best that is here"),
        device and translate("on {device}", device=device),
        "" if status.loaded else translate("(not loaded)"),
    )
    reader = " ".join(part for part in parts if part)
    return f"{reader}; {printable(translate_sentence(status.rung))}" if status.rung else reader


def _reading(status: Status) -> str:
    """What is read, and where, if that is not this machine."""
    what = f"{_progress(status)}{_page_names(status)}"
    if status.is_read_elsewhere:
        return translate("is reading {what} on {device}", what=what, device=printable(status.device))
    return translate("is reading {what}", what=what)


def _unless_auto(choice: str) -> str:
    """A reader's or device's name, once it is more than "auto"."""
    return "" if choice == "auto" else printable(choice)


def _progress(status: Status) -> str:
    pages = len(status.reading)
    parts = (
        translate(
            "{number} of {total}",
            number=min(status.batch_done + 1, status.batch_total),
            total=status.batch_total,
        )
        if status.batch_total > 1
        else "",
        translate_many("{count} page", "{count} pages", pages) if pages > 1 else "",
    )
    progress = ", ".join(part for part in parts if part)
    return f"{progress}: " if progress else ""


def _page_names(status: Status) -> str:
    names = [_page_name(one) for one in status.reading[:_NAMED]]
    return ", ".join([*names, "…"] if len(status.reading) > _NAMED else names)


def _page_name(reading: PageInProgress) -> str:
    name = printable_name(reading.name)
    if reading.pages <= 1:
        return name
    return translate("{name} page {page} of {pages}", name=name, page=reading.page, pages=reading.pages)


def _how_far_in(reading: PageInProgress) -> str:
    if not reading.tokens:
        return _page_name(reading)
    return translate(
        "{page}, {number} tokens", page=_page_name(reading), number=spoken().number(reading.tokens)
    )


def _how_far(what: str, percent: int) -> str:
    return translate("{what} ({percent})", what=what, percent=_percent(percent, 100))


def _percent(done: int, total: int) -> str:
    return translate("{number} %", number=100 * done // total) if total else translate("starting")
