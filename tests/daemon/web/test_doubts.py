"""Pages and words that somebody should look at are found on the page at once."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.daemon.web.conftest import Opening
from tests.daemon.web.samples import KnowingReader, Sheet, ledger, report, save
from tests.daemon.web.test_looks import take


def test_the_doubtful_pages_of_many_are_found_and_gone_through(opening: Opening, tmp_path: Path) -> None:
    sheets = [*ledger(), *report()]
    with opening(KnowingReader(sheets), reduced_motion="reduce") as seen:
        seen.drop(save(sheets[:5], tmp_path / "ledger.pdf"), save(sheets[5:], tmp_path / "report.pdf"))
        rows = seen.page.locator(".row")
        expect(rows).to_have_count(2)
        seen.page.get_by_role("button", name="Doubtful").click()
        expect(rows).to_have_count(1)
        expect(rows).to_contain_text("2 doubtful")
        take(seen, "doubtful-list")
        seen.page.get_by_role("link", name="ledger.pdf").click()
        chips = seen.page.get_by_role("navigation", name="Doubtful pages").get_by_role("button")
        expect(chips).to_have_text(["2", "4"])
        seen.page.keyboard.press("d")
        seen.says("71 % of this page is likely to be right. 1 doubtful word is underlined.")
        expect(chips.first).to_have_attribute("aria-current", "page")
        expect(seen.page.get_by_role("option", name="Page 4, doubtful")).to_have_count(1)
        seen.is_for_everyone("a doubtful page")
        for page in (4, 2):
            seen.page.keyboard.press("d")
            seen.says(f"Ledger, page {page}")
        chips.last.click()
        seen.says("A second reader did not see all of this page's numbers and names.")
        seen.page.locator("mark.doubt").hover()
        expect(seen.page.get_by_role("tooltip")).to_have_text(
            "Read as barhour, which a second reader did not see."
        )
        seen.page.set_viewport_size({"width": 400, "height": 820})
        assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        take(seen, "doubtful-page-400")
        seen.page.keyboard.press("ArrowRight")
        seen.says("Recognised")
        expect(seen.page.locator(".sure")).to_have_text("Recognised")
        seen.go("#/documents/doubtful")
        expect(rows).to_contain_text("2 doubtful")
        assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        take(seen, "doubtful-list-400")
        assert not seen.complaints


def test_a_doubtful_word_shows_what_the_reader_saw(opening: Opening, tmp_path: Path) -> None:
    sheets: list[Sheet] = ledger()
    with opening(KnowingReader(sheets), reduced_motion="reduce") as seen:
        seen.drop(save(sheets, tmp_path / "ledger.pdf"))
        seen.go(f"#/document/{seen.number('ledger.pdf')}/2")
        word = seen.page.locator("mark.doubt")
        expect(word).to_have_text("barhour")
        drawn, glass = seen.page.locator("g.doubt"), seen.page.get_by_role("tooltip")
        expect(drawn).to_have_count(1)
        word.hover()
        expect(glass).to_have_text("Read as barhour, 43 % sure.")
        expect(glass.locator("canvas")).to_be_visible()
        expect(drawn).to_have_class(re.compile("lit"))
        seen.is_for_everyone("a word that is looked at")
        take(seen, "doubtful-word")
        seen.page.mouse.move(0, 0)
        expect(glass).to_have_count(0)
        drawn.locator("path").hover(force=True)
        expect(word).to_have_class(re.compile("lit"))
        seen.page.mouse.move(0, 0)
        word.focus()
        expect(glass).to_be_visible()
        seen.go("#/add")
        seen.page.get_by_label("Add to").select_option("nowhere")
        seen.page.locator("#file").set_input_files(save(sheets[1:2], tmp_path / "once.png"))
        once = seen.page.get_by_role("region", name="once.png")
        expect(once.locator("mark.doubt")).to_have_text("barhour")
        expect(once.locator("g.doubt")).to_have_count(1)
        expect(once.locator(".sure")).to_contain_text("71 % of this page")
        assert not seen.complaints
