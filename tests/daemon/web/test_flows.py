"""What a person does with the page, in a real browser against a real daemon."""

import os
import re
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from papertray.daemon.client.api_client import ApiClient
from papertray.daemon.places import find_places
from papertray.daemon.settings import Settings, load_settings
from papertray.daemon.status import Activity
from papertray.daemon.wire import Done
from papertray.engine.errors import NothingRead
from papertray.engine.models.libraries import plan_for_machine
from papertray.engine.pages import Block, BlockKind, Box, PageImage
from tests.daemon.web.conftest import Dashboard, Opening, keeping
from tests.daemon.web.samples import HOSTILE, KnowingReader, Sheet, report, save
from tests.daemon.web.test_looks import take
from tests.desks import draw, draw_pages, until
from tests.engine.models.tiny_wheels import write_wheels
from tests.fakes import Gate
from tests.hub.models import repositories
from tests.hub.server import Misbehaviour, local_hub

DROP = """data => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(data)], "dropped.png", { type: "image/png" }));
    for (const kind of ["dragenter", "dragover", "drop"]) {
        const event = new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true });
        document.body.dispatchEvent(event);
    }
}"""
MANY_TABS = 8  # browsers have six connections for them all
SHOW = """hidden => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
PAUSES = {"15 minutes": 900, "1 hour": 3600, "Until tomorrow": None, "Until I resume": None}


def test_an_empty_page_teaches_how_to_begin(dashboard: Dashboard) -> None:
    dashboard.says("Drop a scan, get a note")
    dashboard.says("~/OCR/inbox")


def test_the_list_follows_a_document_from_the_queue_to_its_note(opening: Opening, tmp_path: Path) -> None:
    gate = Gate()
    with opening(KnowingReader(before=gate)) as seen:
        draw_pages(seen.inbox / "minutes.pdf", "minutes", 3)
        seen.says("Reading 1 of 1 · minutes.pdf · page 1 of 3")
        row = seen.page.locator(".row", has_text="minutes.pdf")
        expect(row).to_contain_text("0 of 3")
        gate.opened.set()
        expect(row).to_contain_text("3 pages")
        expect(row.locator(".mark.good")).to_have_count(1)
        seen.says("Up to date")
        assert not seen.complaints


def test_documents_are_searched_and_filtered(dashboard: Dashboard, tmp_path: Path) -> None:
    Image.new("RGB", (60, 60), "red").save(tmp_path / "photo.png")
    dashboard.drop(
        draw(tmp_path / "invoice.png", "one"), draw(tmp_path / "letter.png", "two"), tmp_path / "photo.png"
    )
    rows = dashboard.page.locator(".row")
    expect(rows).to_have_count(3)
    dashboard.page.get_by_role("searchbox").fill("INVO")
    expect(rows).to_have_count(1)
    dashboard.page.get_by_role("searchbox").fill("nothing like it")
    dashboard.says("No name or folder holds “nothing like it”.")
    dashboard.page.get_by_role("searchbox").press("Escape")
    dashboard.page.get_by_role("button", name="Problems").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("photo.png")


def test_a_problem_is_explained_and_retried(dashboard: Dashboard, tmp_path: Path) -> None:
    Image.new("RGB", (60, 60), "red").save(tmp_path / "photo.png")
    dashboard.drop(tmp_path / "photo.png")
    row = dashboard.page.locator(".row", has_text="photo.png")
    expect(row).to_contain_text("No text was found on this page. A photo has none.")
    dashboard.says("Up to date · 1 document to look at")
    sign = dashboard.page.locator(".now .activity .icon")
    expect(sign).to_have_class(re.compile("icon-problems"))
    dashboard.go(f"#/document/{dashboard.number('photo.png')}")
    dashboard.says("There is no text of this page.")
    expect(dashboard.page.get_by_text("No text was found")).to_have_count(1)  # once, not for the page again
    dashboard.page.keyboard.press("Escape")
    dashboard.reader.forgives = True
    row.get_by_role("button", name="Read photo.png again").click()
    expect(row.locator(".mark.good")).to_have_count(1)
    expect(row).not_to_contain_text("No text was found")
    expect(sign).to_have_class(re.compile("icon-done"))


def test_a_document_tells_which_pages_failed_or_that_there_are_none(opening: Opening, tmp_path: Path) -> None:
    def second_fails(page: PageImage) -> None:
        if page.number == 2:
            raise NothingRead(found=False)

    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.4 and nothing more")
    with opening(KnowingReader(before=second_fails)) as seen:
        seen.drop(draw_pages(tmp_path / "minutes.pdf", "minutes", 3), tmp_path / "torn.pdf")
        seen.go(f"#/document/{seen.number('minutes.pdf')}")
        seen.says("Page 2 could not be read.")
        seen.page.get_by_label("Page", exact=True).select_option("2")
        seen.says("No text was found on this page.")
        seen.go(f"#/document/{seen.number('torn.pdf')}")
        seen.says("None of its pages can be shown.")
        seen.page.get_by_role("button", name="Markdown", exact=True).click()
        expect(seen.page.get_by_text("There is no note.", exact=True)).to_be_visible()


def test_reading_is_paused_for_a_while_and_resumed(dashboard: Dashboard) -> None:
    for words, seconds in PAUSES.items():
        dashboard.page.get_by_label("Pause", exact=True).click()
        dashboard.page.get_by_role("button", name=words).click()
        dashboard.says("Paused until")
        status = dashboard.client.status()
        assert status.activity is Activity.PAUSED
        assert (status.paused_until is None) == (words == "Until I resume")
        if seconds is not None:
            assert status.paused_until == pytest.approx(time.time() + seconds, abs=60)
        if words == "Until tomorrow":
            assert (
                dashboard.page.evaluate("until => new Date(until * 1000).getHours()", status.paused_until)
                == 7
            )
        dashboard.page.get_by_role("button", name="Resume").click()
        dashboard.says("Up to date")


def test_a_pause_can_be_taken_back_while_the_page_in_hand_is_read(opening: Opening) -> None:
    gate = Gate()
    with opening(KnowingReader(before=gate)) as seen:
        draw(seen.inbox / "letter.png", "dear")
        assert gate.reached.wait(30)  # before, there is no page in hand, though it says that it reads
        seen.says("Reading 1 of 1")
        seen.page.get_by_label("Pause", exact=True).click()
        seen.page.get_by_role("button", name="Until I resume").click()
        seen.says("Pausing after this page")
        seen.page.get_by_role("button", name="Resume").click()
        expect(seen.page.get_by_label("Pause", exact=True)).to_be_visible()
        gate.opened.set()


def test_a_page_that_is_looked_at_stays_while_the_next_one_is_read(opening: Opening) -> None:
    gate = Gate()
    with opening() as seen:
        seen.reader.before = lambda page: gate(page) if page.number > 1 else None
        draw_pages(seen.inbox / "minutes.pdf", "minutes", 2)
        seen.says("page 2 of 2")
        seen.go(f"#/document/{seen.number('minutes.pdf')}")
        block = seen.page.get_by_text("A plain page.")
        block.evaluate("block => { block.dataset.same = 'yes' }")
        gate.opened.set()
        expect(seen.page.get_by_role("button", name="Open note")).to_be_visible()
        assert block.evaluate("block => block.dataset.same") == "yes"


def test_a_document_that_is_not_there_is_said_to_be_missing(opening: Opening) -> None:
    with opening() as seen:
        seen.go("#/document/4711")
        expect(seen.page.get_by_role("heading", level=1)).to_contain_text("4711")


def test_a_block_lights_its_box_and_a_box_its_block(opening: Opening, tmp_path: Path) -> None:
    sheets = report()
    with opening(KnowingReader(sheets)) as seen:
        seen.drop(save(sheets, tmp_path / "report.pdf"))
        seen.page.get_by_role("link", name="report.pdf").click()
        table = seen.page.locator(".block", has=seen.page.locator("table"))
        boxes = seen.page.locator(".boxes rect")
        expect(boxes).to_have_count(len(sheets[0].blocks))
        number = table.get_by_role("cell", name="702")
        expect(number).to_be_visible()
        assert number.evaluate("cell => getComputedStyle(cell).overflowWrap") == "normal"  # in one piece
        table.hover()
        lit = seen.page.locator("rect.lit")
        expect(lit).to_have_count(1)
        box = next(block.box for block in sheets[0].blocks if block.kind is BlockKind.TABLE)
        assert box is not None
        assert float(lit.get_attribute("y") or 0) == pytest.approx(box.top)
        seen.page.mouse.move(0, 0)
        expect(lit).to_have_count(0)
        boxes.nth(0).hover()
        expect(seen.page.locator(".block.lit")).to_have_text("Quarterly scanning report")
        table.focus()
        expect(table).to_have_class(re.compile("lit"))
        assert not seen.complaints


def test_pages_are_turned_and_figures_and_formulas_are_shown(opening: Opening, tmp_path: Path) -> None:
    sheets = report()
    with opening(KnowingReader(sheets)) as seen:
        seen.drop(save(sheets, tmp_path / "report.pdf"))
        seen.go(f"#/document/{seen.number('report.pdf')}")
        expect(seen.page.locator("math msubsup, math munderover")).to_have_count(1)
        figure = seen.page.get_by_role("img", name="Sheets by month")
        expect(figure).to_be_visible()
        assert figure.evaluate("image => image.naturalWidth") == 521
        seen.page.keyboard.press("ArrowRight")
        seen.says("What comes next")
        assert seen.page.evaluate("location.hash").endswith("/2")
        seen.page.get_by_role("button", name="Previous page").click()
        seen.says("Pages by kind")
        assert not seen.complaints


def test_the_note_is_shown_as_markdown_copied_and_opened(
    dashboard: Dashboard, opened: Path, tmp_path: Path
) -> None:
    dashboard.drop(draw(tmp_path / "letter.png", "dear"))
    note = (dashboard.inbox / "letter.md").read_text(encoding="utf-8")
    dashboard.go(f"#/document/{dashboard.number('letter.png')}")
    dashboard.page.get_by_role("button", name="Markdown", exact=True).click()
    assert dashboard.page.locator("pre.raw").text_content() == note
    dashboard.page.get_by_role("button", name="Copy Markdown").click()
    dashboard.says("Copied.")
    assert dashboard.page.evaluate("navigator.clipboard.readText()") == note
    dashboard.page.get_by_role("button", name="Open note").click()
    until(opened.exists, "the editor")
    assert opened.read_text() == str(dashboard.inbox / "letter.md")


def test_a_document_is_forgotten_once_that_was_meant(dashboard: Dashboard, tmp_path: Path) -> None:
    dashboard.drop(draw(tmp_path / "letter.png", "dear"))
    dashboard.go(f"#/document/{dashboard.number('letter.png')}")
    dashboard.page.get_by_role("button", name="Forget").click()
    assert dashboard.state("letter.png") == "done"
    dashboard.page.get_by_role("button", name="Really forget?").click()
    dashboard.says("Drop a scan, get a note")
    assert dashboard.state("letter.png") == ""


def test_a_file_dropped_onto_the_page_is_read_and_kept_nowhere(dashboard: Dashboard, tmp_path: Path) -> None:
    data = list(draw(tmp_path / "x.png", "dropped").read_bytes())
    dashboard.go("#/add")
    dashboard.page.get_by_label("Add to").select_option("nowhere")
    dashboard.page.evaluate(DROP, data)
    card = dashboard.page.get_by_role("region", name="dropped.png")
    expect(card).to_contain_text("A plain page.")
    assert card.get_by_role("img", name="dropped.png").evaluate("image => image.naturalWidth") == 120
    card.get_by_text("A plain page.").hover()
    expect(card.locator("svg.boxes rect.lit")).to_have_count(1)
    dashboard.is_for_everyone("a file that was read")
    card.get_by_role("button", name="Copy Markdown").click()
    dashboard.says("Copied.")
    assert "A plain page." in dashboard.page.evaluate("navigator.clipboard.readText()")
    assert not dashboard.client.documents()


def test_a_file_dropped_onto_the_page_stays_in_the_folder_of_choice_also_while_paused(
    opening: Opening, tmp_path: Path
) -> None:
    more, scan = tmp_path / "Skannt" / "Müller", draw(tmp_path / "x.png", "dropped")
    with opening(viewport={"width": 400, "height": 820}) as seen:
        more.mkdir(parents=True)
        ApiClient(find_places())._connection().ask(Done, "POST", "/v1/folders", json={"path": str(more)})
        seen.client.pause()
        seen.says("Paused until you resume")
        seen.page.evaluate(DROP, list(scan.read_bytes()))
        card = seen.page.get_by_role("region", name="dropped.png")
        expect(card).to_contain_text("Added to ~/OCR/inbox. It is read once papertray resumes.")
        assert (seen.inbox / "dropped.png").read_bytes() == scan.read_bytes()
        seen.page.get_by_label("Add to").select_option(str(more))
        with seen.page.expect_file_chooser() as chooser:
            seen.page.get_by_role("button", name="Choose files").click()
        chooser.value.set_files(scan)
        added = seen.page.get_by_role("region", name="x.png")
        expect(added).to_contain_text(f"Added to {more}.")
        seen.is_for_everyone("files that were added")
        take(seen, "add-400")
        seen.client.resume()
        added.get_by_role("link", name="Open").click()
        expect(seen.page.get_by_role("button", name="Open note")).to_be_visible()
        assert (more / "x.md").exists()
        until(lambda: (seen.inbox / "dropped.md").exists(), "the note of the first")
        more.rename(tmp_path / "gone")
        with seen.page.expect_file_chooser() as chooser:
            seen.page.get_by_role("button", name="Add files").click()
        chooser.value.set_files(scan)
        again = seen.page.get_by_role("region", name="x.png").first
        expect(again).to_contain_text("It was not added")
        expect(again.locator(".trouble")).to_contain_text(f"{more} does not exist.")
        expect(again.get_by_role("button", name="Try again")).to_be_visible()


def test_folders_are_added_and_removed(dashboard: Dashboard, tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    dashboard.go("#/folders")
    dashboard.page.get_by_label("Folder to watch").fill(str(scans))
    dashboard.page.get_by_role("button", name="Watch folder").click()
    row = dashboard.page.locator(".row", has_text=str(scans))
    expect(row).to_contain_text("watched, with its subfolders")
    row.get_by_role("button", name="Remove").click()
    row.get_by_role("button", name="Really remove?").click()
    expect(row).to_have_count(0)
    assert [folder.path for folder in settings_now().folders] == [dashboard.inbox]


def test_a_folder_that_is_not_there_can_be_made(opening: Opening, tmp_path: Path) -> None:
    with opening(viewport={"width": 400, "height": 820}) as seen:
        scans = tmp_path / "scans of the county" / "correspondence"
        seen.go("#/folders")
        seen.page.get_by_label("Folder to watch").fill(str(scans))
        seen.page.get_by_role("button", name="Watch folder").click()
        seen.says(f"{scans} does not exist.")
        seen.is_for_everyone("a folder that is not there")
        take(seen, "no-folder-400")
        seen.page.get_by_role("button", name="Make and watch it").click()
        row = seen.page.locator(".row", has_text=str(scans))
        expect(row).to_contain_text("watched, with its subfolders")
        expect(seen.page.locator(".trouble")).to_have_count(0)
        scans.rmdir()
        row.get_by_role("button", name="Make it").click()
        seen.says(f"{scans} is there now.")
        assert scans.is_dir()


def test_a_model_and_a_device_are_chosen_and_what_cannot_be_is_greyed(dashboard: Dashboard) -> None:
    dashboard.go("#/reader")
    dashboard.page.get_by_label("The quick reader").check()
    dashboard.says("The quick reader is chosen.")
    assert settings_now().engine.model == "quick"
    absent = dashboard.page.get_by_label("Apple graphics")
    expect(absent).to_be_disabled(timeout=30_000)  # the first look at the devices takes some seconds
    expect(dashboard.page.locator(".choice", has=absent).locator(".lines")).not_to_be_empty()
    automatic = dashboard.page.locator(".choice", has=dashboard.page.get_by_label("Automatic")).first
    expect(automatic).to_contain_text("Now The quick reader.")
    expect(dashboard.page.get_by_text(re.compile("^Here .* of memory")).first).to_be_visible()
    dashboard.page.get_by_label("Processor").check()
    dashboard.says("It is used from the next page on.")
    until(lambda: settings_now().engine.device == "cpu", "the device")


def test_a_download_is_begun_followed_stopped_and_finished(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Misbehaviour(pause_after=1000)
    with local_hub(repositories(), slow) as hub, opening() as seen:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        seen.go("#/reader")
        dots = seen.page.locator(".choice", has=seen.page.get_by_label("dots.ocr", exact=True))
        expect(dots.get_by_role("radio")).to_be_disabled()
        dots.get_by_role("button", name="Download").click()
        expect(dots).to_contain_text("Downloading: ")
        expect(dots.get_by_role("progressbar")).to_be_visible()
        seen.says("Downloading dots-ocr")
        dots.get_by_role("button", name="Cancel the download of dots.ocr").click()
        slow.released.set()
        dots.get_by_role("button", name=re.compile("^(Go on|Download)")).click()
        expect(dots.get_by_role("radio")).to_be_enabled()
        seen.says("Up to date")


def test_what_a_download_needs_is_installed_after_one_confirmation_and_a_failure_is_said_where_it_was_pressed(
    opening: Opening, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A folder of tiny wheels, empty at first, stands for the registry."""
    wheels, line, wrong = tmp_path / "wheels", plan_for_machine().line, Misbehaviour(status=404)
    wheels.mkdir()
    for name, value in (("PIP_CONFIG_FILE", os.devnull), ("PIP_NO_INDEX", "1"), ("PIP_CONSTRAINT", "")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setenv("PIP_TARGET", str(tmp_path / "place"))
    with local_hub(repositories(), wrong) as hub, opening() as seen:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        seen.go("#/reader")
        dots = seen.page.locator(".choice", has=seen.page.get_by_label("dots.ocr", exact=True))
        dots.get_by_role("button", name="Download").click()
        expect(dots.locator(".trouble")).to_be_visible()
        expect(seen.page.locator(".trouble")).to_have_count(1)
        wrong.status = 0
        with monkeypatch.context() as lacking:
            lacking.setitem(sys.modules, "accelerate", None)  # as where it is not installed
            dots.get_by_role("button", name="Download").click()
            expect(dots).to_contain_text("Large models need accelerate, which papertray does not bring.")
            expect(dots).to_contain_text(f"This installs them, then fetches it: {line}")
            seen.says("Large models need libraries that are not here yet.")
            seen.is_for_everyone("a download that was refused")
            take(seen, "refused")
            dots.get_by_role("button", name="Install and download").click()
            expect(dots.locator(".trouble")).to_contain_text("The libraries could not be installed.")
            write_wheels(wheels, plan_for_machine())
            dots.get_by_role("button", name="Install and download").click()
            expect(dots.get_by_role("radio")).to_be_enabled()
        assert (tmp_path / "place" / "torch").is_dir()
        expect(seen.page.locator(".trouble")).to_have_count(0)


def test_a_hostile_note_does_not_come_alive(opening: Opening, tmp_path: Path) -> None:
    sheet = Sheet().write(BlockKind.TEXT, "An innocent page")
    sheet.blocks = [Block(BlockKind.TEXT, HOSTILE, Box(0, 0, 1, 1)), Block(BlockKind.TEXT, "the end")]
    with opening(KnowingReader([sheet])) as seen:
        seen.drop(save([sheet], tmp_path / "<img src=x onerror=window.ran=9>.png"))
        seen.page.get_by_role("link", name="onerror").click()
        seen.says("the end")
        for bait in ("press me", "or me", "hover"):
            seen.page.locator(".block").get_by_text(bait).click()
        seen.page.get_by_role("button", name="Markdown", exact=True).click()
        expect(seen.page.locator("pre.raw")).to_contain_text("the end")
        assert seen.page.evaluate("window.ran") is None
        assert len(seen.page.context.pages) == 1
        assert not seen.complaints


def test_a_lost_connection_is_said_and_found_again(opening: Opening) -> None:
    with opening() as seen:
        seen.says("Up to date")
        seen.stop()
        seen.says("The connection to papertray is lost.")
        sign = seen.page.get_by_role("alert").locator(".icon-lost")
        assert "data:image/svg+xml" in sign.evaluate("sign => getComputedStyle(sign).maskImage")
        seen.is_for_everyone("a lost connection")
        seen.go("#/folders")
        seen.page.get_by_role("button", name="Try now").click()
        with keeping(find_places(), seen.inbox, seen.reader, port=urlsplit(seen.page.url).port or 0):
            expect(seen.page.get_by_role("alert")).to_be_hidden()
            seen.says("Up to date")
            expect(seen.page.locator(".row", has_text="~/OCR/inbox")).to_be_visible()


def test_the_file_that_is_handed_over_leads_to_the_page_and_leaves_no_code_behind(opening: Opening) -> None:
    with opening() as seen:
        seen.page.context.clear_cookies()
        handed_over = ApiClient(find_places()).login_page()
        seen.page.goto("about:blank")
        seen.page.goto(handed_over.as_uri())
        seen.says("Up to date")
        assert "code=" not in seen.page.url
        assert seen.page.evaluate("document.referrer").find("code=") == -1
        assert not handed_over.exists()
        seen.page.go_back()
        assert "code=" not in seen.page.url


def test_a_page_that_is_logged_out_says_how_to_come_back(opening: Opening) -> None:
    with opening() as seen:
        seen.says("Up to date")
        address = seen.page.url
        seen.page.context.clear_cookies()
        assert seen.page.request.get(f"{address}v1/status").status == 401
        seen.page.reload()
        seen.says("Open this page with papertray open")


def test_a_page_that_is_logged_out_while_it_is_open_says_so_at_once(opening: Opening) -> None:
    with opening() as seen:
        seen.says("Up to date")
        cookies = seen.page.context.cookies()
        seen.page.context.clear_cookies()
        seen.page.get_by_role("button", name="In progress").click()
        seen.says("This page is logged out.")
        expect(seen.page.get_by_text("Authorization")).to_have_count(0)
        seen.page.context.add_cookies(cookies)  # as another tab that came in anew would
        seen.page.get_by_role("button", name="Try now").click()
        expect(seen.page.get_by_role("alert")).to_be_hidden()
        seen.says("Nothing waits")


def test_many_open_tabs_leave_the_one_that_is_seen_its_connection(opening: Opening, tmp_path: Path) -> None:
    with opening() as seen:
        seen.says("Up to date")
        for _ in range(MANY_TABS):
            show(seen.page, False)
            seen.page = seen.page.context.new_page()
            seen.page.goto(f"{seen.client.address()}/")
            seen.says("Up to date")
        first = seen.page.context.pages[0]
        seen.drop(draw(tmp_path / "letter.png", "dear"))
        expect(first.locator(".row")).to_have_count(0)
        show(first, True)
        expect(first.locator(".row")).to_have_count(1)


def test_a_page_can_be_made_larger(opening: Opening, tmp_path: Path) -> None:
    sheets = report()
    with opening(KnowingReader(sheets), viewport={"width": 1280, "height": 800}) as seen:
        seen.drop(save(sheets, tmp_path / "report.pdf"))
        seen.go(f"#/document/{seen.number('report.pdf')}")
        sheet = seen.page.locator(".sheet")
        expect(sheet.get_by_role("img")).to_be_visible()
        fits = sheet.evaluate("sheet => sheet.offsetHeight")
        assert fits <= 800
        seen.page.get_by_role("button", name="Zoom").click()
        assert sheet.evaluate("sheet => sheet.offsetHeight") > 1.5 * fits
        seen.drop(draw(tmp_path / "wide.png", "wide", (1000, 300)))
        seen.go(f"#/document/{seen.number('wide.png')}")
        expect(seen.page.get_by_text("in ~/OCR/inbox")).to_be_visible()
        landscape = seen.page.locator(".picture.here")
        assert landscape.evaluate("picture => picture.offsetHeight") < 300  # no empty room below it


def test_charts_show_what_was_read(dashboard: Dashboard, tmp_path: Path) -> None:
    dashboard.go("#/activity")
    dashboard.says("Nothing was read in this time")
    dashboard.drop(draw_pages(tmp_path / "minutes.pdf", "minutes", 2))
    expect(dashboard.page.locator("rect.bar")).to_have_count(1)
    expect(dashboard.page.locator("circle.point")).to_have_count(1)
    expect(dashboard.page.locator(".sums")).to_contain_text("Pages read2")
    dashboard.page.get_by_role("button", name="7 days").click()
    expect(dashboard.page.get_by_role("img", name="1 of 168 hours")).to_have_count(2)


def test_the_keyboard_is_enough(dashboard: Dashboard, tmp_path: Path) -> None:
    dashboard.drop(draw(tmp_path / "a.png", "a"))
    dashboard.drop(draw(tmp_path / "b.png", "b"))
    page = dashboard.page
    expect(page.locator(".row")).to_have_count(2)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="b.png")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="a.png")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="a.png")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Documents")).to_be_visible()
    page.get_by_label("Pause", exact=True).press("Enter")
    expect(page.get_by_role("button", name="15 minutes")).to_be_visible()
    dashboard.is_for_everyone("an open menu")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="15 minutes")).to_be_hidden()


def test_the_api_is_described_for_people_without_a_network(opening: Opening) -> None:
    with opening(viewport={"width": 400, "height": 820}) as seen:
        page, asked = seen.page, []
        page.on("request", lambda request: asked.append(urlsplit(request.url).netloc))
        page.goto(f"{seen.client.address()}/docs")
        request = page.locator("details", has=page.get_by_text("/v1/documents/{number}/thumbnail"))
        request.locator("summary").click()
        expect(request).to_contain_text("Its first page, small")
        expect(request).to_contain_text("curl -H")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        seen.is_for_everyone("the API")
        take(seen, "api-400")
        assert len(set(asked)) == 1
        assert not seen.complaints


def show(tab: Page, shown: bool) -> None:
    """As a browser does when another tab is chosen; one without a screen takes all tabs for seen."""
    tab.evaluate(SHOW, not shown)


def settings_now() -> Settings:
    return load_settings(find_places())
