from pathlib import Path

from papertray.daemon.places import find_places
from tests.daemon.cli.conftest import Papertray


def test_the_first_run_makes_the_inbox_and_says_what_to_do(papertray: Papertray, own_home: Path) -> None:
    result = papertray()
    assert result.code == 0
    assert (own_home / "OCR" / "inbox").is_dir()
    assert str(own_home / "OCR" / "inbox") in result.out
    assert "papertray run" in result.out
    assert find_places().settings_file.exists()


def test_later_it_says_how_it_goes(papertray: Papertray) -> None:
    papertray()
    assert papertray().out.startswith("papertray is not running")


def test_settings_that_stand_are_not_touched(papertray: Papertray, own_home: Path) -> None:
    find_places().make()
    find_places().settings_file.write_text("rescan = 60\n", encoding="utf-8")
    papertray()
    assert find_places().settings_file.read_text(encoding="utf-8") == "rescan = 60\n"
    assert not (own_home / "OCR").exists()
