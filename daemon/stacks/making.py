"""Put what was made of a pile beside it, where it is a document like every other.

A process may end at any point: what was put there before is known by its bytes, wherever it has gone since.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from papertray.daemon.files import Roots, numbered_names, sha256_of
from papertray.daemon.journal import Journal
from papertray.daemon.records import DocumentRecord, FoundFile
from papertray.engine.documents import Fingerprint

PutPart = Callable[[DocumentRecord, Path, bytes], None]
"""Puts bytes at a place where nothing is; FileExistsError if something is."""


class PartMaker:
    def __init__(self, journal: Journal, roots: Roots, put: PutPart) -> None:
        self._journal = journal
        self._roots = roots
        self._put = put

    def make(self, document: DocumentRecord, wanted: Path, content: bytes) -> Path:
        """Where it is, or was before it was read and moved on. It has arrived then."""
        sha256 = hashlib.sha256(content).hexdigest()
        for place in numbered_names(wanted):
            known = self._journal.arrivals.at(place)
            if known and known.sha256 == sha256 and (known.archived or os.path.lexists(place)):
                return place
            if sha256_of(self._roots.beneath(place, document.folder)) != sha256:
                if known and known.sha256 != sha256:
                    continue
                try:
                    self._put(document, place, content)
                except FileExistsError:
                    continue
            self._journal.arrivals.add([FoundFile(document.folder, place, Fingerprint.of(place.stat()))])
            return place
        raise AssertionError("names do not end")


def part_names(pile: Path, count: int) -> Iterator[Path]:
    """`scan.1.pdf`, `scan.2.pdf`: in order also where names are sorted letter by letter."""
    digits = len(str(count))
    for number in range(1, count + 1):
        yield pile.with_name(f"{pile.stem}.{number:0{digits}}.pdf")
