"""Be the daemon of a home: hold its lock, open its journal, serve its API, run its desks.

What the foreground and the Windows service begin. What differs between them and the tests is passed in:
where readers come from, how settings are loaded, who is shown the status.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TextIO

import filelock
from loguru import logger

from papertray.daemon.api.server import ApiServer
from papertray.daemon.board import StatusBoard, StatusPublisher
from papertray.daemon.desk.runner import DeskRunner
from papertray.daemon.downloads import Downloads
from papertray.daemon.errors import DaemonRunning, JournalDamaged, OwnFolderUnusable
from papertray.daemon.journal import Journal, set_damaged_aside
from papertray.daemon.journal.care import JournalCare
from papertray.daemon.journal.soundness import Look, look_at_start, look_through
from papertray.daemon.language import speak_language_of
from papertray.daemon.logs import start_logging
from papertray.daemon.places import Places
from papertray.daemon.reading.slot import ReaderSource
from papertray.daemon.search.keeper import SearchKeeper
from papertray.daemon.settings import Settings, load_settings
from papertray.daemon.status import Status, Trouble
from papertray.daemon.threads import GuardedThread
from papertray.engine.models.weights import Weights

_LOCK_SECONDS = 2.0
_CARE_SECONDS = 1.0  # for what looks after journal and index to end by itself
_JOURNALS = 4  # that may turn out to be damaged, one after the other; then it is the disk


def run_daemon(
    places: Places,
    readers: ReaderSource,
    load: Callable[[], Settings],
    show_status: Callable[[Status], None],
    stop: threading.Event,
) -> None:
    """Be the one daemon of this home until `stop`. A journal that turns out to be damaged is set aside."""
    with hold_lock(places):
        settings = load()
        damage = _set_damaged_journal_aside(places, look_at_start)
        for lives in reversed(range(_JOURNALS)):
            try:
                _run_desks(places, readers, settings, load, show_status, stop, damage)
            except JournalDamaged as problem:
                if not lives:
                    raise
                logger.error("{}", problem)
                damage += _set_damaged_journal_aside(places, look_through)
            else:
                return


def _run_desks(
    places: Places,
    readers: ReaderSource,
    settings: Settings,
    load: Callable[[], Settings],
    show_status: Callable[[Status], None],
    stop: threading.Event,
    damage: tuple[Trouble, ...],
) -> None:
    """A desk, and a new one whenever the settings change; raises JournalDamaged as soon as it is seen."""
    with ExitStack() as stack:
        places.runtime.unlink(missing_ok=True)  # of a process that was killed
        stack.callback(places.runtime.unlink, missing_ok=True)
        journal = stack.enter_context(closing(Journal.open(places.journal)))
        journal.uploads.clear()
        stack.callback(places.status.unlink, missing_ok=True)
        downloads = stack.enter_context(closing(Downloads(Weights(places.models))))
        care = stack.enter_context(_caring_for_journal(places))
        stack.enter_context(_keeping_search_index(places))
        board = StatusBoard()
        api = stack.enter_context(closing(ApiServer(places, board, downloads, stop)))
        publisher = StatusPublisher(places.status, board, show_status)

        def other_troubles() -> Iterator[Trouble]:
            journal.store.raise_if_damaged()
            care.raise_if_damaged()
            return iter((*damage, *api.troubles()))

        runner = DeskRunner(journal, readers, load, downloads, publisher, other_troubles)
        following: Settings | None = settings
        while following is not None:
            api.follow(following.api, following.serve)
            care.follow(following.journal)
            following = runner.run(following, stop)


@contextmanager
def _caring_for_journal(places: Places) -> Iterator[JournalCare]:
    end = threading.Event()
    care = JournalCare(places.journal, end)
    with _running("journal", care.run, end):
        yield care


@contextmanager
def _keeping_search_index(places: Places) -> Iterator[None]:
    end = threading.Event()
    with _running("search index", SearchKeeper(places, end).run, end):
        yield


@contextmanager
def _running(name: str, body: Callable[[], None], end: threading.Event) -> Iterator[None]:
    thread = GuardedThread(name, body, end)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join(_CARE_SECONDS)


def load_settings_and_log(places: Places, screen: TextIO | None = None) -> Settings:
    """The settings as they are now; what is logged and noted from here on is as they say."""
    settings = load_settings(places)
    speak_language_of(places)
    start_logging(places.log_file, settings.log.level, screen)
    return settings


@contextmanager
def hold_lock(places: Places) -> Iterator[None]:
    """The lock of this home, or DaemonRunning."""
    places.make()
    lock = filelock.FileLock(places.lock, timeout=_LOCK_SECONDS, mode=0o600)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise DaemonRunning(places.state) from None
    except OSError as problem:
        raise OwnFolderUnusable(places.state, problem) from problem
    try:
        yield
    finally:
        lock.release()


def _set_damaged_journal_aside(places: Places, look: Look) -> tuple[Trouble, ...]:
    aside = set_damaged_aside(places.journal, look)
    if aside is None:
        return ()
    logger.error("the journal was damaged and is kept as {}", aside.name)
    return (
        Trouble(
            f"The journal was damaged and is kept as {aside.name}; the folders are looked through afresh.",
            "There is nothing to do: documents whose note stands are not read again.",
        ),
    )
