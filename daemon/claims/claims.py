"""The claims of all watched folders: asked before a document is opened, kept alive while it is in hand.

Shows a sign of life in every folder where there is work, and takes it away when there is none; where no other
papertray is at work it costs nothing for each document. What turns out to be another's goes back in the
journal to where it waits to be opened.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from loguru import logger

from papertray.daemon.claims.claimant import Claimant
from papertray.daemon.claims.folder_claims import FolderClaims
from papertray.daemon.journal import Journal
from papertray.daemon.records import DocumentRecord

BEAT = 1.0
_FIRST_LOOK = 10.0  # seconds that reading waits for it: a share that hangs must not hold up the other folders
WAIT_SECONDS, _WAIT_SHARE = 2.0, 0.005  # for what another has: the longer, the more there is of it


class Claims:
    """`on_change` is called when what waits may be tried again; `find_note` finds the note of some bytes."""

    def __init__(
        self,
        roots: Iterable[Path],
        journal: Journal,
        me: Claimant,
        find_note: Callable[[DocumentRecord, str], Path | None],
        on_change: Callable[[], None],
        clock: Callable[[], float],
    ) -> None:
        self._folders = {root: FolderClaims(root, me, clock) for root in roots}
        self._journal = journal
        self._find_note = find_note
        self._on_change = on_change
        self._lock = threading.Lock()
        self._opening: dict[int, DocumentRecord] = {}
        self._awaited: set[Path] = set()  # folders in which others had what we were about to open
        self._problems: dict[Path, str] = {}  # what could not be said in a folder, logged once
        self._ready = threading.Event()

    def run(self, stop: threading.Event, finish: Callable[[], object]) -> None:
        """Until stopped; when `finish` has waited for what is in hand, nothing of ours is left there."""
        try:
            self.begin()
            while not stop.wait(BEAT):
                self.beat()
            finish()
        finally:
            for root in self._folders:
                self._guarded(root, self._leave)

    def begin(self) -> None:
        """See whether what was in hand when we last ended has become another's since."""
        try:
            for root in self._folders:
                self._guarded(root, self._begin)
        finally:
            self._ready.set()

    def wait_until_ready(self) -> None:
        """Until it is known whether what was in hand at the last end may be read on."""
        self._ready.wait(_FIRST_LOOK)

    @contextmanager
    def admitted(self, documents: Sequence[DocumentRecord]) -> Iterator[list[DocumentRecord]]:
        """Those of the documents that are ours to open, until the block ends. Uploads always are."""
        ours: list[DocumentRecord] = []
        elsewhere: dict[int, str] = {}
        by_root: dict[Path, list[DocumentRecord]] = defaultdict(list)
        for document in documents:
            by_root[document.folder].append(document)
        with self._lock:
            for root, here in by_root.items():
                if root not in self._folders:
                    ours += here
                    continue
                try:
                    admission = self._folders[root].admit(here)
                except OSError as problem:
                    self._log(root, problem)
                    elsewhere |= dict.fromkeys((document.id for document in here), "")
                else:
                    ours += admission.ours
                    elsewhere |= admission.elsewhere
                    self._awaited.discard(root)
                    if admission.elsewhere:
                        self._awaited.add(root)
            self._opening = {document.id: document for document in ours}
        if elsewhere:
            self._journal.claims.wait_for_others(elsewhere, WAIT_SECONDS + _WAIT_SHARE * len(elsewhere))
        try:
            yield ours
        finally:
            with self._lock:
                self._opening = {}

    def beat(self) -> None:
        """Live on where there is work, and end where there is none."""
        for root in self._folders:
            busy = self._journal.claims.has_work(root)
            self._guarded(root, self._live_on if busy or self._opens_in(root) else self._leave)

    def _begin(self, root: Path) -> None:
        folder = self._folders[root]
        in_hand = self._journal.claims.in_hand(root)
        shared = (in_hand or folder.has_traces()) and folder.enter()
        doubtful = [document.id for document in in_hand if shared or self._has_foreign_note(document)]
        self._journal.claims.give_up(doubtful)

    def _has_foreign_note(self, document: DocumentRecord) -> bool:
        """Whether another has put its note in place: one that was never written by us has none else."""
        if document.note is not None or document.next_note is not None:
            return False
        return self._find_note(document, document.sha256) is not None

    def _live_on(self, root: Path) -> None:
        folder = self._folders[root]
        folder.enter()
        if claimed := folder.documents:
            folder.release(claimed - self._journal.claims.unfinished(claimed) - self._opening.keys())
        lost = folder.beat(lambda: self._in_hand(root))
        if lost:
            logger.info("{} documents in {} are read by another papertray", len(lost), root)
            self._journal.claims.give_up(lost)
        if lost or folder.is_shared() or root in self._awaited:  # the others may have left since
            self._on_change()

    def _leave(self, root: Path) -> None:
        self._folders[root].leave()

    def _in_hand(self, root: Path) -> list[DocumentRecord]:
        """What is being opened first: meanwhile it may come to be among what is opened, never the reverse."""
        opening = [document for document in self._opening.values() if document.folder == root]
        return [*opening, *self._journal.claims.in_hand(root)]

    def _opens_in(self, root: Path) -> bool:
        return any(document.folder == root for document in self._opening.values())

    def _guarded(self, root: Path, work: Callable[[Path], None]) -> None:
        """A folder may be gone, or full: what cannot be said there now is said at the next beat."""
        with self._lock:
            try:
                work(root)
            except OSError as problem:
                self._log(root, problem)
            else:
                self._problems.pop(root, None)

    def _log(self, root: Path, problem: OSError) -> None:
        if self._problems.get(root) != str(problem):
            self._problems[root] = str(problem)
            logger.info("{} takes no claims now: {}", root, problem)
