"""The renderer hands out pages in any order, draws ahead, and notices that a file is no longer the same."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from PIL import Image

from papertray.engine.errors import Cancelled, DocumentChanged, DocumentGone, Truncated
from papertray.engine.renderer import Renderer
from tests.engine.renderer.documents_made import drawn, halves, pdf

SMALL = "/MediaBox [0 0 72 36]"


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    halves().save(tmp_path / "scan.png")
    return tmp_path / "scan.png"


def children() -> list[psutil.Process]:
    return [
        child for child in psutil.Process().children() if "papertray.engine.render_child" in child.cmdline()
    ]


def numbered(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"{number}.png" for number in range(count)]
    for number, path in enumerate(paths):
        Image.new("L", (10 + number, 10), number).save(path)
    return paths


def test_no_child_runs_before_the_first_document(scan: Path) -> None:
    with Renderer() as renderer:
        assert children() == []
        renderer.inspect(scan)
        assert len(children()) == 1
    assert children() == []


def test_a_closed_renderer_gives_nothing_more(scan: Path) -> None:
    with Renderer() as renderer:
        renderer.inspect(scan)
    renderer.close()
    with pytest.raises(Cancelled):
        renderer.image(scan, 1)


def test_resting_ends_the_child_until_it_is_needed_again(
    scan: Path, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papertray.engine.renderer.renderer.RESTED", 0.01)
    renderer.inspect(scan)
    (child,) = children()
    renderer.rest()
    child.wait(timeout=10)
    assert drawn(renderer, scan).size == (64, 48)


def test_one_that_rests_keeps_its_child_for_what_comes_soon(
    scan: Path, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papertray.engine.renderer.renderer.RESTED", 60.0)
    renderer.inspect(scan)
    before = children()
    renderer.rest()
    assert drawn(renderer, scan).size == (64, 48)
    assert children() == before


def test_expected_pages_come_out_right_in_any_order(tmp_path: Path, renderer: Renderer) -> None:
    paths = numbered(tmp_path, 12)
    renderer.expect([(path, 1) for path in paths])
    for number in (0, 1, 7, 2, 11, 3, 4, 10, 9, 8, 5, 6):
        assert drawn(renderer, paths[number]).getpixel((5, 5)) == (number,) * 3


def test_pages_of_several_documents_may_be_expected_in_turn(tmp_path: Path, renderer: Renderer) -> None:
    book, letter = tmp_path / "book.pdf", tmp_path / "letter.png"
    book.write_bytes(pdf(*[SMALL] * 4))
    halves().save(letter)
    wanted = [(book, 1), (letter, 1), (book, 2), (book, 3)]
    renderer.expect(wanted)
    assert [drawn(renderer, *page).size for page in wanted] == [(200, 100), (64, 48), (200, 100), (200, 100)]


def test_a_page_drawn_ahead_is_not_drawn_again(tmp_path: Path, renderer: Renderer) -> None:
    """What was drawn ahead outlives the child that drew it."""
    first, second = numbered(tmp_path, 2)
    renderer.expect([(first, 1)])
    renderer.inspect(second)  # asked behind the page that is drawn ahead, or before it
    renderer.inspect(second)
    (child,) = children()
    child.suspend()
    try:
        assert drawn(renderer, first).getpixel((5, 5)) == (0, 0, 0)
    finally:
        child.resume()


def test_a_page_no_longer_expected_makes_room(tmp_path: Path) -> None:
    paths = numbered(tmp_path, 9)
    with Renderer(ahead=1) as renderer:
        for path in paths:
            renderer.expect([(path, 1)])
            renderer.inspect(path)
        assert drawn(renderer, paths[8]).getpixel((5, 5)) == (8, 8, 8)
        assert drawn(renderer, paths[0]).getpixel((5, 5)) == (0, 0, 0)


def test_a_bad_page_expected_fails_only_when_it_is_asked_for(tmp_path: Path, renderer: Renderer) -> None:
    good, bad, last = numbered(tmp_path, 3)
    bad.write_bytes(bad.read_bytes()[:20])
    renderer.expect([(good, 1), (bad, 1), (last, 1)])
    assert drawn(renderer, good).size == (10, 10)
    assert drawn(renderer, last).size == (12, 10)
    with pytest.raises(Truncated, match=r"1\.png"):
        renderer.image(bad, 1)


def test_many_threads_may_ask_at_once(tmp_path: Path, renderer: Renderer) -> None:
    paths = numbered(tmp_path, 60)

    def ask(number: int) -> bool:
        renderer.expect([(paths[(number + step) % 60], 1) for step in range(4)])
        width = renderer.inspect(paths[number]).pages[0].width
        return width == 10 + number and drawn(renderer, paths[number]).getpixel((5, 5)) == (number,) * 3

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(60)))


def test_closing_frees_whoever_waits(tmp_path: Path, scan: Path) -> None:
    renderer = Renderer()
    renderer.inspect(scan)
    (child,) = children()
    child.suspend()  # nothing will ever be answered
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(renderer.inspect, scan), pool.submit(renderer.image, scan, 1)]
        renderer.close()
        for answer in waiting:
            with pytest.raises(Cancelled):
                answer.result(timeout=30)
    assert not child.is_running()
    assert "renderer" not in {thread.name for thread in threading.enumerate()}


def rewrite(path: Path) -> None:
    halves((64, 48), "lime").save(path)
    os.utime(path, ns=(1, 1))


def replace(path: Path) -> None:
    status = path.stat()
    other = path.with_suffix(".new")
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize("change", [rewrite, replace])
def test_a_document_changed_since_it_was_inspected_is_not_read(
    scan: Path, renderer: Renderer, change: Callable[[Path], None]
) -> None:
    renderer.inspect(scan)
    change(scan)
    with pytest.raises(DocumentChanged, match=r"scan\.png changed") as caught:
        renderer.image(scan, 1)
    assert caught.value.retry
    renderer.inspect(scan)
    assert drawn(renderer, scan).size == (64, 48)


def test_what_was_drawn_ahead_of_a_change_is_not_handed_out(scan: Path, renderer: Renderer) -> None:
    renderer.expect([(scan, 1)])
    renderer.inspect(scan)
    rewrite(scan)
    renderer.inspect(scan)
    assert drawn(renderer, scan).getpixel((5, 5)) == (0, 255, 0)


def test_a_document_deleted_between_its_pages_is_gone(tmp_path: Path, renderer: Renderer) -> None:
    book = tmp_path / "book.pdf"
    book.write_bytes(pdf(SMALL, SMALL, SMALL))
    renderer.inspect(book)
    assert drawn(renderer, book, 1).size == (200, 100)
    book.unlink()
    with pytest.raises(DocumentGone, match=r"book\.pdf is no longer there"):
        renderer.image(book, 2)
    with pytest.raises(DocumentGone):
        renderer.inspect(book)


def test_a_document_in_a_folder_that_vanished_is_gone(tmp_path: Path, renderer: Renderer) -> None:
    with pytest.raises(DocumentGone):
        renderer.inspect(tmp_path / "nowhere" / "scan.png")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files cannot be listed here")
def test_a_document_is_closed_after_its_last_page(tmp_path: Path, scan: Path, renderer: Renderer) -> None:
    book = tmp_path / "book.pdf"
    book.write_bytes(pdf(SMALL, SMALL))
    renderer.inspect(book)
    renderer.image(book, 2)
    renderer.image(scan, 1)
    (child,) = children()
    assert [file.path for file in child.open_files() if Path(file.path).parent == tmp_path] == []
