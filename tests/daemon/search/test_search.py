"""What was read is found again: in a real journal, with a real index beside it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import time

import pytest

from papertray.daemon.errors import SearchUnusable
from papertray.daemon.journal import Journal
from papertray.daemon.records import FoundPage
from papertray.daemon.search.finding import find_pages
from papertray.daemon.search.index import IndexedPage, PageWords, SearchIndex
from papertray.daemon.search.keeping import catch_up
from papertray.engine.pages import Block, BlockKind, Box, PageText, ReaderIdentity
from tests.daemon.journal.test_journal import add

READER = ReaderIdentity("quick", "1", "cpu")
LOW = Box(0.1, 0.8, 0.9, 0.9)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal.open(tmp_path / "journal.sqlite3")) as journal:
        yield journal


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SearchIndex]:
    with closing(SearchIndex(tmp_path / "search.sqlite3")) as index:
        yield index


def read(journal: Journal, name: str, *pages: str | PageText) -> int:
    """A document whose pages say this, done."""
    number = add(journal, name, len(pages))
    jobs = journal.queue.upcoming_pages(len(pages))
    journal.queue.begin(jobs)
    texts = [_page(page) if isinstance(page, str) else page for page in pages]
    journal.queue.finish([(job, texts[job.number - 1]) for job in jobs], READER, "", 1.0)
    finish(journal, number)
    return number


def finish(journal: Journal, number: int) -> None:
    journal.store.rows("UPDATE documents SET state = 'done', finished = ? WHERE id = ?", (time(), number))


def _page(words: str) -> PageText:
    return PageText((Block(BlockKind.HEADING, "## Page"), Block(BlockKind.TEXT, words, LOW)))


def found(journal: Journal, index: SearchIndex, words: str, limit: int = 20) -> list[FoundPage]:
    catch_up(journal, index)
    return find_pages(journal, index, words, limit)


def places(pages: list[FoundPage]) -> set[tuple[int, int]]:
    return {(page.document.id, page.page) for page in pages}


def test_a_page_is_found_by_its_words_and_says_where_they_stand(journal: Journal, index: SearchIndex) -> None:
    read(journal, "lease.pdf", "The lease of the house.", "Nothing of note.")
    invoice = read(journal, "toner.pdf", "An invoice for the toner of 2026.")
    assert places(found(journal, index, "toner 2026")) == {(invoice, 1)}
    (page,) = found(journal, index, "TÖNER")
    assert [part.text for part in page.snippet if part.is_match] == ["toner"]
    assert "".join(part.text for part in page.snippet) == "An invoice for the toner of 2026."
    assert page.box == LOW


def test_phrases_beginnings_and_what_is_not_wanted(journal: Journal, index: SearchIndex) -> None:
    first = read(journal, "a.pdf", "the toner invoice of May")
    second = read(journal, "b.pdf", "the invoice was for toner-cartridges, a draft")
    assert places(found(journal, index, '"toner invoice"')) == {(first, 1)}
    assert places(found(journal, index, "inv")) == {(first, 1), (second, 1)}
    assert places(found(journal, index, '"inv"')) == set()
    assert places(found(journal, index, "invoice -draft")) == {(first, 1)}
    assert places(found(journal, index, "tonercartridges")) == {(second, 1)}
    assert places(found(journal, index, "toner-cart")) == {(second, 1)}
    assert places(found(journal, index, 'toner -"toner invoice"')) == {(second, 1)}


def test_chinese_and_japanese_are_found_without_blanks(journal: Journal, index: SearchIndex) -> None:
    number = read(journal, "zh.pdf", "由此可得水放出的热量为零", "東京都の領収書")
    assert places(found(journal, index, "放出的热量")) == {(number, 1)}
    assert places(found(journal, index, "領収書")) == {(number, 2)}
    assert places(found(journal, index, "量出")) == set()


def test_the_page_that_has_most_of_it_comes_first(journal: Journal, index: SearchIndex) -> None:
    read(journal, "long.pdf", "toner " + "and many other words of all kinds " * 30)
    short = read(journal, "short.pdf", "toner, toner and toner")
    assert found(journal, index, "toner", 1)[0].document.id == short


def test_a_document_is_found_by_its_name_too(journal: Journal, index: SearchIndex) -> None:
    number = read(journal, "Rechnung-Müller_2026.pdf", "Betrag: 5,00")
    (page,) = found(journal, index, "rechnung muller 5,00")
    assert (page.document.id, page.page) == (number, 1)


def test_a_page_that_was_read_again_is_found_by_what_it_says_now(
    journal: Journal, index: SearchIndex
) -> None:
    number = read(journal, "a.pdf", "misread werds")
    assert found(journal, index, "werds")
    journal.requests.retry(number)
    assert find_pages(journal, index, "werds", 20) == []
    jobs = journal.queue.upcoming_pages(1)
    journal.queue.begin(jobs)
    journal.queue.finish([(jobs[0], _page("well read words"))], READER, "", 1.0)
    finish(journal, number)
    assert places(found(journal, index, "words")) == {(number, 1)}
    assert found(journal, index, "werds") == []


def test_what_was_forgotten_is_not_found(journal: Journal, index: SearchIndex) -> None:
    number = read(journal, "a.pdf", "secret")
    assert found(journal, index, "secret")
    journal.requests.forget(number)
    assert found(journal, index, "secret") == []


def test_another_journal_in_the_same_place_is_indexed_anew(tmp_path: Path, index: SearchIndex) -> None:
    with closing(Journal.open(tmp_path / "first.sqlite3")) as first:
        read(first, "a.pdf", "of the first life")
        assert found(first, index, "first")
    with closing(Journal.open(tmp_path / "second.sqlite3")) as second:
        read(second, "b.pdf", "of the second life")
        assert find_pages(second, index, "first", 20) == []
        index.set_mark("compared", 0.0)
        assert len(found(second, index, "life")) == 1


def test_an_index_that_is_damaged_is_made_anew(journal: Journal, tmp_path: Path) -> None:
    number = read(journal, "a.pdf", "kept in the journal")
    path = tmp_path / "search.sqlite3"
    path.write_bytes(b"this is no database, it only has its name" * 100)
    with closing(SearchIndex(path)) as index:
        assert places(found(journal, index, "journal")) == {(number, 1)}
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 99")
    with closing(SearchIndex(path)) as index:
        assert places(found(journal, index, "journal")) == {(number, 1)}
    assert path.stat().st_mode & 0o077 == 0


def test_an_index_worn_by_pages_that_are_gone_is_made_anew(journal: Journal, index: SearchIndex) -> None:
    number = read(journal, "a.pdf", "still here")
    catch_up(journal, index)
    index.add((IndexedPage(9, 1, check), PageWords("", "gone")) for check in range(2000))
    assert index.is_worn()
    assert places(found(journal, index, "here")) == {(number, 1)}
    assert not index.is_worn()
    assert list(index.find('"gone"', 5)) == []


@pytest.mark.parametrize("torn", [False, True], ids=["a table is gone", "pages of the file are torn"])
def test_damage_that_shows_later_is_a_sentence_and_is_gone_the_next_time(
    journal: Journal, tmp_path: Path, torn: bool
) -> None:
    number, path = read(journal, "a.pdf", "words"), tmp_path / "search.sqlite3"
    with closing(SearchIndex(path)) as index:
        catch_up(journal, index)
    if torn:
        content = path.read_bytes()
        path.write_bytes(content[: 5 * 4096] + bytes(len(content) - 5 * 4096))
    else:
        with sqlite3.connect(path) as other:
            other.execute("DROP TABLE pages")
    with closing(SearchIndex(path)) as index, pytest.raises(SearchUnusable, match="cannot be used"):
        find_pages(journal, index, "words", 20)
    with closing(SearchIndex(path)) as index:
        assert places(found(journal, index, "words")) == {(number, 1)}


def test_an_index_is_kept_while_it_cannot_be_opened(tmp_path: Path) -> None:
    path = tmp_path / "search.sqlite3"
    with closing(SearchIndex(path)) as index:
        index.add([(IndexedPage(1, 1, 1), PageWords("", "kept"))])
    in_the_way = tmp_path / "search.sqlite3-wal"
    in_the_way.mkdir()
    with pytest.raises(SearchUnusable, match="unable to open"):
        SearchIndex(path)
    in_the_way.rmdir()
    with closing(SearchIndex(path)) as index:
        assert index.find('"kept"', 5) == [IndexedPage(1, 1, 1)]


def test_a_search_goes_through_the_documents_that_a_list_lets_through(
    journal: Journal, index: SearchIndex
) -> None:
    read(journal, "a.pdf", "the toner invoice")
    second = read(journal, "b.pdf", "the toner invoice")
    catch_up(journal, index)
    assert places(find_pages(journal, index, "toner", 20, {second})) == {(second, 1)}
    assert find_pages(journal, index, "toner", 20, ()) == []


def test_a_word_by_itself_comes_before_one_that_is_part_of_another(
    journal: Journal, index: SearchIndex
) -> None:
    whole = read(journal, "a.pdf", "one toner of many words that say little of it")
    read(journal, "b.pdf", "toner-like toners, toners-like")
    assert found(journal, index, "toner")[0].document.id == whole


def test_a_snippet_shows_what_is_looked_for_where_it_stands_in_two_places(
    journal: Journal, index: SearchIndex
) -> None:
    blocks = ("# Invoice 417", "Nothing of note", "1 pcs. of toner")
    read(journal, "a.pdf", PageText(tuple(Block(BlockKind.TEXT, words, LOW) for words in blocks)))
    (page,) = found(journal, index, "invoice toner")
    assert "".join(part.text for part in page.snippet) == "Invoice 417 … 1 pcs. of toner"
    assert [part.text for part in page.snippet if part.is_match] == ["Invoice", "toner"]
