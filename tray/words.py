"""A status in a few words: the icon's title and the first line of its menu."""

import time
from collections.abc import Iterator

from papertray.daemon.choices import ModelChoice
from papertray.daemon.records import DocumentRecord
from papertray.daemon.status import Activity, DownloadProgress, PageInProgress, Status
from papertray.engine.language import spoken, translate, translate_many, translate_sentence
from papertray.engine.printing import replace_unprintable
from papertray.tray.face.face import download_progress

TITLE_UNITS, MESSAGE_UNITS, HEAD_UNITS = 127, 255, 63  # what Windows takes, in UTF-16 units

_MANY = 2  # documents named at once; more are read only where they are short


def icon_title(status: Status | None) -> str:
    """What a pointer over the icon shows: "3 of 12 · invoice.pdf page 2 of 5 · CUDA 4-bit"."""
    return shorten(" · ".join(_parts(status)), TITLE_UNITS)


def _parts(status: Status | None) -> list[str]:
    if status is None or status.activity is Activity.STOPPED:
        return [translate("papertray is not running")]
    parts = [*_troubles(status), *_doing(status), *_downloads(status)]
    at_work = status.activity is Activity.WORKING
    resting = translate("papertray is at work") if at_work else translate("papertray is idle")
    return [part for part in parts if part] or [resting]


def _troubles(status: Status) -> list[str]:
    return [
        shorten(replace_unprintable(translate_sentence(trouble.sentence)), HEAD_UNITS)
        for trouble in status.troubles[:1]
    ]


def _doing(status: Status) -> list[str]:
    match status.activity:
        case Activity.PAUSED:
            return [describe_pause(status)]
        case Activity.LOADING if status.starting:
            return [_queue(status), translate("starting {name}", name=replace_unprintable(status.starting))]
        case Activity.LOADING:
            name = replace_unprintable(status.reader)
            loading = translate("loading {name}", name=name) if name else translate("loading the reader")
            return [_queue(status), _how_far(loading, status.percent_loaded)]
        case Activity.WORKING:
            return [
                _queue(status),
                _places(status.reading),
                _device(status),
            ]
    return []


def _how_far(what: str, percent_loaded: int | None) -> str:
    if percent_loaded is None:
        return what
    return translate("{what} ({percent})", what=what, percent=percent(percent_loaded / 100))


def _downloads(status: Status) -> list[str]:
    if not status.downloads:
        return []
    names = ", ".join(replace_unprintable(download.model) for download in status.downloads)
    return [translate("fetching {names}: {part}", names=names, part=percent(download_progress(status)))]


def describe_pause(status: Status) -> str:
    if status.paused_until is None:
        return translate("paused")
    return translate("paused until {time}", time=clock(status.paused_until, status.at))


def clock(moment: float, now: float) -> str:
    """The time of day, with the weekday when it is another day."""
    then, today = time.localtime(moment), time.localtime(now)
    return spoken().moment(moment, *(("%H:%M", "Hm") if then[:3] == today[:3] else ("%a %H:%M", "EHm")))


def percent(share: float) -> str:
    return translate("{number}%", number=f"{100 * share:.0f}")


def short_device(device: str) -> str:
    """ "cuda in float16 with 4-bit weights" in as few words as a person needs."""
    name, _, how = device.partition(" ")
    if name in ("", "auto"):
        return ""
    return translate("{device} 4-bit", device=name.upper()) if "4-bit" in how else name.upper()


def _device(status: Status) -> str:
    """Pages that a server reads are read on another machine, which has a name."""
    if status.is_read_elsewhere:
        return translate("reading on {name}", name=shorten(replace_unprintable(status.device), 40))
    return short_device(status.device)


def describe_download(download: DownloadProgress) -> str:
    return percent(download.done / download.total) if download.total else translate("starting")


def describe_problem(document: DocumentRecord) -> str:
    """What went wrong, with the document's name in it."""
    if document.sentence:
        return translate_sentence(document.sentence)
    return translate("{name} is read, but for some of its pages.", name=document.path.name)


def describe_model(model: ModelChoice) -> str:
    size = spoken().number(model.size / 1e9, 1)
    return translate("Download {title} ({size} GB)", title=model.title, size=size)


def describe_merits(model: ModelChoice) -> Iterator[str]:
    """What the catalogue says of it: what it is good at, in which languages, how well and how fast."""
    if model.good_at:
        yield translate("Good at: {what}", what=translate(model.good_at))
    if model.languages:
        yield translate("Languages: {languages}", languages=translate(model.languages))
    if model.score:
        yield translate("Score: {score} ({source})", score=model.score, source=model.score_source)
    if model.pages_a_minute:
        digits = 0 if model.pages_a_minute % 1 == 0 else 1
        number = spoken().number(model.pages_a_minute, digits)
        yield translate("{number} pages a minute on two cores", number=number)
    yield translate("Licence: {name}", name=model.licence)


def describe_errands(status: Status) -> str:
    return translate_many(
        "{count} errand failed or waits.", "{count} errands failed or wait.", status.errands_unfinished
    )


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
    number = min(status.batch_done + 1, status.batch_total)
    return translate("{number} of {total}", number=number, total=status.batch_total)


def _places(reading: tuple[PageInProgress, ...]) -> str:
    """The first ones by name; how many there are where these are not all."""
    names = ", ".join([*map(_place, reading[:_MANY]), *(["…"] if len(reading) > _MANY else [])])
    if len(reading) <= _MANY:
        return names
    return translate_many("{count} page: {names}", "{count} pages: {names}", len(reading), names=names)


def _place(reading: PageInProgress) -> str:
    name = shorten(replace_unprintable(reading.name), 40)
    if reading.pages <= 1:
        return name
    return translate("{name} page {page} of {pages}", name=name, page=reading.page, pages=reading.pages)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
