import json
from collections.abc import Iterator

from papertray.daemon.cli.checks import (
    Finding,
    check_folders,
    check_journal,
    check_own_folders,
    check_settings,
    check_space,
    run_checks,
)
from papertray.daemon.errors import SettingsError
from papertray.daemon.journal import Journal
from papertray.daemon.places import Places, find_places
from tests.daemon.cli.conftest import Papertray


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
    found = list(check_folders(find_places()))
    assert {finding.state for finding in found} == {"bad"}
    assert "inbox" in found[0].sentence


def test_after_the_first_run_everything_but_the_reader_is_good(papertray: Papertray) -> None:
    papertray()
    find_places().make()
    found = run_checks(
        find_places(), (check_settings, check_own_folders, check_folders, check_space, check_journal)
    )
    assert {finding.state for finding in found} == {"good"}


def test_a_check_that_cannot_look_is_a_finding_and_the_others_go_on() -> None:
    def broken(_here: Places) -> Iterator[Finding]:
        raise SettingsError("Line 3 is odd.", "Mend it.")
        yield

    def missing(_here: Places) -> Iterator[Finding]:
        raise ImportError("libhccl.so")
        yield

    found = list(run_checks(find_places(), (broken, missing, check_journal)))
    assert found[0] == Finding("broken", "bad", "Line 3 is odd.", "Mend it.")
    assert "libhccl.so" in found[1].sentence
    assert found[2].state == "good"


def test_json_tells_the_same_and_the_exit_code_says_whether_all_is_well(papertray: Papertray) -> None:
    said = papertray("doctor", "--json")
    told = json.loads(said.out)
    assert {"about", "state", "sentence", "advice"} == set(told[0])
    assert said.code == 1  # the inbox is not there yet
