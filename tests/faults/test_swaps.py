"""Somebody who may write into a folder swaps what papertray has seen there for links that lead out of it.

The link leads to a file of the same size and time, so a look at the path shows no difference. Nothing outside
is read into a note, served, written or removed, whatever was swapped and when.
"""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from papertray.daemon.journal.rows import SELECT_DOCUMENT, parse_document_row
from papertray.daemon.reading.page_loader import PageLoader
from papertray.daemon.records import DocumentRecord
from papertray.engine.renderer import Renderer
from tests.daemon.api.conftest import served
from tests.daemon.notes.shelf import Shelf, shelf
from tests.desks import draw
from tests.faults.system_calls import CHANGING, watch_calls
from tests.faults.torture import TORTURE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need a right there that few have")

SCAN, SECRET = "a scan in a folder", "a secret elsewhere"
STEP = 1 if TORTURE else 5

Swap = Callable[[Shelf], None]


@contextmanager
def desk_with_scan(root: Path) -> Iterator[Shelf]:
    """A scan was seen in a folder of the inbox; the same names, size and time lead to a secret elsewhere."""
    root.mkdir(exist_ok=True)
    with shelf(root, folder={"archive": root / "archive"}) as desk:
        scan = desk.inbox / "sub" / "scan.pdf"
        scan.parent.mkdir()
        scan.write_text(SCAN)
        outside(desk).mkdir()
        disguise(outside(desk) / "scan.pdf", SECRET.encode(), scan)
        desk.look()
        yield desk


def outside(desk: Shelf) -> Path:
    return desk.inbox.with_name("outside")


def disguise(path: Path, content: bytes, like: Path) -> None:
    path.write_bytes(content)
    assert path.stat().st_size == like.stat().st_size
    os.utime(path, ns=(like.stat().st_atime_ns, like.stat().st_mtime_ns))


def swap(path: Path, target: Path) -> None:
    """Once there is something to be swapped."""
    if path.exists() and not path.is_symlink():
        path.rename(path.with_name(f".{path.name} aside"))
        path.symlink_to(target)


def swap_the_file(desk: Shelf) -> None:
    swap(desk.inbox / "sub" / "scan.pdf", outside(desk) / "scan.pdf")


def swap_its_folder(desk: Shelf) -> None:
    swap(desk.inbox / "sub", outside(desk))


def swap_its_figures(desk: Shelf) -> None:
    swap(desk.inbox / "sub" / "scan.assets", outside(desk))


def swap_its_archive(desk: Shelf) -> None:
    swap(desk.inbox.with_name("archive") / "sub", outside(desk))


def the_document(desk: Shelf) -> DocumentRecord:
    """Also one that is forgotten, as what went away is."""
    (row,) = desk.journal.store.rows(SELECT_DOCUMENT)
    return parse_document_row(row)


def require_nothing_happened_outside(desk: Shelf) -> None:
    assert {place.name: place.read_text() for place in outside(desk).rglob("*")} == {"scan.pdf": SECRET}
    kept = (*desk.inbox.rglob("*.pdf*"), *desk.inbox.with_name("archive").rglob("*.pdf*"))
    assert SCAN in [path.read_text() for path in kept if not path.is_symlink()] + [
        path.read_text() for path in desk.inbox.rglob("*aside") if path.is_file()
    ]
    assert not any(SECRET in path.read_text() for path in desk.inbox.rglob("*.md"))


class Moment:
    """Swaps before the nth call to the system, and counts them all."""

    def __init__(self, number: int, monkeypatch: pytest.MonkeyPatch, swap_it: Callable[[], None]) -> None:
        self.calls = 0
        self._number = number
        self._monkeypatch = monkeypatch
        self._swap_it = swap_it

    @contextmanager
    def watched(self) -> Iterator[None]:
        with self._monkeypatch.context() as patches:
            watch_calls(patches, *REAL, before=self._before)
            yield

    def _before(self, _path: str) -> None:
        self.calls += 1
        if self.calls == self._number:
            with self._monkeypatch.context() as patches:
                for call, real in REAL.items():
                    patches.setattr(os, call, real)
                self._swap_it()


REAL = {call: getattr(os, call) for call in CHANGING if hasattr(os, call) and call != "stat"}


def try_every_moment(
    root: Path, monkeypatch: pytest.MonkeyPatch, prepare: Swap, act: Swap, swap_it: Swap
) -> int:
    """How many there are when nothing is swapped."""
    calls = number = 0
    while number <= calls:
        with desk_with_scan(root / str(number)) as desk:
            prepare(desk)
            moment = Moment(number, monkeypatch, partial(swap_it, desk))
            with moment.watched():
                act(desk)
            require_nothing_happened_outside(desk)
            calls = max(calls, moment.calls)
        number += STEP if number else 1
    return calls


@pytest.mark.parametrize("swap_it", [swap_the_file, swap_its_folder])
def test_a_source_swapped_before_it_is_opened_is_not_read(tmp_path: Path, swap_it: Swap) -> None:
    with desk_with_scan(tmp_path) as desk:
        swap_it(desk)
        desk.open_documents()
        document = the_document(desk)
        assert document.sha256 != hashlib.sha256(SECRET.encode()).hexdigest()
        assert (document.state.value, document.pages) == ("forgotten", 0)
        assert "link" in document.sentence


@pytest.mark.parametrize("swap_it", [swap_the_file, swap_its_folder])
def test_a_page_of_a_source_swapped_since_is_not_drawn(tmp_path: Path, swap_it: Swap) -> None:
    """After a restart, when no more than size and time are known of the file."""
    with shelf(tmp_path) as desk, Renderer() as renderer:
        for folder in (desk.inbox / "sub", outside(desk)):
            folder.mkdir()
            Image.new("RGB", (60, 40), "white" if folder.name == "sub" else "black").save(
                folder / "scan.pdf", "BMP"
            )
        scan, secret = desk.inbox / "sub" / "scan.pdf", outside(desk) / "scan.pdf"
        disguise(secret, secret.read_bytes(), scan)
        desk.look()
        desk.open_documents()
        swap_it(desk)
        loader = PageLoader(desk.journal, renderer, desk.journal.queue.upcoming_pages)
        assert loader.load(desk.journal.queue.ready_pages(1)) == []
        assert the_document(desk).state.value == "forgotten"
        assert "link" in the_document(desk).sentence


@pytest.mark.parametrize("swap_it", [swap_the_file, swap_its_folder])
def test_no_moment_of_a_swap_has_anything_outside_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swap_it: Swap
) -> None:
    scans = hashlib.sha256(SCAN.encode()).hexdigest()

    def open_it(desk: Shelf) -> None:
        desk.open_documents()
        assert the_document(desk).sha256 in ("", scans)

    assert try_every_moment(tmp_path, monkeypatch, lambda _desk: None, open_it, swap_it) > 8


@pytest.mark.parametrize("swap_it", [swap_its_folder, swap_its_figures, swap_its_archive])
def test_no_moment_of_a_swap_has_anything_outside_written_or_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swap_it: Swap
) -> None:
    def prepare(desk: Shelf) -> None:
        desk.open_documents()
        desk.read()

    assert try_every_moment(tmp_path, monkeypatch, prepare, lambda desk: desk.place() and None, swap_it) > 50


def test_figures_read_again_do_not_go_where_a_link_leads(tmp_path: Path) -> None:
    with desk_with_scan(tmp_path) as desk:
        (desk.inbox / "two.pdf").write_text("another scan")
        desk.settings = desk.settings.model_copy(
            update={"folders": tuple(f.model_copy(update={"archive": None}) for f in desk.settings.folders)}
        )
        desk.close()
        desk.open()
        desk.live()
        swap_its_figures(desk)
        desk.edition = "second"
        desk.journal.requests.retry(desk.documents()["scan.pdf"].id, "instant")
        desk.live()
        require_nothing_happened_outside(desk)
        assert "is a link" in desk.documents()["scan.pdf"].sentence


def test_the_api_serves_nothing_that_a_link_leads_to(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    with served(tmp_path / "inbox") as api:
        inbox = api.at_work.inbox
        draw(inbox / "scan.png", "a scan")
        api.at_work.ends("scan.png")
        before = api.ask("GET", "/v1/documents/1").json()
        assert before["note_text"]
        secret.write_text("somebody's own")
        (inbox / "scan.md").unlink()
        (inbox / "scan.md").symlink_to(secret)
        hidden = draw(tmp_path / "hidden.png", "a scan")
        disguise(hidden, hidden.read_bytes(), inbox / "scan.png")
        (inbox / "scan.png").unlink()
        (inbox / "scan.png").symlink_to(hidden)
        assert api.ask("GET", "/v1/documents/1").json()["note_text"] is None
        image = api.ask("GET", "/v1/documents/1/pages/1/image")
        assert image.status_code in (404, 422)
        assert image.headers["content-type"] != "image/jpeg"
        assert api.ask("POST", "/v1/documents/1/open").status_code == 404


def test_an_archive_in_the_inbox_that_is_a_link_is_not_used(tmp_path: Path) -> None:
    """Whoever may write into the inbox may have made it while papertray was not running."""
    with shelf(tmp_path, folder={"archive": tmp_path / "inbox" / "archive"}) as desk:
        outside(desk).mkdir()
        (desk.inbox / "archive").symlink_to(outside(desk))
        (desk.inbox / "scan.pdf").write_text(SCAN)
        desk.live()
        assert list(outside(desk).iterdir()) == []
        assert (desk.inbox / "scan.pdf").read_text() == SCAN
        assert "archive is a link" in the_document(desk).sentence
