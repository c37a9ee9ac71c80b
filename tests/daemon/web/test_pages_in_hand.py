"""Several pages that are read together are all on the page, each with how far it is."""

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import expect

from papertray.engine.pages import PageImage, PageText, Watch
from tests.daemon.web.conftest import Opening
from tests.daemon.web.samples import KnowingReader
from tests.daemon.web.test_looks import take
from tests.desks import draw_pages
from tests.fakes import Gate


class FourTogether(KnowingReader):
    """Has written more of each page than of the one before, and waits."""

    batch = 4

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        for place in range(len(pages)):
            watch.of_page(place).progress(1340 * place)
        return super().read(pages, watch)


def test_every_page_in_hand_is_shown_with_how_far_it_is(opening: Opening, tmp_path: Path) -> None:
    gate = Gate()
    size = {"width": 400, "height": 820}
    with opening(FourTogether(before=gate), viewport=size, reduced_motion="reduce") as seen:
        draw_pages(seen.inbox / "Minutes of the spring and summer session.pdf", "minutes", 5)
        name = "Minutes of the spring and summer session.pdf, page"
        seen.says(f"Reading 1 of 1 · 4 pages: {name} 1 of 5, {name} 2 of 5, …")
        seen.page.get_by_label("4 pages").click()
        pages = seen.page.locator(".hands li")
        expect(pages).to_have_count(4)
        expect(pages.nth(1)).to_contain_text("page 2 of 5 · 1,340 tokens")
        seen.is_for_everyone("several pages in hand")
        take(seen, "hands-400")
        assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        pages.nth(1).get_by_role("link").click()
        seen.says("This page has not been read yet.")
        gate.opened.set()
        expect(seen.page.locator(".hands")).to_be_hidden()
        assert not seen.complaints
