from pathlib import Path

import pytest

from papertray.daemon.cli.commands.logs import read_lines
from papertray.daemon.places import find_places
from tests.daemon.cli.conftest import Papertray


@pytest.fixture
def log() -> Path:
    find_places().make()
    find_places().log_file.write_text("".join(f"line {number}\n" for number in range(100)), encoding="utf-8")
    return find_places().log_file


def test_the_last_lines_are_shown(log: Path, papertray: Papertray) -> None:
    assert papertray("logs", "-n", 2).out == "line 98\nline 99\n"
    assert len(papertray("logs").out.splitlines()) == 50


def test_a_log_cannot_carry_an_escape_to_the_terminal(log: Path, papertray: Papertray) -> None:
    log.write_bytes(b"\x1b[2J\xff\n")
    assert papertray("logs").out == "\\x1b[2J\\xff\n"


def test_following_goes_on_through_a_new_file(log: Path) -> None:
    lines = read_lines(log, 1, follow=True)
    assert next(lines) == "line 99\n"
    with log.open("a", encoding="utf-8") as more:
        more.write("later\n")
    assert next(lines) == "later\n"
    log.rename(log.with_suffix(".old"))
    log.write_text("new file\n", encoding="utf-8")
    assert next(lines) == "new file\n"


def test_no_log_yet_is_no_error(papertray: Papertray) -> None:
    result = papertray("logs")
    assert result.code == 0
    assert "Nothing was logged yet" in result.err
