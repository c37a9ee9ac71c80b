"""`papertray search` on a real journal, as when no daemon runs."""

import json
from contextlib import closing

import pytest

from papertray.daemon.journal import Journal
from papertray.daemon.places import find_places
from papertray.engine.exit_codes import ExitCode
from tests.daemon.cli.conftest import Papertray
from tests.daemon.search.test_search import LOW, read


@pytest.fixture
def letters() -> None:
    find_places().make()
    with closing(Journal.open(find_places().journal)) as journal:
        read(journal, "toner.pdf", "Nothing here.", "An invoice for \x1b[31mtoner, May 2026")
        read(journal, "lease.pdf", "The lease of the house")


@pytest.mark.usefixtures("letters")
def test_pages_are_named_with_the_words_around_what_was_found(papertray: Papertray) -> None:
    result = papertray("search", "toner", "2026")
    assert result.out == "1: toner.pdf, page 2\n    An invoice for \\x1b[31mtoner, May 2026\n"
    assert papertray("search", '"lease of"').out.startswith("2: lease.pdf, page 1\n")


@pytest.mark.usefixtures("letters")
def test_another_program_gets_page_text_and_box(papertray: Papertray) -> None:
    (page,) = json.loads(papertray("search", "invoice", "--json").out)
    assert (page["document"], page["page"], page["path"]) == (1, 2, "/inbox/toner.pdf")
    assert page["box"] == {name: getattr(LOW, name) for name in ("left", "top", "right", "bottom")}


@pytest.mark.usefixtures("letters")
def test_nothing_found_and_nothing_asked_are_sentences(papertray: Papertray) -> None:
    nothing = papertray("search", "zebra")
    assert nothing.out == "No page has that.\n"
    assert nothing.err.startswith("Try fewer words")
    assert papertray("search", "invioce", "May").err == "Did you mean invoice may?\n"
    assert json.loads(papertray("search", "zebra", "--json").out) == []
    result = papertray("search", "?!")
    assert result.code == ExitCode.NOT_UNDERSTOOD
    assert "no word" in result.err


@pytest.mark.usefixtures("letters")
def test_more_than_are_shown_is_said(papertray: Papertray) -> None:
    result = papertray("search", "the", "-n", "1")
    assert len(result.out.splitlines()) == 2
    assert "--limit" in result.err


@pytest.mark.usefixtures("letters")
def test_a_search_is_narrowed_by_folder_reader_and_day(papertray: Papertray) -> None:
    found = "1: toner.pdf, page 2"
    for narrowed in (["--folder", "/inbox"], ["--reader", "quick"], ["--from", "1970-01-01"]):
        assert papertray("search", "invoice", *narrowed).out.startswith(found), narrowed
    for narrowed in (["--folder", "/inbox/below"], ["--reader", "dots-ocr"], ["--from", "2100-01-01"]):
        result = papertray("search", "invoice", *narrowed)
        assert result.out == "No page has that.\n", narrowed
        assert "leave out --folder" in result.err
    assert papertray("search", "invoice", "--to", "1969-12-30").out == "No page has that.\n"
