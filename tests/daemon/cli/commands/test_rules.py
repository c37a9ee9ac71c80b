"""`papertray rules`, and what `papertray show` says of them: on a real journal, as when no daemon runs."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from papertray.daemon.journal import Journal
from papertray.daemon.places import find_places
from tests.daemon.cli.conftest import Papertray
from tests.daemon.search.test_search import read

SETTINGS = """
[[rules]]
name = "toner"
words = ["toner"]
run = ["notify-send", "{stem}", "--", "{source}"]
note_name = "{title} of {created:%Y}"
tags = ["toner", "{folder}"]
move = "/papers/{stem}"

[[rules]]
name = "long"
min_pages = 3
doubtful = false
webhook = "https://example.org/hook?token=secret"
"""


@pytest.fixture
def letters() -> None:
    places = find_places()
    places.make()
    places.settings_file.write_text(SETTINGS)
    with closing(Journal.open(places.journal)) as journal:
        read(journal, "toner.pdf", "Nothing here.", "An invoice for toner, May 2026")
        read(journal, "lease.pdf", "The lease of the house", "of three", "pages")


@pytest.mark.usefixtures("letters")
def test_what_rules_would_do_is_said_and_nothing_is_done(papertray: Papertray) -> None:
    assert papertray("rules", "test", 1).out == (
        "toner: fits\n    would call its note: Page of 1970\n    would tag it: toner\n"
        f"    would move it to: {Path('/papers/toner')}\n    would run: notify-send toner -- toner.pdf\n"
        "long: does not fit. It has fewer pages than 3.\n"
    )
    assert papertray("rules", "test", 2).out == (
        "toner: does not fit. It does not say toner.\nlong: fits\n    would call: example.org\n"
    )
    assert json.loads(papertray("rules", "test", 1, "--json").out)[0]["run"][0] == "notify-send"
    assert "Rule" not in papertray("show", 1).out


@pytest.mark.usefixtures("letters")
def test_a_dry_run_over_all_that_was_read_counts(papertray: Papertray) -> None:
    out = papertray("rules", "test", "--all").out
    assert out == "toner: fits 1 of 2 documents\nlong: fits 1 of 2 documents\n"
    assert json.loads(papertray("rules", "test", "--all", "--json").out)["rules"] == {"toner": 1, "long": 1}
    assert papertray("rules", "test").code == papertray("rules", "test", 1, "--all").code == 2


@pytest.mark.usefixtures("letters")
def test_rules_are_listed_with_what_they_ask_and_do(papertray: Papertray) -> None:
    assert papertray("rules", "list").out == (
        "toner\twords toner\tname {title} of {created:%Y}; tag toner, {folder}; move to /papers/{stem}; "
        "run notify-send {stem} -- {source}\n"
        "long\tmin_pages 3, doubtful false\tcall example.org\n"
    )
    assert len(json.loads(papertray("rules", "list", "--json").out)) == 2
    find_places().settings_file.write_text("")
    assert papertray("rules", "list").out == papertray("rules", "test", "--all").out == "No rules.\n"


@pytest.mark.usefixtures("letters")
def test_a_document_says_how_its_rules_went(papertray: Papertray) -> None:
    with closing(Journal.open(find_places().journal)) as journal:
        with journal.store.transaction() as sql:
            for action in ("run", "webhook", "webhook"):
                sql.execute("INSERT INTO errands (document, rule, action) VALUES (1, 'toner', ?)", (action,))
        journal.errands.end(1, "prog ended with 0.", worked=True)
        journal.errands.postpone(2, "example.org did not take it (503).", 5.0)
    assert papertray("show", 1).out.splitlines()[-3:] == [
        "Rule toner, run: prog ended with 0.",
        "Rule toner, webhook: example.org did not take it (503). It is tried again.",
        "Rule toner, webhook: It is due.",
    ]
    rules = json.loads(papertray("show", 1, "--json").out)["rules"]
    assert [rule["tries"] for rule in rules] == [0, 1, 0]
    assert papertray("rules", "errands").out == (
        "2\t1: toner.pdf\tRule toner, webhook\texample.org did not take it (503). It is tried again.\n"
    )
    assert papertray("rules", "errands", "--give-up", 2).out == "1 errand changed.\n"
    assert papertray("rules", "errands").out == "All is done.\n"
    assert papertray("show", 1).out.splitlines()[-2].endswith("(503). It was given up.")
    assert papertray("rules", "errands", "--retry", 2).out == "1 errand changed.\n"
    assert json.loads(papertray("show", 1, "--json").out)["rules"][1]["ended"] is None
