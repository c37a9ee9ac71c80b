"""The claims of one watched folder: how several papertrays agree, each document being read by one of them.

Whoever has work in the folder shows a sign of life there, and looks who else does. Alone, it reads on without
any claim. Where there are others, each waits until all of them have seen it, for from then on they claim what
they have in hand; and claims what it reads itself. The dead are told by signs that no longer change.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from loguru import logger

from papertray.daemon.claims.claimant import Claimant, new_start
from papertray.daemon.claims.claims_folder import ClaimsFolder, ClaimsSeen, SignOfLife
from papertray.daemon.claims.neighbours import Neighbours
from papertray.daemon.records import DocumentRecord

_CLAIM_SECONDS = 2.0  # so long claims are made between two signs of life
_TRY_AGAIN = 60.0  # seconds until a folder that takes no claims is asked again


@dataclass(slots=True)
class Admission:
    """Which documents are ours to read now, and where the others are: their ids, with the name of a host."""

    ours: list[DocumentRecord]
    elsewhere: dict[int, str]


class FolderClaims:
    """Not for several threads at once. `clock` is our own, and compared with no other."""

    def __init__(self, root: Path, me: Claimant, clock: Callable[[], float]) -> None:
        self._root = root
        self._clock = clock
        self._files = ClaimsFolder(root)
        self._me = me
        self._neighbours = Neighbours(me, self._files.sign_of)
        self._known: frozenset[str] = frozenset()  # of the neighbours: who may count on our claims
        self._seen = ClaimsSeen()
        self._mine: dict[str, tuple[int, set[int]]] = {}  # key: turn, documents
        self._beat = 0
        self._is_shown = False
        self._closed_until: float | None = None

    @property
    def documents(self) -> frozenset[int]:
        """Those that are claimed by us."""
        return frozenset().union(*(documents for _, documents in self._mine.values()))

    def is_shared(self) -> bool:
        """Whether somebody else is here, as far as was seen."""
        return bool(self._neighbours.living(self._clock()))

    def has_traces(self) -> bool:
        """Whether somebody is or was at work here: another, or we in a life that was cut short."""
        return self._files.exists()

    def enter(self) -> bool:
        """Show that we are here; whether somebody else is. In a folder that takes no files nobody is."""
        if not self._is_shown and (self._closed_until is None or self._clock() >= self._closed_until):
            try:
                self._show()
                self._look()
            except OSError as problem:
                if self._closed_until is None:
                    logger.info("{} takes no claims, it is read as if alone: {}", self._root, problem)
                self._closed_until = self._clock() + _TRY_AGAIN
            else:
                self._is_shown = True
        return self.is_shared()

    def admit(self, documents: Sequence[DocumentRecord]) -> Admission:
        """What of these may be opened now: all when nobody else is here, else those that we can claim."""
        if not self.enter():
            return Admission(list(documents), {})
        if not self._neighbours.all_know_me(self._clock()):
            living = self._neighbours.living(self._clock())
            host = next((one.sign.claimant.host for one in living if one.sign), "")
            return Admission([], {document.id: host for document in documents})
        admission = Admission([], {})
        for document in documents:
            holder = self._claim(document)
            if holder is None:
                admission.ours.append(document)
            else:
                admission.elsewhere[document.id] = holder
        return admission

    def beat(self, in_hand: Callable[[], Sequence[DocumentRecord]]) -> list[int]:
        """Live on. All in hand is claimed before newcomers are known; what is not ours is returned."""
        if not self._is_shown:
            return []
        self._look()
        if self._me.id not in self._seen.signs:  # others took us for dead: this machine slept, perhaps
            self._begin_life(replace(self._me, start=new_start()))
            self._show()
            self._look()
            return [document.id for document in in_hand()]
        lost = self._lost()
        newcomers = self._neighbours.ids() - self._known
        if not newcomers or self._claim_all(in_hand(), lost):
            self._known = self._neighbours.ids()
        self._show()
        return lost

    def release(self, ended: Collection[int]) -> None:
        """These documents are done, or nobody's any more."""
        for key, (turn, documents) in list(self._mine.items()):
            documents.difference_update(ended)
            if not documents:
                self._files.release(key, turn)
                del self._mine[key]

    def leave(self) -> None:
        """Nothing is left to do here, for now. What is left by one who died beside us is still taken away."""
        if not self._is_shown:
            if self._neighbours.ids():
                self._look()
                self._files.tidy()
            return
        self._look()  # who came since the last beat may die unseen by anybody else
        self._is_shown = False
        for key, (turn, _) in self._mine.items():
            self._files.release(key, turn)
        self._files.remove_sign(self._me.id)
        self._files.tidy()
        self._known, self._seen, self._mine = frozenset(), ClaimsSeen(), {}

    def _begin_life(self, me: Claimant) -> None:
        self._me = me
        self._neighbours = Neighbours(me, self._files.sign_of)
        self._known, self._seen, self._mine = frozenset(), ClaimsSeen(), {}

    def _look(self) -> None:
        self._seen = self._files.look()
        self._neighbours.update(self._seen.signs, self._clock())
        for claimant in self._neighbours.dead(self._clock()):
            logger.info("a papertray at work in {} has ended; what it claimed is free", self._root)
            self._files.remove_sign(claimant)
            self._neighbours.drop(claimant)

    def _show(self) -> None:
        self._beat += 1
        self._files.show(SignOfLife(self._me, self._beat, self._known))

    def _lost(self) -> list[int]:
        """Claims that another has taken over."""
        lost: list[int] = []
        for key, (turn, documents) in list(self._mine.items()):
            if self._seen.claims.get(key) != turn:
                lost += documents
                del self._mine[key]
        return lost

    def _claim_all(self, documents: Sequence[DocumentRecord], lost: list[int]) -> bool:
        """Whether there was time for all, before the next beat is due. `lost` grows by what is not ours."""
        until = self._clock() + _CLAIM_SECONDS
        for document in documents:
            if self._clock() > until:
                return False
            if document.id not in lost and self._claim(document) is not None:
                lost.append(document.id)
        return True

    def _claim(self, document: DocumentRecord) -> str | None:
        """None when the document is ours; else the host that has it, as far as is known."""
        key = _key_of(document)
        if key in self._mine:
            self._mine[key][1].add(document.id)
            return None
        turn = self._seen.claims.get(key, 0)
        if turn and (holder := self._holder(key, turn)) is not None:
            return holder
        if not self._files.claim(key, turn + 1, self._me, _describe(document)):
            quicker = self._files.claimant_of(key, turn + 1)
            return quicker[1] if quicker else ""
        self._mine[key] = (turn + 1, {document.id})
        self._seen.claims[key] = turn + 1
        if turn:
            self._files.release(key, turn)
        return None

    def _holder(self, key: str, turn: int) -> str | None:
        """The host of a claim that stands; None when nobody stands behind it any more."""
        found = self._files.claimant_of(key, turn)
        if found is None:
            return ""  # gone since the last look: the next one says what is there now
        claimant, host = found
        if not claimant:
            return None if self._neighbours.waited_for_unknown(key, turn, self._clock()) else host
        if claimant == self._me.id:
            return None
        if self._neighbours.is_living(claimant, self._clock()) or self._files.is_shown(claimant):
            return host
        return None


def _key_of(document: DocumentRecord) -> str:
    """The same on every machine, however its system composes accents."""
    name = unicodedata.normalize("NFC", document.path.relative_to(document.folder).as_posix())
    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:24]


def _describe(document: DocumentRecord) -> dict[str, object]:
    path = document.path.relative_to(document.folder).as_posix().encode("utf-8", "replace").decode()
    return {"document": path, "size": document.size, "mtime_ns": document.mtime_ns}
