"""A list of thousands of documents, in a real browser: scrolled, sorted, narrowed, several chosen at once."""

import re
import time
from contextlib import closing
from pathlib import Path
from threading import Event

from playwright.sync_api import Route, expect

from papertray.daemon.journal import Journal
from papertray.daemon.places import find_places
from tests.daemon.web.conftest import Dashboard
from tests.daemon.web.test_looks import take
from tests.desks import draw, until

MANY = 3000
PART_OF_A_LIST = re.compile("limit=50")
DAY = 86400.0
NOON = time.mktime((2026, 3, 1, 12, 0, 0, 0, 0, 0))
HELD = """() => Object.fromEntries([...document.querySelectorAll(".row[data-id]")]
    .map((one) => [one.dataset.id, Math.round(one.getBoundingClientRect().top)]))"""
FETCHED = (
    "() => performance.getEntriesByType('resource').filter((one) => one.name.includes('limit=50')).length"
)


def remember(inbox: Path, count: int = MANY) -> None:
    """Documents that were read earlier: ten a day, up to noon of the first of March."""
    with closing(Journal.open(find_places().journal)) as journal, journal.store.transaction() as sql:
        sql.executemany(
            """
            INSERT INTO documents (path, folder, size, mtime_ns, state, reader, added, finished)
            VALUES (?, ?, 1, 1, 'done', ?, ?, ?)
            """,
            [
                (
                    bytes(inbox / f"letter {number:04}.png"),
                    bytes(inbox),
                    "quick" if number % 100 == 0 else "deepseek-ocr-2",
                    NOON - (count - number) * DAY / 10,
                    NOON - (count - number) * DAY / 10,
                )
                for number in range(1, count + 1)
            ],
        )


def test_thousands_are_scrolled_without_fetching_them_all(dashboard: Dashboard) -> None:
    remember(dashboard.inbox)
    page, rows = dashboard.page, dashboard.page.locator(".row[data-id]")
    dashboard.says("All3,000")
    page.reload()
    expect(rows.first).to_contain_text(f"letter {MANY}.png")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(rows.last).to_contain_text("letter 0001.png")
    expect(rows.last).to_have_attribute("aria-posinset", str(MANY))
    assert rows.count() <= 150
    assert page.evaluate(FETCHED) < 12
    page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    middle = rows.filter(has_text="letter 1500.png")
    expect(middle).to_have_count(1)
    before = page.evaluate(HELD)
    draw(dashboard.inbox / "newest.png", "new")  # what is looked at stays where it is
    dashboard.says("All3,001")
    expect(rows.filter(has_text="letter 1500.png")).to_have_attribute("aria-posinset", str(MANY - 1500 + 2))
    after = page.evaluate(HELD)
    moved = {after[one] - top for one, top in before.items() if one in after and 0 <= top < 700}
    assert moved
    assert max(map(abs, moved)) <= 1, moved
    opened = rows.filter(has_text="letter 1495.png").get_by_role("link")
    opened.click()
    expect(page.get_by_role("link", name="Documents").last).to_be_visible()
    expect(rows).to_have_count(0)
    page.keyboard.press("Escape")
    expect(opened).to_be_focused()
    expect(opened).to_be_in_viewport()


def test_a_long_list_is_sorted_narrowed_and_left_for_a_date(dashboard: Dashboard) -> None:
    """One goes to a date before the list is there: it is waited for."""
    page, rows = dashboard.page, dashboard.page.locator(".row[data-id]")
    is_open, held = Event(), list[Route]()
    dashboard.says("Drop a scan, get a note")
    page.route(PART_OF_A_LIST, lambda route: route.continue_() if is_open.is_set() else held.append(route))
    remember(dashboard.inbox, 300)
    dashboard.says("All300")
    page.keyboard.press("g")
    day = page.get_by_label("Go to")
    expect(day).to_be_focused()
    with page.expect_response(lambda answer: answer.url.endswith("limit=1")):
        day.fill("2026-02-10")
    expect(rows).to_have_count(0)
    is_open.set()
    for part in held:
        part.continue_()
    focused = page.locator(".row > a:focus")
    expect(focused).to_contain_text("10 Feb 2026")
    expect(focused).to_be_in_viewport()
    page.keyboard.press("k")
    expect(page.locator(".row > a:focus")).to_contain_text("11 Feb 2026")
    page.keyboard.press("g")
    page.get_by_label("Order").select_option("name")
    expect(rows.first).to_contain_text("letter 0001.png")
    page.get_by_label("Reader").select_option("quick")
    expect(rows).to_have_count(3)
    page.get_by_label("Arrived from").fill("2026-02-19")
    expect(rows).to_have_count(2)
    dashboard.is_for_everyone("sifting")
    take(dashboard, "sifting")
    assert "reader=quick" in page.url
    page.reload()
    expect(rows).to_have_count(2)
    page.get_by_text("Sort and filter · 3").click()
    page.get_by_label("to", exact=True).fill("2025-01-01")
    dashboard.says("No such documents")
    page.get_by_role("button", name="Show all").click()
    expect(rows.first).to_contain_text("letter 0300.png")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Order")).not_to_be_visible()


def test_several_are_picked_and_read_again_or_forgotten(dashboard: Dashboard, tmp_path: Path) -> None:
    names = [f"letter {number}.png" for number in range(5)]
    dashboard.drop(*(draw(tmp_path / name, name) for name in names))
    page, rows = dashboard.page, dashboard.page.locator(".row[data-id]")
    expect(rows).to_have_count(5)
    expect(rows.first.locator("img")).to_have_js_property("complete", True)
    picks = page.get_by_role("checkbox")
    picks.nth(0).click()
    picks.nth(2).click(modifiers=["Shift"])
    dashboard.says("3 selected")
    dashboard.is_for_everyone("picked")
    take(dashboard, "picked")
    page.keyboard.press("Escape")
    expect(page.get_by_text("selected", exact=False).filter(visible=True)).to_have_count(0)
    picks.nth(0).focus()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    dashboard.says("2 selected")
    page.get_by_label("Read again with").select_option("quick")
    with page.expect_download() as saved:
        page.locator(".picked select").last.select_option("txt")
    assert saved.value.suggested_filename == "papertray.zip"
    dashboard.says("papertray.zip is saved.")
    page.get_by_role("button", name="Read again", exact=True).click()
    page.get_by_role("button", name="Read 2 documents again?").click()
    dashboard.says("2 documents will be read again.")
    picks.nth(0).click()
    page.get_by_role("button", name="Select all").click()
    dashboard.says("5 selected")
    page.get_by_role("button", name="Forget").click()
    page.get_by_role("button", name="Forget 5? Their files stay.").click()
    dashboard.says("5 documents forgotten.")
    until(lambda: not dashboard.client.documents(), "an empty list")
    assert all((dashboard.inbox / name).exists() for name in names)
