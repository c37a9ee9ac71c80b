import json
import os
import re
import sys
from pathlib import Path

import pytest

from papertray.daemon.cli.screen import (
    print_json,
    print_line,
    print_message,
    print_table,
    printable_name,
    printable_path,
)
from papertray.engine.printing import printable


@pytest.mark.parametrize(
    "name", ["scan 1.pdf", "Rechnung März.pdf", "发票.png", "😀.jpg", "a'b\"c.pdf", "-rf.pdf"]
)
def test_an_ordinary_name_is_shown_as_it_is(name: str) -> None:
    assert printable_name(name) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\x1b[2Jb", r'"a\x1b[2Jb"'),
        ("two\nlines", r'"two\nlines"'),
        ("bell\a\x9b31m", r'"bell\x07\x9b31m"'),
        ("exe\u202efdp.pdf", r'"exe\u202efdp.pdf"'),
        (os.fsdecode(b"latin-\xe9"), r'"latin-\udce9"'),
    ],
)
def test_a_name_that_would_act_on_a_terminal_is_quoted(name: str, shown: str) -> None:
    assert printable_name(name) == shown


def test_a_sentence_keeps_its_line_breaks_and_loses_its_escapes() -> None:
    assert printable("one\ntwo\x1b]0;title\a", keep="\n") == "one\ntwo\\x1b]0;title\\x07"


def test_json_is_plain_ascii_whatever_it_holds(capsys: pytest.CaptureFixture[str]) -> None:
    data = {"name": "发票\u202e\x9b\udce9"}
    print_json(data)
    written = capsys.readouterr().out
    assert written.isascii()
    assert "\x1b" not in written
    assert json.loads(written) == data


def test_a_table_in_a_pipe_is_one_line_a_row_with_tabs(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("ID", "Name"), [(1, "a\nb\tc"), (2, "x" * 300)])
    assert capsys.readouterr().out == "1\ta\\nb\\tc\n2\t" + "x" * 300 + "\n"


def test_a_line_of_an_answer_never_carries_an_escape(capsys: pytest.CaptureFixture[str]) -> None:
    print_line("\x1b[31mred")
    assert capsys.readouterr().out == "\\x1b[31mred\n"


def pretend_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of 80 columns, for what is answered and what is said."""
    for name, value in {"COLUMNS": "80", "TERM": "xterm"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)


def test_no_word_is_broken_at_eighty_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_terminal(monkeypatch)
    path = "/home/somebody/" + "very-long-folder/" * 6 + "scan.pdf"
    said = f"The document at {path} could not be opened, because somebody has encrypted it."
    print_message(said)
    print_line(said)
    row = (
        1,
        "problems",
        "Correspondence of 2026.pdf",
        "Unreadable pages; somebody should look at them again.",
    )
    print_table(("ID", "State", "Document", "Remarks"), [row])
    shown = re.sub(r"\x1b\[\d+m", "", "".join(capsys.readouterr()))
    assert set(said.split()) | {word for cell in row for word in str(cell).split()} <= set(shown.split())
    assert max(len(line) for line in shown.splitlines() if path not in line) <= 80


def test_states_have_colours_unless_somebody_wants_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_terminal(monkeypatch)
    print_table(("State",), [("failed",)], {"failed": "red"})
    print_line("State: failed", "red")
    assert capsys.readouterr().out.count("\x1b[31m") == 2
    monkeypatch.setenv("NO_COLOR", "1")
    print_table(("State",), [("failed",)], {"failed": "red"})
    print_line("State: failed", "red")
    assert "31m" not in capsys.readouterr().out


def test_on_a_terminal_a_path_begins_at_home(monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert printable_path(own_home / "OCR" / "a.pdf") == f"~{os.sep}OCR{os.sep}a.pdf"
    assert printable_path(f"{own_home}er") == f"{own_home}er"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False, raising=False)
    assert printable_path(own_home / "a.pdf") == str(own_home / "a.pdf")
