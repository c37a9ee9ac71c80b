"""Words that no page has: which were probably meant."""

from contextlib import closing
from pathlib import Path

import pytest

from papertray.daemon.journal import Journal
from papertray.daemon.search.index import SearchIndex
from papertray.daemon.search.keeping import catch_up
from papertray.daemon.search.nearest import count_mistakes, find_nearest
from tests.daemon.search.test_search import read


def test_misspelt_words_have_the_nearest_ones_offered(tmp_path: Path) -> None:
    with (
        closing(Journal.open(tmp_path / "journal.sqlite3")) as journal,
        closing(SearchIndex(tmp_path / "search.sqlite3")) as index,
    ):
        read(journal, "a.pdf", "An invoice for the toner cartridges of Müller, and one tower")
        read(journal, "b.pdf", "More toner")
        catch_up(journal, index)
        for asked, meant in {
            "tonner invioce": "toner invoice",
            "toler": "toner",  # which more pages have than the tower
            "invoice cartridgse -tomer": "invoice cartridges -tomer",
            "mueler": "muller",
            "toner": "",
            "toner zzqq": "",
            "ton": "",
            "-toner": "",
            '"toner invioce"': "",
        }.items():
            assert find_nearest(index, asked) == meant, asked


@pytest.mark.parametrize(
    ("one", "other", "mistakes"),
    [
        ("toner", "toner", 0),
        ("toner", "tonre", 1),
        ("toner", "tone", 1),
        ("toner", "tower", 1),
        ("a", "bcd", 3),
    ],
)
def test_mistakes_are_letters_wrong_missing_too_many_or_changed(one: str, other: str, mistakes: int) -> None:
    assert count_mistakes(one, other, 2) == count_mistakes(other, one, 2) == mistakes
