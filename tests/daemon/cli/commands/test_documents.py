"""`list`, `show`, `retry`, `forget`, `pause`, `resume` on a real journal, as when no daemon runs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from papertray.daemon.journal import Journal
from papertray.daemon.places import find_places
from papertray.daemon.records import FoundFile, OpenedDocument
from papertray.daemon.status import DocumentState
from papertray.engine.documents import Fingerprint
from papertray.engine.errors import DocumentError
from papertray.engine.pages import Block, BlockKind, DoubtfulWord, PageText, ReaderIdentity, TextSource
from tests.daemon.cli.conftest import Papertray

SCAN, LOCKED, HOSTILE = "scan.pdf", "locked.pdf", "a\x1b[2J\nb.png"


@pytest.fixture
def journal() -> Iterator[Journal]:
    find_places().make()
    journal = Journal.open(find_places().journal)
    yield journal
    journal.close()


@pytest.fixture
def three(journal: Journal) -> None:
    """1: two pages, one of them failed. 2: refused. 3: only arrived, with a hostile name."""
    folder = Path("/in")
    journal.arrivals.add(
        [FoundFile(folder, folder / name, Fingerprint(10, 20)) for name in (SCAN, LOCKED, HOSTILE)]
    )
    journal.arrivals.add_pages([OpenedDocument(1, "ab" * 32, "pdf", 2)])
    first, second = journal.queue.ready_pages(2)
    journal.queue.begin([first, second])
    text = PageText((Block(BlockKind.TEXT, "Dear \x1b[31mSir"),), warnings=("The script may be Greek.",))
    journal.queue.finish([(first, text)], ReaderIdentity("quick", "3.10", "cpu"), "", 0.5)
    journal.queue.fail([second], DocumentError("Page 2 is torn.", "Scan it again."))
    journal.arrivals.refuse(2, DocumentError("locked.pdf needs a password.", "Drop an unlocked copy."), None)


@pytest.mark.usefixtures("three")
class TestList:
    def test_each_document_is_one_line_whatever_its_name(self, papertray: Papertray) -> None:
        lines = papertray("list").out.splitlines()
        assert [line.split("\t")[0] for line in lines] == ["3", "2", "1"]
        assert '"/in/a\\x1b[2J\\nb.png"' in lines[0]
        assert lines[1].endswith("locked.pdf needs a password.")

    def test_only_the_states_asked_for(self, papertray: Papertray) -> None:
        assert "locked" in papertray("list", "--state", "failed").out
        assert "scan" not in papertray("list", "--state", "failed", "--state", "arrived").out

    def test_no_more_than_asked_for_and_that_there_are_more_is_said(self, papertray: Papertray) -> None:
        listed = papertray("list", "--limit", 2)
        assert len(listed.out.splitlines()) == 2
        assert listed.err == "Only the newest 2 are listed; --limit lists more.\n"
        assert not papertray("list", "--limit", 3).err

    def test_a_state_that_is_none_is_a_usage_error(self, papertray: Papertray) -> None:
        assert papertray("list", "--state", "lost").code == 2

    def test_json_holds_what_is_known(self, papertray: Papertray) -> None:
        newest, locked, scan = json.loads(papertray("list", "--json").out)
        assert Path(newest["path"]).name == HOSTILE
        assert (locked["state"], locked["advice"]) == ("failed", "Drop an unlocked copy.")
        assert (scan["pages"], scan["reader"]) == (2, "quick")


def test_doubtful_pages_are_named(journal: Journal, papertray: Papertray) -> None:
    folder = Path("/in")
    journal.arrivals.add([FoundFile(folder, folder / name, Fingerprint(10, 20)) for name in ("a", "b")])
    journal.arrivals.add_pages(
        [OpenedDocument(1, "ab" * 32, "pdf", 3), OpenedDocument(2, "cd" * 32, "png", 1)]
    )
    jobs = journal.queue.ready_pages(4)
    journal.queue.begin(jobs)
    unsure = {
        "confidence": 0.62,
        "doubtful_words": (DoubtfulWord("waster", 0.41),),
        "source": TextSource.PARTLY_WRITTEN,
    }
    texts = [
        PageText((Block(BlockKind.TEXT, "x"),), **(unsure if job.number > 1 else {"confidence": 1.0}))
        for job in jobs
    ]
    journal.queue.finish(list(zip(jobs, texts, strict=True)), ReaderIdentity("quick", "3.10", "cpu"), "", 0.5)
    second, first = papertray("list").out.splitlines()
    assert "doubtful" not in second
    assert first.endswith("doubtful: pages 2, 3")
    assert papertray("list", "--doubtful").out.splitlines() == [first]
    shown = papertray("show", 1).out
    assert "Doubtful: pages 2, 3" in shown
    assert "Page 3: 62% of it is likely to be right; 1 doubtful word." in shown
    page = json.loads(papertray("show", 1, "--json", "--text").out)["each_page"][1]
    assert (page["confidence"], page["source"]) == (0.62, TextSource.PARTLY_WRITTEN)
    assert page["doubtful_words"] == [{"text": "waster", "certain": 0.41, "box": None}]


def test_on_a_narrow_terminal_the_end_of_a_name_is_seen(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, papertray: Papertray
) -> None:
    folder = Path("/a/long/way/to/the/folder/that/is/watched")
    journal.arrivals.add(
        [FoundFile(folder, folder / "letters/from 2026/second-reminder.pdf", Fingerprint(10, 20))]
    )
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    shown = "".join(line[-13:].strip() for line in papertray("list").out.splitlines()[1:])
    assert shown.replace(" ", "") == "letters/from2026/second-reminder.pdf"


def test_a_status_tells_of_documents_also_while_no_daemon_runs(three: None, papertray: Papertray) -> None:
    assert "Documents: 1 failed, 2 waiting" in papertray("status").out
    assert json.loads(papertray("status", "--json").out)["counts"] == {
        "arrived": 1,
        "failed": 1,
        "writing": 1,
    }


def test_a_list_is_narrowed_and_sorted_and_says_when_it_is_not_all(three: None, papertray: Papertray) -> None:
    def names(*words: str) -> list[str]:
        return [Path(one["path"]).name for one in json.loads(papertray("list", *words, "--json").out)]

    assert names("--sort", "name") == [HOSTILE, LOCKED, SCAN]
    assert names("--reader", "quick") == [SCAN]
    assert names("--folder", "/elsewhere") == []
    assert len(names("--folder", "/in/../in")) == 3
    assert "Only the newest 2 are listed" in papertray("list", "-n", "2").err


def test_an_empty_list_says_so(papertray: Papertray) -> None:
    assert papertray("list").out == "No documents.\n"
    assert json.loads(papertray("list", "--json").out) == []


@pytest.mark.usefixtures("three")
class TestShow:
    def test_pages_problems_and_warnings_are_told(self, papertray: Papertray) -> None:
        shown = papertray("show", 1).out
        assert "1: /in/scan.pdf" in shown
        assert "Page 1: The script may be Greek." in shown
        assert "Page 2: Page 2 is torn. Scan it again." in shown
        assert "Read by: quick 3.10 on cpu" in shown
        assert "Dear" not in shown

    def test_text_prints_what_was_read_untouched_into_a_pipe(self, papertray: Papertray) -> None:
        assert papertray("show", 1, "--text").out == "Dear \x1b[31mSir\n"

    def test_json_holds_each_page_and_its_text_on_request(self, papertray: Papertray) -> None:
        first, second = json.loads(papertray("show", 1, "--json").out)["each_page"]
        assert (first["state"], second["sentence"]) == ("done", "Page 2 is torn.")
        assert "markdown" not in first
        with_text = json.loads(papertray("show", 1, "--text", "--json").out)["each_page"]
        assert with_text[0]["markdown"] == "Dear \x1b[31mSir"

    def test_a_number_that_is_none_says_where_to_look(self, papertray: Papertray) -> None:
        result = papertray("show", 99)
        assert result.code == 8
        assert result.err == "papertray: There is no document 99. `papertray list` shows the numbers.\n"


@pytest.mark.usefixtures("three")
class TestRetry:
    def test_all_that_failed_are_queued_and_counted(self, papertray: Papertray, journal: Journal) -> None:
        assert json.loads(papertray("retry", "--failed", "--json").out) == {"queued": 1}
        assert journal.listing.document(2).state == DocumentState.ARRIVED

    def test_another_reader_can_be_asked_for(self, papertray: Papertray, journal: Journal) -> None:
        assert papertray("retry", "1", "--reader", "quick").out == "Queued 1 document again.\n"
        assert journal.listing.document(1).wanted_reader == "quick"
        papertray("retry", "--failed", "--reader", "dots-ocr")
        assert journal.listing.document(2).wanted_reader == "dots-ocr"

    def test_all_that_a_reader_read_can_be_read_again(self, papertray: Papertray, journal: Journal) -> None:
        assert papertray("retry", "--reader", "quick").out == "Queued 1 document again.\n"
        assert journal.listing.document(1).state == DocumentState.READING
        assert journal.listing.document(1).wanted_reader == ""
        assert papertray("retry", "--reader", "dots-ocr").out == "No document was read by dots-ocr.\n"

    def test_a_misspelt_reader_gets_the_nearest_name_and_nothing_is_queued(
        self, papertray: Papertray, journal: Journal
    ) -> None:
        before = journal.listing.document(1)
        result = papertray("retry", 1, "--reader", "deepseek-ocr2")
        assert result.code == 21
        assert "deepseek-ocr-2" in result.err
        assert journal.listing.document(1) == before

    def test_nothing_failed_is_no_error(self, papertray: Papertray) -> None:
        papertray("retry", "--failed")
        assert papertray("retry", "--failed").out == "Nothing failed.\n"

    @pytest.mark.parametrize("words", [(), ("1", "--failed"), ("0",), ("one",)])
    def test_one_document_or_all_that_failed(self, words: tuple[str, ...], papertray: Papertray) -> None:
        assert papertray("retry", *words).code == 2


@pytest.mark.usefixtures("three")
def test_a_forgotten_document_is_listed_no_more(papertray: Papertray) -> None:
    assert papertray("forget", 3).out == "Forgot document 3. Its file and its note stay.\n"
    assert not [line for line in papertray("list").out.splitlines() if line.startswith("3\t")]
    assert papertray("forget", 99).code == 8


def test_a_pause_lasts_as_long_as_asked(papertray: Papertray, journal: Journal) -> None:
    assert papertray("pause", "--for", "1h").out.startswith("Paused until ")
    paused, until = journal.requests.paused()
    assert paused
    assert until is not None
    assert papertray("pause").out == "Paused. `papertray resume` goes on.\n"
    assert journal.requests.paused() == (True, None)
    papertray("resume")
    assert journal.requests.paused() == (False, None)
    assert papertray("pause", "--for", "soon").code == 2
