"""A status in a few words: the icon's title and the first line of its menu."""

import time

from papertray.daemon.records import DocumentRecord
from papertray.daemon.status import Activity, DownloadProgress, PageInProgress, Status
from papertray.daemon.wire import ModelChoice
from papertray.engine.printing import replace_unprintable
from papertray.tray.face.face import download_progress

TITLE_UNITS, MESSAGE_UNITS, HEAD_UNITS = 127, 255, 63  # what Windows takes, in UTF-16 units

_MANY = 2  # documents named at once; more are read only where they are short


def icon_title(status: Status | None) -> str:
    """What a pointer over the icon shows: "3 of 12 · invoice.pdf page 2 of 5 · CUDA 4-bit"."""
    return shorten(" · ".join(_parts(status)), TITLE_UNITS)


def _parts(status: Status | None) -> list[str]:
    if status is None or status.activity is Activity.STOPPED:
        return ["papertray is not running"]
    parts = [*_troubles(status), *_doing(status), *_downloads(status)]
    at_work = status.activity is Activity.WORKING
    return [part for part in parts if part] or [f"papertray is {'at work' if at_work else 'idle'}"]


def _troubles(status: Status) -> list[str]:
    return [shorten(replace_unprintable(trouble.sentence), HEAD_UNITS) for trouble in status.troubles[:1]]


def _doing(status: Status) -> list[str]:
    match status.activity:
        case Activity.PAUSED:
            return [describe_pause(status)]
        case Activity.LOADING if status.starting:
            return [_queue(status), f"starting {replace_unprintable(status.starting)}"]
        case Activity.LOADING:
            return [_queue(status), f"loading {replace_unprintable(status.reader) or 'the reader'}"]
        case Activity.WORKING:
            return [
                _queue(status),
                ", ".join(map(_place, status.reading[:_MANY])),
                _device(status),
            ]
    return []


def _downloads(status: Status) -> list[str]:
    if not status.downloads:
        return []
    names = ", ".join(replace_unprintable(download.model) for download in status.downloads)
    return [f"fetching {names}: {download_progress(status):.0%}"]


def describe_pause(status: Status) -> str:
    if status.paused_until is None:
        return "paused"
    return f"paused until {clock(status.paused_until, status.at)}"


def clock(moment: float, now: float) -> str:
    """The time of day, with the weekday when it is another day."""
    then, today = time.localtime(moment), time.localtime(now)
    return time.strftime("%H:%M" if then[:3] == today[:3] else "%a %H:%M", then)


def short_device(device: str) -> str:
    """ "cuda in float16 with 4-bit weights" in as few words as a person needs."""
    name, _, how = device.partition(" ")
    if name in ("", "auto"):
        return ""
    return f"{name.upper()} 4-bit" if "4-bit" in how else name.upper()


def _device(status: Status) -> str:
    """Pages that a server reads are read on another machine, which has a name."""
    if status.is_read_elsewhere:
        return f"reading on {shorten(replace_unprintable(status.device), 40)}"
    return short_device(status.device)


def describe_download(download: DownloadProgress) -> str:
    return f"{download.done / download.total:.0%}" if download.total else "starting"


def describe_problem(document: DocumentRecord) -> str:
    """What went wrong, with the document's name in it."""
    if document.sentence:
        return document.sentence
    return f"{document.path.name} is read, but for some of its pages."


def describe_model(model: ModelChoice) -> str:
    return f"Download {model.title} ({model.size / 1e9:.1f} GB)"


def shorten(text: str, units: int) -> str:
    """At most so many UTF-16 units, with an ellipsis where something was cut; no letter is halved."""
    if _units(text) <= units:
        return text
    room = units - 1
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * room].decode("utf-16-le", "ignore")
    return f"{kept.rstrip()}…"


def _queue(status: Status) -> str:
    if status.batch_total <= 1:
        return ""
    return f"{min(status.batch_done + 1, status.batch_total)} of {status.batch_total}"


def _place(reading: PageInProgress) -> str:
    pages = f" page {reading.page} of {reading.pages}" if reading.pages > 1 else ""
    return f"{shorten(replace_unprintable(reading.name), 40)}{pages}"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
