"""Keep the figures of a note in the folder beside it, as the note is kept.

The journal is told first. A figure that somebody edited is left alone; any other goes when the note
shows it no more.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

from papertray.daemon.files import PrivateNames, put_file, remove_unedited, sha256_of
from papertray.daemon.journal import Journal
from papertray.daemon.journal.outputs import OutputRecord
from papertray.daemon.notes.names import assets_folder
from papertray.daemon.records import DocumentRecord
from papertray.engine.beneath import FileBeneath
from papertray.engine.markdown import figure_file

_EMPTY = hashlib.sha256(b"").hexdigest()

Beneath = Callable[[Path, DocumentRecord], FileBeneath]


class FigureKeeper:
    def __init__(self, journal: Journal, names: PrivateNames, beneath: Beneath) -> None:
        self._journal = journal
        self._names = names
        self._beneath = beneath

    def put(self, document: DocumentRecord, note: Path) -> str:
        """What there is to say of them."""
        wanted = self._wanted(document, note)
        known = self._journal.outputs.figures_of(document.id)
        edited = {path for path in wanted if path in known and self._is_edited(document, known[path])}
        hashes = {path: hashlib.sha256(png).hexdigest() for path, png in wanted.items() if path not in edited}
        if hashes:
            self._journal.outputs.announce_figures(document.id, hashes)
        for path in hashes:
            put_file(wanted[path], path, self._names, over=True, root=self._beneath(path, document).root)
        if hashes:
            self._journal.outputs.confirm(document.id, *hashes)
        return " ".join(f"{path.name} was edited, so it was left alone." for path in sorted(edited))

    def remove_surplus(self, document: DocumentRecord, note: Path) -> None:
        """Once the note stands that does not show them any more."""
        wanted = self._wanted(document, note)
        for path, record in self._journal.outputs.figures_of(document.id).items():
            if path.parent == assets_folder(note) and path not in wanted:
                hashes = {record.sha256, record.next_sha256} - {""}
                remove_unedited(self._beneath(path, document), hashes, self._names)
                self._journal.outputs.forget(document.id, path)

    def _wanted(self, document: DocumentRecord, note: Path) -> dict[Path, bytes]:
        figures = self._journal.notes.figures(document.id)
        return {assets_folder(note) / figure_file(page, figure.name): figure.png for page, figure in figures}

    def _is_edited(self, document: DocumentRecord, figure: OutputRecord) -> bool:
        stands = sha256_of(self._beneath(figure.path, document))
        return stands not in (None, figure.sha256, figure.next_sha256, _EMPTY)
