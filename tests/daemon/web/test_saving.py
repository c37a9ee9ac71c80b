"""A document is saved in another form from its page."""

from pathlib import Path

from tests.daemon.web.conftest import Opening
from tests.daemon.web.samples import KnowingReader, report, save


def test_a_document_is_saved_as_what_one_chooses(opening: Opening, tmp_path: Path) -> None:
    sheets = report()
    with opening(KnowingReader(sheets), reduced_motion="reduce") as seen:
        seen.drop(save(sheets, tmp_path / "report.pdf"))
        seen.go("#/document/1")
        menu = seen.page.get_by_role("combobox", name="Save as")
        with seen.page.expect_download() as begun:
            menu.select_option("Plain text")
        assert begun.value.suggested_filename == "report.txt"
        assert "county" in Path(begun.value.path()).read_text()
        seen.says("report.txt is saved.")
        seen.is_for_everyone("a document that can be saved")
        assert seen.complaints == []
