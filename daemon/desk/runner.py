"""Run a desk, and a new one whenever the settings change; meanwhile publish how it goes.

Follows what other processes ask through the journal. Outlives every desk.
"""

import threading
from collections.abc import Callable, Iterable

from loguru import logger

from papertray.daemon.board import StatusPublisher
from papertray.daemon.desk.desk import Desk
from papertray.daemon.downloads import Downloads
from papertray.daemon.journal import Journal
from papertray.daemon.reading.slot import ReaderSource
from papertray.daemon.settings import Settings
from papertray.daemon.status import Trouble
from papertray.engine.errors import PapertrayError

TICK = 0.5  # seconds between two looks at what others ask, and between two statuses
_FIRST_LOOK = 2.0  # seconds that the first status waits for the folders: before, none seems to be there
_STOP_SECONDS = 4.0


class DeskRunner:
    """`other_troubles` are those of parts that are not the desk's."""

    def __init__(
        self,
        journal: Journal,
        readers: ReaderSource,
        load_settings: Callable[[], Settings],
        downloads: Downloads,
        publisher: StatusPublisher,
        other_troubles: Callable[[], Iterable[Trouble]],
    ) -> None:
        self._journal = journal
        self._readers = readers
        self._load_settings = load_settings
        self._downloads = downloads
        self._publisher = publisher
        self._other_troubles = other_troubles
        self._settings_trouble: Trouble | None = None

    def run(self, settings: Settings, stop: threading.Event) -> Settings | None:
        """Until `stop`, which gives None, or until the settings change, which gives the new ones."""
        desk = Desk(settings, self._journal, self._readers)
        self._settings_trouble = None
        try:
            desk.start()
            return self._follow(desk, stop)
        finally:
            self._close(desk, stop)

    def _follow(self, desk: Desk, stop: threading.Event) -> Settings | None:
        changes, reload = -1, self._journal.requests.last_reload()
        desk.wait_for_folders(_FIRST_LOOK)
        self._publish(desk)
        while not stop.wait(TICK):
            if (changes_now := self._journal.store.changes_elsewhere()) != changes:
                changes = changes_now
                desk.wake()
                if (reload_now := self._journal.requests.last_reload()) != reload:
                    reload = reload_now
                    if (settings := self._changed_settings(desk)) is not None:
                        return settings
            self._publish(desk)
        self._publish(desk)  # what came in the last moment is told as well
        return None

    def _changed_settings(self, desk: Desk) -> Settings | None:
        """The settings as they are now, if they make sense and are not those in force."""
        try:
            settings = self._load_settings()
        except PapertrayError as problem:
            logger.error("the settings were not taken: {}", problem)
            self._settings_trouble = Trouble.of(problem, "Until then the old settings hold.")
            return None
        self._settings_trouble = None
        return settings if settings != desk.settings else None

    def _close(self, desk: Desk, stop: threading.Event) -> None:
        """The next desk shall find the page given back and the memory free, however long a token takes."""
        desk.stop()
        while not (stop.is_set() or desk.wait_for_reader(TICK)):
            self._publish(desk)
        if not desk.wait(_STOP_SECONDS):
            logger.warning("a page was not given back in time; it is read again at the next start")

    def _publish(self, desk: Desk) -> None:
        settings_trouble = filter(None, (self._settings_trouble,))
        troubles = (*self._other_troubles(), *self._downloads.troubles(), *settings_trouble)
        self._publisher.publish(desk.status(troubles, self._downloads.now()))
