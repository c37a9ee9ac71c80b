"""`papertray export` on a real journal, with the file that was read still there."""

import json
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from papertray.daemon.journal import Journal
from papertray.daemon.places import find_places
from papertray.engine.exit_codes import ExitCode
from tests.daemon.cli.conftest import Papertray
from tests.daemon.outputs.read_scans import read_scan
from tests.engine.outputs.readings import page

WORDS = page("An invoice for toner.", "| Item | Price |\n| --- | --- |\n| Toner | 120 |")


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    find_places().make()
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with closing(Journal.open(find_places().journal)) as journal:
        for name in ("toner.png", "lease.png"):
            read_scan(journal, inbox / name, WORDS)
    return inbox


def test_a_document_is_written_in_every_form_that_is_named(
    papertray: Papertray, scans: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    result = papertray("export", 1, "--as", "pdf,txt", "--as", "csv", "--into", out)
    assert (result.code, result.err) == (ExitCode.OK, "")
    names = ["toner.searchable.pdf", "toner.txt", "toner.table-1.csv"]
    assert result.out.splitlines() == [str(out / name) for name in names]
    read = subprocess.run(["pdftotext", str(out / names[0]), "-"], capture_output=True, text=True, check=True)
    assert "An invoice for toner." in read.stdout
    again = papertray("export", 1, "--as", "txt", "--into", out)
    assert again.out.strip() == str(out / "toner.2.txt")


def test_all_documents_are_written_and_one_that_is_gone_keeps_none_back(
    papertray: Papertray, scans: Path, tmp_path: Path
) -> None:
    (scans / "toner.png").unlink()
    result = papertray("export", "--all", "--as", "json,pdf", "--into", tmp_path / "out", "--json")
    assert result.code == ExitCode.DOCUMENT
    toner, lease = json.loads(result.out)
    assert [Path(file).name for file in toner["files"]] == ["toner.json"]
    assert "toner.png" in toner["problems"][0]
    assert [Path(file).name for file in lease["files"]] == ["lease.json", "lease.searchable.pdf"]


def test_a_document_without_tables_says_so_where_tables_are_asked_for(
    papertray: Papertray, tmp_path: Path
) -> None:
    find_places().make()
    (tmp_path / "inbox").mkdir()
    with closing(Journal.open(find_places().journal)) as journal:
        read_scan(journal, tmp_path / "inbox" / "letter.png", page("A letter."))
    for into in (tmp_path, "-"):
        result = papertray("export", 1, "--as", "csv", "--into", into)
        assert (result.code, result.out, result.err) == (0, "", "letter.png has no tables.\n")


@pytest.mark.usefixtures("scans")
def test_what_cannot_be_written_is_a_sentence(papertray: Papertray) -> None:
    assert papertray("export", 1, "--as", "epub").code == ExitCode.NOT_UNDERSTOOD
    assert "papertray writes nothing as 'epub'" in papertray("export", 1, "--as", "epub").err
    assert papertray("export", 7, "--as", "txt").code == ExitCode.NO_SUCH_DOCUMENT
    assert papertray("export", "--as", "txt").code == ExitCode.NOT_UNDERSTOOD
    with closing(Journal.open(find_places().journal)) as journal:
        journal.requests.forget(1)
    result = papertray("export", 1, "--as", "txt")
    assert (result.code, result.out) == (ExitCode.DOCUMENT, "")
    assert "has not been read" in result.err
