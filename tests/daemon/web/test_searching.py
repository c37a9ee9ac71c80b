"""What was read is found from the page, and opened where it stands."""

import re
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from papertray.daemon.journal import Journal
from papertray.daemon.places import find_places
from papertray.daemon.search.index import SearchIndex
from papertray.daemon.search.keeping import catch_up
from tests.daemon.web.conftest import Dashboard, Opening
from tests.daemon.web.samples import KnowingReader, report, save
from tests.daemon.web.test_looks import take
from tests.desks import draw


def index_texts() -> None:
    """What the daemon does some seconds after a note."""
    places = find_places()
    with closing(Journal.open(places.journal)) as journal, closing(SearchIndex(places.search_index)) as index:
        catch_up(journal, index)


def test_what_was_read_is_found_and_opened_where_it_stands(opening: Opening, tmp_path: Path) -> None:
    sheets = report()
    with opening(KnowingReader(sheets), reduced_motion="reduce") as seen:
        seen.drop(save(sheets, tmp_path / "report.pdf"), draw(tmp_path / "drawings.png", "plain"))
        index_texts()
        page, search = seen.page, seen.page.get_by_role("searchbox")
        hits = page.get_by_role("list", name="Pages").get_by_role("listitem")
        names = page.get_by_role("list", name="Documents").get_by_role("listitem")
        page.keyboard.press("/")
        page.keyboard.type("drawings")
        expect(hits.filter(has_text="report.pdf")).to_have_count(2)
        expect(hits.filter(has_text="page 2").locator("mark")).to_have_text("drawings")
        expect(names).to_have_text([re.compile("drawings.png")])
        seen.is_for_everyone("a search")
        take(seen, "search")
        search.fill("county ind")
        expect(hits).to_have_count(1)
        expect(hits.locator("mark")).to_have_text(["county", "index"])
        expect(page.get_by_text("No name or folder holds “county ind”.")).to_be_visible()
        page.keyboard.press("Enter")
        expect(hits.get_by_role("link")).to_be_focused()
        page.keyboard.press("Enter")

        box = sheets[1].blocks[1].box
        drawn = page.locator("rect.found")
        assert box is not None
        assert float(drawn.get_attribute("y") or 0) == pytest.approx(box.top, abs=1e-4)
        expect(page.locator(".block.found")).to_contain_text("Ask the county for its index")
        seen.is_for_everyone("a page that was found")
        take(seen, "found")
        page.keyboard.press("ArrowLeft")
        seen.says("Pages by kind")
        expect(drawn).to_have_count(0)
        page.keyboard.press("Escape")
        expect(search).to_have_value("county ind")
        expect(hits).to_have_count(1)
        page.set_viewport_size({"width": 400, "height": 820})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        take(seen, "search-400")
        page.keyboard.press("Escape")
        expect(search).to_have_value("")
        expect(hits).to_have_count(0)
        expect(names).to_have_count(2)
        assert page.evaluate("location.hash") == "#/documents"
        assert not seen.complaints


def test_a_search_says_that_it_found_nothing_or_why_it_could_not(opening: Opening, tmp_path: Path) -> None:
    with opening() as seen:
        seen.drop(draw(tmp_path / "letter.png", "dear"))
        search, said = seen.page.get_by_role("searchbox"), seen.page.locator(".found .said")
        search.fill("herring")
        expect(said).to_have_text("No page has that.")
        index_texts()
        search.fill("plian")
        expect(said).to_have_text("No page has that. Did you mean plain?")
        seen.is_for_everyone("an offer")
        seen.page.get_by_role("button", name="plain").click()
        expect(search).to_have_value("plain")
        expect(said).to_have_text("1 page")
        seen.page.locator(".sifting summary").click()
        seen.page.get_by_label("Arrived from").fill("2100-01-01")
        expect(said).to_have_text("No page has that.")
        assert "from=2100-01-01" in seen.page.evaluate("location.hash")
        seen.page.get_by_role("button", name="Show all").click()
        expect(said).to_have_text("1 page")
        search.fill("-plain")
        expect(said).to_contain_text("There is no word in this that a page could have.")
        torn = {"problem": "The index is torn.", "advice": "Wait."}
        seen.page.route("**/v1/search*", lambda route: route.fulfill(status=500, json=torn))
        search.fill("lett")
        expect(said).to_contain_text("The index is torn.")
        expect(seen.page.get_by_role("list", name="Documents")).to_contain_text("letter.png")


def test_an_answer_that_comes_late_does_not_replace_a_newer_one(dashboard: Dashboard) -> None:
    held: list[Route] = []
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            held.append(route)
        else:
            route.fulfill(json={"pages": []})

    dashboard.page.route("**/v1/search*", answer)
    search, said = dashboard.page.get_by_role("searchbox"), dashboard.page.locator(".found .said")
    with dashboard.page.expect_request("**/v1/search*"):
        search.fill("first")
    for words in ("second", "third"):
        with dashboard.page.expect_request("**/v1/documents?*"):
            search.fill(words)
    held[0].fulfill(status=500, json={"problem": "This is too late."})
    expect(said).to_have_text("No page has that.")
    assert [url.partition("words=")[2].partition("&")[0] for url in asked] == ["first", "third"]
    dashboard.complaints.clear()  # the browser names the failure
