import json
from collections.abc import Iterator

from papertray.daemon.cli.checks import Finding, findings, folders, journal, own_folders, settings, space
from papertray.daemon.errors import SettingsError
from papertray.daemon.journal import Journal
from papertray.daemon.places import Places, places
from tests.daemon.cli.conftest import Papertray


def test_a_damaged_journal_is_found_and_left_as_it_is() -> None:
    places().make()
    places().journal.write_bytes(b"no database " * 100)
    [finding] = journal(places())
    assert finding.state == "bad"
    assert "set" in finding.advice
    assert places().journal.read_bytes().startswith(b"no database")


def test_a_whole_journal_is_good_while_somebody_has_it_open() -> None:
    places().make()
    assert [finding.state for finding in journal(places())] == ["good"]
    opened = Journal.open(places().journal)
    assert [finding.state for finding in journal(places())] == ["good"]
    opened.close()


def test_a_missing_folder_is_named() -> None:
    found = list(folders(places()))
    assert {finding.state for finding in found} == {"bad"}
    assert "inbox" in found[0].sentence


def test_after_the_first_run_everything_but_the_reader_is_good(papertray: Papertray) -> None:
    papertray()
    places().make()
    found = findings(places(), (settings, own_folders, folders, space, journal))
    assert {finding.state for finding in found} == {"good"}


def test_a_check_that_cannot_look_is_a_finding_and_the_others_go_on() -> None:
    def broken(_here: Places) -> Iterator[Finding]:
        raise SettingsError("Line 3 is odd.", "Mend it.")
        yield

    def missing(_here: Places) -> Iterator[Finding]:
        raise ImportError("libhccl.so")
        yield

    found = list(findings(places(), (broken, missing, journal)))
    assert found[0] == Finding("broken", "bad", "Line 3 is odd.", "Mend it.")
    assert "libhccl.so" in found[1].sentence
    assert found[2].state == "good"


def test_json_tells_the_same_and_the_exit_code_says_whether_all_is_well(papertray: Papertray) -> None:
    said = papertray("doctor", "--json")
    told = json.loads(said.out)
    assert {"about", "state", "sentence", "advice"} == set(told[0])
    assert said.code == 1  # the inbox is not there yet
