import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from papertray.daemon.cli.doctor.checks import run_checks
from papertray.daemon.cli.doctor.findings import Finding
from papertray.daemon.cli.doctor.folders import check_folders, check_own_folders, check_space
from papertray.daemon.cli.doctor.installation import check_confinement, check_recognisers, check_settings
from papertray.daemon.cli.doctor.journal import check_journal
from papertray.daemon.errors import SettingsError
from papertray.daemon.journal import Journal
from papertray.daemon.places import Places, find_places
from papertray.engine.render_child.landlock import landlock_version
from tests.daemon.cli.conftest import Papertray
from tests.hub.recognisers import copy_home, put_in_table


def test_a_damaged_journal_is_found_and_left_as_it_is() -> None:
    find_places().make()
    find_places().journal.write_bytes(b"no database " * 100)
    [finding] = check_journal(find_places())
    assert finding.state == "bad"
    assert "set" in finding.advice
    assert find_places().journal.read_bytes().startswith(b"no database")


def test_a_whole_journal_is_good_while_somebody_has_it_open() -> None:
    find_places().make()
    assert [finding.state for finding in check_journal(find_places())] == ["good"]
    opened = Journal.open(find_places().journal)
    assert [finding.state for finding in check_journal(find_places())] == ["good"]
    opened.close()


def test_a_missing_folder_is_named() -> None:
    findings = list(check_folders(find_places()))
    assert {finding.state for finding in findings} == {"bad"}
    assert "inbox" in findings[0].sentence


def test_a_folder_for_notes_need_not_be_there_yet(tmp_path: Path) -> None:
    find_places().make()
    notes = tmp_path / "vault" / "scans"
    find_places().settings_file.write_text(
        f"[[folders]]\npath = {json.dumps(str(tmp_path))}\nnotes = {json.dumps(str(notes))}\n"
    )
    assert [finding.state for finding in check_folders(find_places())] == ["good", "good"]


def test_after_the_first_run_everything_but_the_reader_is_good(papertray: Papertray) -> None:
    papertray()
    find_places().make()
    findings = run_checks(
        find_places(), (check_settings, check_own_folders, check_folders, check_space, check_journal)
    )
    assert {finding.state for finding in findings} == {"good"}


def test_it_is_told_how_far_the_process_that_decodes_is_confined() -> None:
    [finding] = check_confinement(find_places())
    assert finding.state == ("look" if sys.platform == "linux" and not landlock_version() else "good")
    assert "confine" in finding.sentence or "Landlock" in finding.sentence


def test_recognisers_for_other_scripts_are_named_with_those_to_be_had_and_a_damaged_one_is_bad(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [none] = check_recognisers(find_places())
    assert (none.state, none.sentence) == ("good", "None for other scripts was fetched.")
    assert "fetches: quick-cyrillic, " in none.advice
    row, file = put_in_table(monkeypatch, "quick-greek", b"a recogniser"), tmp_path / "greek.onnx"
    file.write_bytes(b"a recogniser")
    copy_home(find_places().models, row, file)
    [one] = check_recognisers(find_places())
    assert (one.state, one.sentence) == ("good", "For other scripts are here: quick-greek.")
    assert "quick-greek" not in one.advice
    (find_places().models / row.name / row.file).write_bytes(b"another")
    assert [finding.state for finding in check_recognisers(find_places())] == ["bad", "good"]


def test_a_check_that_cannot_look_is_a_finding_and_the_others_go_on() -> None:
    def broken(_places: Places) -> Iterator[Finding]:
        raise SettingsError("Line 3 is odd.", "Mend it.")
        yield

    def missing(_places: Places) -> Iterator[Finding]:
        raise ImportError("libhccl.so")
        yield

    findings = list(run_checks(find_places(), (broken, missing, check_journal)))
    assert findings[0] == Finding("broken", "bad", "Line 3 is odd.", "Mend it.")
    assert "libhccl.so" in findings[1].sentence
    assert findings[2].state == "good"


def test_json_tells_the_same_and_the_exit_code_says_whether_all_is_well(papertray: Papertray) -> None:
    result = papertray("doctor", "--json")
    findings = json.loads(result.out)
    assert {"about", "state", "sentence", "advice"} == set(findings[0])
    assert result.code == 1  # the inbox is not there yet
