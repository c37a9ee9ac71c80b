"""The settings of a folder on the page: what is inherited, what is its own, and the file that says so."""

from pathlib import Path

import tomlkit
from playwright.sync_api import expect

from papertray.daemon.places import find_places
from papertray.daemon.settings import FolderSettings, load_settings
from tests.daemon.web.conftest import Dashboard, Opening
from tests.daemon.web.test_looks import SIZES, take


def inner_settings() -> FolderSettings:
    return load_settings(find_places()).folders[1]


def open_settings(seen: Dashboard, inner: Path) -> None:
    """Of a folder within the inbox, which says something itself that the inner one inherits."""
    file = find_places().settings_file
    document = tomlkit.parse(file.read_text("utf-8"))
    document["folders"][0].update({"mode": "text", "outputs": ["pdf"]})  # type: ignore[index, union-attr]
    document["folders"].append({"path": str(inner), "pause": "00:00-00:01"})  # type: ignore[union-attr]
    file.write_text(f"# mine\n{tomlkit.dumps(document)}", encoding="utf-8")
    seen.client.reload()
    seen.go("#/folders")
    seen.page.get_by_role("button", name="Settings of ~/OCR/inbox/letters").click()


def test_a_folder_is_set_on_the_page_and_takes_back_what_it_inherits(opening: Opening) -> None:
    with opening(reduced_motion="reduce") as seen:
        inner = seen.inbox / "letters"
        inner.mkdir()
        open_settings(seen, inner)
        settings = seen.page.get_by_role("group", name="Settings of ~/OCR/inbox/letters")
        mode, pdf = settings.get_by_label("Mode", exact=True), settings.get_by_role("checkbox", name="pdf")
        expect(mode).to_have_value("text")
        expect(mode).to_have_accessible_description("Empty: the model's own. from ~/OCR/inbox")
        expect(pdf).to_be_checked()
        settings.get_by_label("Model", exact=True).select_option("The quick reader")
        expect(mode).to_have_value("")  # another model has other modes
        settings.get_by_label("Dots per inch", exact=True).fill("300")
        settings.get_by_label("Other scripts", exact=True).fill("rus\nell")
        settings.get_by_label("Pause hours").fill("08:00-12:00")
        pdf.uncheck()
        expect(settings.get_by_role("button", name="Take back: Other forms")).to_be_visible()
        made = inner_settings()
        assert (made.model, made.dots_per_inch, made.languages) == ("quick", 300, ("rus", "ell"))
        assert (made.pause, made.outputs) == ("08:00-12:00", ())
        assert find_places().settings_file.read_text("utf-8").startswith("# mine\n")

        settings.get_by_label("Pause hours").fill("in the morning")
        settings.get_by_label("Pause hours").press("Tab")
        wrong = settings.get_by_text("Pause hours must be hours like")
        expect(wrong).to_be_visible()
        for wide, high in SIZES.items():
            seen.page.set_viewport_size({"width": wide, "height": high})
            over = seen.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, f"{over} px too wide at {wide}"
            seen.page.evaluate("scrollTo(0, 0)")
            take(seen, f"folder-settings-{wide}")
        seen.is_for_everyone("the settings of a folder")
        assert inner_settings().pause == "08:00-12:00"

        for title in ("Pause hours", "Other forms", "Model"):
            settings.get_by_role("button", name=f"Take back: {title}").click()
            expect(settings.get_by_role("button", name=f"Take back: {title}")).to_be_hidden()
        expect(wrong).to_be_hidden()
        expect(pdf).to_be_checked()
        expect(mode).to_have_value("text")
        made = inner_settings()
        assert (made.model, made.mode, made.outputs, made.pause) == (None, "text", ("pdf",), "")
        assert [one for one in seen.complaints if "422" not in one] == []
