"""What holds for every view: it fits, it can be used by everyone, it does not jump or move needlessly."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from papertray.daemon.places import find_places
from papertray.engine.language import Catalogue, load_catalogue
from papertray.engine.pages import BlockKind
from tests.daemon.web.brackets import InBrackets, words_outside
from tests.daemon.web.conftest import Dashboard, Opening
from tests.daemon.web.samples import KnowingReader, Sheet, report, save
from tests.desks import draw, draw_pages
from tests.fakes import Gate

SIZES = {400: 820, 1280: 800, 2560: 1440}
SHIFTS = """() => new Promise((told) => {
    new PerformanceObserver((list) => told(list.getEntries().filter((one) => !one.hadRecentInput)
        .reduce((sum, one) => sum + one.value, 0))).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => told(0), 300);
})"""
MOVING = "document.getAnimations().filter((one) => one.playState === 'running').length"
PICTURES = os.environ.get("PAPERTRAY_PICTURES")  # a folder that pictures of the views are put into


@contextmanager
def busy(opening: Opening, scratch: Path, **options: object) -> Iterator[Dashboard]:
    """With something of everything: notes, problems, a long document that is being read."""
    sheets, gate = report(), Gate()
    with opening(KnowingReader(sheets), **options) as seen:
        (scratch / "broken scan.pdf").write_bytes(b"%PDF-1.4 and nothing more")
        Image.new("RGB", (300, 400), "red").save(scratch / "blurred photo.png")
        seen.drop(
            save(sheets, scratch / "Quarterly report.pdf"),
            save([Sheet().write(BlockKind.TEXT, "Dear Ada")], scratch / "Letter from Ada.png"),
            scratch / "broken scan.pdf",
            scratch / "blurred photo.png",
            *(draw(scratch / f"Invoice 2026-0{number}.png", f"{number}") for number in range(1, 7)),
        )
        seen.reader.before = gate
        draw_pages(seen.inbox / "Minutes of the spring and summer session of the county archive.pdf", "x", 4)
        seen.says("Reading 1 of 1")
        yield seen
        gate.opened.set()


def views(seen: Dashboard) -> Iterator[str]:
    """Each view, once it is whole."""
    report = seen.number("Quarterly report.pdf")
    known = {
        "documents": ("#/documents", ".row"),
        "problems": ("#/documents/problems", ".row"),
        "document": (f"#/document/{report}", ".block math"),
        "add": ("#/add", ".empty"),
        "folders": ("#/folders", ".row"),
        "errands": ("#/errands", ".empty"),
        "reader": ("#/reader", "#device-cpu"),
        "activity": ("#/activity", ".chart"),
    }
    for name, (place, whole) in known.items():
        seen.go(place)
        expect(seen.page.locator(whole).first).to_be_visible(timeout=30_000)
        yield name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_can_be_used_by_everyone(opening: Opening, tmp_path: Path, scheme: str) -> None:
    with busy(opening, tmp_path, color_scheme=scheme, reduced_motion="reduce") as seen:
        for name in views(seen):
            seen.is_for_everyone(name)
        assert not seen.complaints


def test_every_view_fits_at_every_size_and_has_no_word_that_is_not_translated(
    opening: Opening, tmp_path: Path
) -> None:
    with busy(opening, tmp_path, reduced_motion="reduce") as seen:
        for wide, high in SIZES.items():
            seen.page.set_viewport_size({"width": wide, "height": high})
            for name in views(seen):
                over = seen.page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert over <= 0, f"{name} is {over} px too wide at {wide}"
                take(seen, f"{name}-{wide}")
        with InBrackets(seen.page):
            for name in views(seen):
                assert set(words_outside(seen)) == set(), name
                if name == "folders":
                    seen.page.locator(".folder [aria-expanded]").click()
                    expect(seen.page.locator(".setting").first).to_be_visible()
                    assert set(words_outside(seen)) == set(), "settings of a folder"
        settings = find_places().settings_file
        rest = settings.read_text("utf-8")
        for code in ("zh", "lt"):
            settings.write_text(f'language = "{code}"\n{rest}', encoding="utf-8")
            seen.page.reload()
            fits(seen, load_catalogue(code))
        assert not seen.complaints


def fits(seen: Dashboard, language: Catalogue) -> None:
    """In its two most crowded views, at both widths."""
    assert seen.page.locator("html").get_attribute("lang") == language.language.tag
    for place in ("documents", "reader"):
        seen.go(f"#/{place}")
        seen.says(language.translate(place.capitalize()))
        for wide in (400, 1280):
            seen.page.set_viewport_size({"width": wide, "height": SIZES[wide]})
            over = seen.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, f"{place} is {over} px too wide at {wide} in {language.code}"
            take(seen, f"{place}-{wide}-{language.code}")


def test_nothing_jumps_while_a_view_comes(opening: Opening, tmp_path: Path) -> None:
    with busy(opening, tmp_path, viewport={"width": 1280, "height": 800}) as seen:
        for place in ("#/documents", f"#/document/{seen.number('Quarterly report.pdf')}"):
            seen.go(place)
            seen.page.reload()
            expect(seen.page.locator(".row, .block math").first).to_be_visible()
            assert seen.page.evaluate(SHIFTS) < 0.02, place


def test_nothing_moves_for_those_who_do_not_want_it(opening: Opening) -> None:
    gate = Gate()
    with opening(KnowingReader(before=gate), reduced_motion="reduce") as seen:
        draw(seen.inbox / "letter.png", "dear")
        seen.says("Reading 1 of 1")
        assert seen.page.evaluate(MOVING) == 0
        seen.page.emulate_media(reduced_motion="no-preference")
        assert seen.page.evaluate(MOVING) > 0
        gate.opened.set()


def take(seen: Dashboard, name: str) -> None:
    """Pictures for looking at: of both schemes, where somebody asked for them."""
    for scheme in ("light", "dark") if PICTURES else ():
        if (table := seen.page.locator(".block table")).count():
            table.hover()
        seen.page.emulate_media(color_scheme=scheme)
        seen.page.screenshot(path=Path(PICTURES or "") / f"{name}-{scheme}.png")
