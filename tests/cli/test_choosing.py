import json

from daemon.journal import Journal
from daemon.places import places
from daemon.settings import load
from tests.cli.conftest import Papertray


def test_what_is_chosen_is_saved_and_the_daemon_told(papertray: Papertray) -> None:
    assert papertray("device", "cpu").code == 0
    assert papertray("model", "quick").out.startswith("quick\n")
    assert (load(places()).engine.device, load(places()).engine.model) == ("cpu", "quick")
    journal = Journal.open(places().journal)
    assert journal.wishes.reload_asked()
    journal.close()


def test_without_a_name_it_is_shown_and_nothing_is_written(papertray: Papertray) -> None:
    told = json.loads(papertray("device", "--json").out)
    assert told["chosen"] == "auto"
    assert {"cpu", "cuda", "mps", "npu"} <= set(told["choices"])
    assert not places().settings_file.exists()


def test_a_name_that_is_none_is_refused_and_the_others_are_named(papertray: Papertray) -> None:
    said = papertray("device", "gpu")
    assert said.code == 2
    assert "cuda" in said.err
    assert not places().settings_file.exists()
