"""Which rules fit: each thing that a rule can ask for, and that all of them must be so."""

from pathlib import Path
from typing import Any

import pytest

from papertray.daemon.errors import SettingsError
from papertray.daemon.places import find_places
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.rules.facts import fill_command, rule_facts
from papertray.daemon.rules.matching import apply_rules, find_mismatch
from papertray.daemon.settings import RuleSettings, load_settings
from papertray.daemon.settings.environment import OF_RULES, unknown_variables
from papertray.daemon.status import DocumentState
from papertray.engine.pages import Block, BlockKind, PageText

INBOX = Path("/scans")


def document(**more: Any) -> DocumentRecord:
    path = INBOX / "bills" / "2026" / "Scan 0017.PDF"
    known = {"id": 7, "path": path, "folder": INBOX, "size": 1, "mtime_ns": 1, "state": DocumentState.DONE}
    return DocumentRecord(**{**known, "pages": 3, "doubtful_pages": (2,), **more})


def pages(*paragraphs: str) -> list[PageRecord]:
    blocks = tuple(Block(BlockKind.TEXT, paragraph) for paragraph in paragraphs)
    return [PageRecord(7, 1, "done", text=PageText(blocks)), PageRecord(7, 2, "failed")]


LETTER = pages("# Rechnung **Nr.** INV-4711", "Für Herrn Müller, re-use of ink", "請求書です")


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({}, ""),
        ({"words": ["rechnung", "MULLER"]}, ""),
        ({"words": ["Rechnung", "toner"]}, "It does not say toner."),
        ({"words": ["rech"]}, "It does not say rech."),
        ({"words": ["reuse", "muller herrn"]}, ""),
        ({"words": ["請求"]}, ""),
        ({"words": ["€"]}, "It does not say €."),
        ({"regex": r"Nr\. INV-\d{4}$"}, ""),
        ({"regex": "inv-"}, "Nothing in it is inv-."),
        ({"folder": "bills"}, ""),
        ({"folder": "/scans/bills/2026"}, ""),
        ({"folder": "bill"}, "It does not lie in bill."),
        ({"source": "scan*.pdf"}, ""),
        ({"source": "*.png"}, "Its name is not *.png."),
        ({"min_pages": 3, "max_pages": 3}, ""),
        ({"min_pages": 4}, "It has fewer pages than 4."),
        ({"max_pages": 2}, "It has more pages than 2."),
        ({"doubtful": True}, ""),
        ({"doubtful": False}, "It has doubtful pages."),
        ({"words": ["rechnung"], "source": "*.png"}, "Its name is not *.png."),
    ],
)
def test_a_rule_fits_when_all_is_as_it_asks(asked: dict[str, Any], why: str) -> None:
    rule = RuleSettings(name="rule", run=("true",), **asked)
    assert find_mismatch(rule, document(), LETTER) == why
    assert apply_rules((rule,), document(), LETTER).errands == (() if why else (("rule", "run"),))


def test_a_rule_has_both_to_run_and_to_call_in_the_order_of_the_rules() -> None:
    both = {"run": ("true",), "webhook": "https://example.org"}
    rules = (RuleSettings(name="b", **both), RuleSettings(name="a", webhook="http://localhost:1/"))
    due = (("b", "run"), ("b", "webhook"), ("a", "webhook"))
    assert apply_rules(rules, document(), []).errands == due


def test_no_document_makes_an_option_or_a_second_argument_of_what_it_says() -> None:
    command = ("prog", "{title}", "-t{title}", "{created:%Y}", "a  b")
    rule = RuleSettings(name="rule", run=command)
    page = PageRecord(7, 1, "done", text=PageText((Block(BlockKind.TITLE, "# --exec \0rm \ud800; {note}"),)))
    filled = fill_command(rule, rule_facts(rule, document(), [page]))
    assert filled == ["prog", " --exec rm ?; {note}", "-t--exec rm ?; {note}", "1970", "a  b"]


def test_what_a_command_is_told_is_no_unknown_setting_to_a_papertray_that_it_starts() -> None:
    from papertray.daemon.settings import Settings

    assert unknown_variables(Settings, {f"PAPERTRAY_{name}": "x" for name in OF_RULES}) == []


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({}, "a rule needs something to do"),
        ({"run": ["prog", "{nota}"]}, "{nota} is not known"),
        ({"run": [" "]}, "it must begin with a program"),
        ({"run": "prog {note}"}, "rules.0.run must be a list"),
        ({"run": ["a"], "regex": "("}, "it is no regular expression"),
        ({"webhook": "ftp://example.org"}, "it must begin with http://"),
        ({"webhook": "http://example.org/"}, "allow it with plain_http = true"),
        ({"run": ["a"], "min_page": 1}, "did you mean rules.0.min_pages?"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(rule: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsError) as problem:
        load_settings(find_places(), rules=[{"name": "rule", **rule}])
    assert sentence in str(problem.value)


def test_two_rules_have_two_names_and_plain_http_can_be_allowed() -> None:
    rule = {"name": "rule", "webhook": "http://example.org/", "plain_http": True}
    assert load_settings(find_places(), rules=[rule]).rules[0].plain_http
    with pytest.raises(SettingsError, match="Two rules have the name rule"):
        load_settings(find_places(), rules=[rule, rule])
