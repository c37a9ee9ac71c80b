"""Models on their way: fetched in threads of their own, shown in the status, stopped on request.

What libraries they need is installed first, where a person has agreed to that.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

from loguru import logger

from papertray.daemon.status import DownloadProgress, Trouble
from papertray.engine.errors import DownloadError, DownloadStopped, PapertrayError, WeightsError
from papertray.engine.models.catalog import CatalogEntry, find_part
from papertray.engine.models.gguf import find_download
from papertray.engine.models.hub import FetchProgress
from papertray.engine.models.libraries import (
    NEEDED,
    InstallPlan,
    LibrariesMissing,
    install_libraries,
    missing_libraries,
    needed_libraries,
    plan_for_machine,
)

WARNING = "WARNING:"
"""How pip begins what is for whoever looks after the machine, and not how far it is."""
_STOP_SECONDS = 1.0


class ModelSource(Protocol):
    """Where models come from: `papertray.engine.models.weights.Weights`."""

    def pull(
        self,
        name: str,
        progress: Callable[[FetchProgress], None] = ...,
        cancel: threading.Event | None = None,
    ) -> bool: ...

    def presence(self, entry: CatalogEntry) -> Literal["yes", "partly", "no"]: ...


@dataclass(slots=True)
class _Download:
    cancel: threading.Event = field(default_factory=threading.Event)
    done: int = 0
    total: int = 0
    installing: str = ""
    thread: threading.Thread | None = None


class Downloads:
    """`missing` tells which of the libraries that a model needs are not here: whoever asks is told at once.

    `plan` says what would install them.
    """

    def __init__(
        self,
        source: ModelSource,
        missing: Callable[[tuple[str, ...]], tuple[str, ...]] = missing_libraries,
        plan: Callable[[tuple[str, ...]], InstallPlan] = plan_for_machine,
    ) -> None:
        self._source = source
        self._missing = missing
        self._plan = plan
        self._one_installs = threading.Lock()
        self._lock = threading.Lock()
        self._downloads: dict[str, _Download] = {}
        self._failed: dict[str, Trouble] = {}

    def begin(self, model: str) -> str:
        """Fetch it, or go on; the model's proper name. One that is on its way already stays so."""
        row = _find_row(model)
        if missing := self._missing(needed_libraries(row)):
            advice = f"`papertray models pull {row.name}` in a terminal installs them, then fetches it."
            raise LibrariesMissing(missing, advice)
        return self._start(row)

    def begin_with_libraries(self, model: str) -> str:
        """The same, where a person agreed that what is missing is installed first."""
        row = _find_row(model)
        needed = needed_libraries(row)
        if (missing := self._missing(needed)) and not (plan := self._plan(needed)).command:
            raise LibrariesMissing(missing, plan.advice)
        return self._start(row)

    def install_line(self) -> str:
        """What would install the libraries that large models need and that are missing.

        Nothing where none is missing, or only a person can.
        """
        if not self._missing(NEEDED):
            return ""
        plan = self._plan(NEEDED)
        return plan.line if plan.command else ""

    def _start(self, row: CatalogEntry) -> str:
        with self._lock:
            self._failed.pop(row.name, None)
            if row.name not in self._downloads:
                download = self._downloads[row.name] = _Download(total=row.size)
                download.thread = threading.Thread(
                    target=self._fetch, args=(row.name, download), name=f"download {row.name}", daemon=True
                )
                download.thread.start()
        return row.name

    def cancel(self, model: str) -> bool:
        """Whether there was something to stop. What arrived is kept."""
        with self._lock:
            download = self._downloads.get(find_download(model).name)
        if download is not None:
            download.cancel.set()
        return download is not None

    def now(self) -> tuple[DownloadProgress, ...]:
        with self._lock:
            return tuple(
                DownloadProgress(name, download.done, download.total, download.installing)
                for name, download in self._downloads.items()
            )

    def trouble(self, name: str) -> Trouble | None:
        """Why this model could not be fetched, until it is tried again, or is here by another way."""
        return dict(self._troubles()).get(name)

    def troubles(self) -> Iterator[Trouble]:
        return (trouble for _name, trouble in self._troubles())

    def _troubles(self) -> Iterator[tuple[str, Trouble]]:
        with self._lock:
            failed = tuple(self._failed.items())
        return ((name, trouble) for name, trouble in failed if not self._is_here(name))

    def _is_here(self, name: str) -> bool:
        """With all that belongs to it: another process may have fetched it."""
        entry = find_download(name)
        parts = (entry, *((find_part(entry.finder),) if entry.finder else ()))
        return all(self._source.presence(part) == "yes" for part in parts)

    def close(self) -> None:
        with self._lock:
            downloads = tuple(self._downloads.values())
        for download in downloads:
            download.cancel.set()
        for download in downloads:
            if download.thread is not None:
                download.thread.join(_STOP_SECONDS)

    def _install_missing(self, row: CatalogEntry, download: _Download) -> None:
        """One installer at a time: two would be in each other's way."""

        def show(line: str) -> None:
            if not line.startswith(WARNING):
                download.installing = line.strip() or download.installing

        needed = needed_libraries(row)
        with self._one_installs:
            if not self._missing(needed):
                return
            plan = self._plan(needed)
            download.installing = plan.line
            try:
                install_libraries(plan, show, cancel=download.cancel)
            except DownloadError:
                if download.cancel.is_set():
                    raise DownloadStopped(row.name) from None
                raise
            finally:
                download.installing = ""

    def _fetch(self, name: str, download: _Download) -> None:
        def progress(now: FetchProgress) -> None:
            download.done, download.total = now.all_done, now.all_total

        trouble = None
        try:
            self._install_missing(find_download(name), download)
            self._source.pull(name, progress, download.cancel)
        except DownloadStopped:
            logger.info("the download of {} was stopped", name)
        except PapertrayError as problem:
            logger.warning("{} could not be fetched: {}", name, problem)
            trouble = Trouble.of(problem)
        except Exception as problem:
            logger.exception("{} could not be fetched", name)
            trouble = Trouble(
                f"{name} could not be fetched, and papertray does not know why ({type(problem).__name__}).",
                "The log says more: `papertray logs`.",
            )
        with self._lock:
            del self._downloads[name]
            if trouble is not None:
                self._failed[name] = trouble


def _find_row(model: str) -> CatalogEntry:
    row = find_download(model)
    if not row.has_weights:
        raise WeightsError(f"{row.title} is part of papertray.", "There is nothing to fetch.")
    return row
