"""Whether a watched folder is there, and how it is watched.

Folders are unmounted, renamed, deleted and come back; observers die; the system lends only so many watches.
Asked every few seconds, this keeps eyes on the folder that is there now, or says in a sentence why not.
"""

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

from loguru import logger
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from papertray.daemon.folders.mounts import Mount, list_mounts, reports_events
from papertray.daemon.folders.observer import FolderObserver
from papertray.daemon.folders.probe import FolderIdentity, FolderProbe
from papertray.daemon.settings import FolderSettings

TRY_AGAIN = 300.0  # seconds until watches are asked for again where there were none left
NATIVE = ("linux", "darwin", "win32")  # elsewhere watching costs a descriptor for each file

GONE = "{path} is not there. Connect the drive or create the folder; it is picked up by itself."
DENIED = (
    "papertray has no permission to read {path}. Allow it; "
    "on macOS under System Settings, Privacy & Security, Files and Folders."
)
SILENT = (
    "{path} does not answer: permission is denied, or a network drive is away. Look for a question from the "
    "system; on macOS see System Settings, Privacy & Security, Files and Folders."
)
PROBLEMS = {
    errno.ENOENT: GONE,
    errno.ENODEV: GONE,
    errno.ENOTDIR: "{path} is not a folder. Move the file away, or change the settings.",
    errno.EACCES: DENIED,
    errno.EPERM: DENIED,
    errno.ETIMEDOUT: SILENT,
}
LIMITS = {
    errno.ENOSPC: "fs.inotify.max_user_watches=1048576",
    errno.EMFILE: "fs.inotify.max_user_instances=1024",
}


def problem_sentence(path: Path, problem: OSError) -> str:
    number = errno.ETIMEDOUT if isinstance(problem, TimeoutError) else problem.errno
    template = PROBLEMS.get(number or 0, "{path} cannot be read: {reason}. papertray keeps trying.")
    return template.format(path=path, reason=problem.strerror)


def limit_sentence(path: Path, problem: OSError) -> str:
    """Why a folder is polled although it could be watched. ENOSPC says 'disk full', and does not mean it."""
    knob = LIMITS.get(problem.errno or 0)
    if knob:
        why, advice = (
            f"Linux lends papertray no more watches for {path}",
            f" Raise the limit: `sudo sysctl {knob}`.",
        )
    else:
        why, advice = f"{path} cannot be watched ({problem.strerror})", ""
    return f"{why}; it is looked through every few seconds instead.{advice}"


class FolderPresence:
    """`watch` is "native", "poll" or "gone"; `problem` is empty while all is well."""

    def __init__(
        self,
        folder: FolderSettings,
        on_change: Callable[[Path], None],
        probe: FolderProbe,
        make_observer: Callable[[], BaseObserver] = Observer,
        read_mounts: Callable[[], list[Mount]] = list_mounts,
    ) -> None:
        self.watch = "gone"
        self.problem = ""
        self._folder = folder
        self._on_change = on_change
        self._probe = probe
        self._make_observer = make_observer
        self._read_mounts = read_mounts
        self._identity: FolderIdentity | None = None
        self._observer: FolderObserver | None = None
        self._retry_at: float | None = None  # when to ask for watches once more

    def refresh(self, now: float) -> bool:
        """See to it that the folder is watched. True when it is watched anew: all of it must be looked at."""
        try:
            identity = self._probe.answer()
            if identity == self._identity and self._is_watched(now):
                return False
            self._start_watching(now)
        except OSError as problem:
            self._mark_gone(problem)
            return False
        self._identity = identity
        return True

    def close(self) -> None:
        if self._observer:
            self._observer.close()
        self._observer = None

    def _is_watched(self, now: float) -> bool:
        if self._observer:
            return self._observer.is_alive()
        return self._retry_at is None or now < self._retry_at

    def _start_watching(self, now: float) -> None:
        self.close()
        self.watch, self.problem, self._retry_at = "poll", "", None
        path = self._folder.path
        if self._can_be_observed():
            try:
                self._observer = FolderObserver(
                    path, self._folder.recursive, self._on_change, self._make_observer
                )
                self.watch = "native"
            except FileNotFoundError:
                raise
            except OSError as problem:
                self.problem, self._retry_at = limit_sentence(path, problem), now + TRY_AGAIN
                logger.warning("{}", self.problem)
        logger.info("Watching {} ({})", path, self.watch)

    def _can_be_observed(self) -> bool:
        wanted = self._folder.watch
        if wanted == "auto":
            return sys.platform in NATIVE and reports_events(
                Path(os.path.realpath(self._folder.path)), self._read_mounts()
            )
        return wanted == "native"

    def _mark_gone(self, problem: OSError) -> None:
        self.close()
        before, self.problem = self.problem, problem_sentence(self._folder.path, problem)
        self.watch, self._identity = "gone", None
        if before != self.problem:
            logger.warning("{}", self.problem)
