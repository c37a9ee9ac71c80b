"""What is said at a start: where files go, and where their notes will be."""

from pathlib import Path

from papertray.daemon.cli.first_run import describe_folders
from tests.desks import settings_for


def test_the_folder_of_the_notes_is_named_where_they_lie_elsewhere(tmp_path: Path) -> None:
    folders = (
        {"path": tmp_path / "inbox"},
        {"path": tmp_path / "bills", "notes": tmp_path / "vault"},
        {"path": tmp_path / "letters"},
    )
    said = describe_folders(settings_for(tmp_path, folders=folders))
    assert said.splitlines() == [
        f"Drop scans and PDFs into {tmp_path}/inbox or {tmp_path}/letters; a note appears beside each.",
        f"Drop scans and PDFs into {tmp_path}/bills; a note appears in {tmp_path}/vault.",
    ]
