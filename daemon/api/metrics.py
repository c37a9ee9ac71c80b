"""The status in Prometheus' text format."""

from collections.abc import Iterator, Mapping

from papertray.daemon.status import Activity, DocumentState, Status

_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def metrics(status: Status) -> str:
    return "".join(f"{line}\n" for line in _lines(status))


def _lines(status: Status) -> Iterator[str]:
    yield from _gauge("papertray_info", "Version and reader.", _info(status))
    yield from _gauge("papertray_started_seconds", "When it started, since 1970.", {"": status.started})
    yield from _gauge(
        "papertray_activity",
        "1 for what it does now.",
        {_label("activity", name): int(name == status.activity) for name in Activity},
    )
    yield from _gauge(
        "papertray_documents",
        "Documents by where they stand.",
        {
            _label("state", state): status.counts.get(state, 0)
            for state in DocumentState
            if state != DocumentState.FORGOTTEN
        },
    )
    yield from _gauge("papertray_pages_in_hand", "Pages being read.", {"": len(status.reading)})
    yield from _gauge("papertray_troubles", "Things a person should look at.", {"": len(status.troubles)})
    yield from _gauge(
        "papertray_folders_gone",
        "Watched folders that are not there.",
        {"": sum(folder.watch == "gone" for folder in status.folders)},
    )


def _info(status: Status) -> dict[str, float]:
    labels = {"version": status.version, "reader": status.reader, "device": status.device}
    return {",".join(_label(name, value) for name, value in labels.items()): 1}


def _gauge(name: str, about: str, values: Mapping[str, float]) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} gauge"
    for labels, value in values.items():
        yield f"{name}{{{labels}}} {value}" if labels else f"{name} {value}"


def _label(name: str, value: str) -> str:
    return f'{name}="{value.translate(_ESCAPES)}"'
