"""What the quick reader can be given for other scripts is fetched and deleted on the page."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.daemon.web.conftest import Opening
from tests.hub.recognisers import as_repository, put_in_table
from tests.hub.server import local_hub


def test_a_recogniser_is_fetched_and_deleted_on_the_page(
    opening: Opening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = put_in_table(monkeypatch, "quick-greek", b"a recogniser")
    with (
        local_hub(as_repository(tmp_path, row, b"a recogniser")) as hub,
        opening(viewport={"width": 400, "height": 820}) as seen,
    ):
        monkeypatch.setenv("MODELSCOPE_ENDPOINT", "http://127.0.0.1:1")
        seen.go("#/reader")
        card = seen.page.locator(".choice").filter(has=seen.page.get_by_text("Greek", exact=True))
        expect(card.get_by_role("radio")).to_have_count(0)
        card.get_by_role("button", name="Download").click()
        expect(card.locator(".trouble")).to_contain_text("quick-greek")
        expect(card.get_by_role("button", name="Download")).to_be_focused()
        monkeypatch.setenv("MODELSCOPE_ENDPOINT", hub.address)
        card.get_by_role("button", name="Download").click()
        expect(card.get_by_role("button", name="Delete")).to_be_visible()
        seen.is_for_everyone("a recogniser that is here")
        card.get_by_role("button", name="Delete").click()
        card.get_by_role("button", name="Really delete?").click()
        expect(card).to_contain_text("not here yet")
