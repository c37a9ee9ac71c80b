import json
import os

import pytest

from papertray.daemon.cli.screen import print_json, print_line, print_table, printable_name
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
