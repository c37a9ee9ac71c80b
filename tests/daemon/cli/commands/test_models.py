"""`papertray models`, against a hub on this machine."""

import io
import json
import os
import re
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from papertray.daemon.journal import Journal
from papertray.daemon.places import find_places
from papertray.engine.models.catalog import find_entry
from tests.daemon.cli.conftest import Papertray
from tests.daemon.journal.test_doubtful_pages import read_as
from tests.daemon.journal.test_journal import add
from tests.hub.models import checkpoint, repositories
from tests.hub.recognisers import as_repository, put_in_table
from tests.hub.server import LocalHub, Misbehaviour, local_hub

NAME = "deepseek-ocr-2"


def test_the_list_tells_licence_size_and_revision_of_models_that_are_not_here(papertray: Papertray) -> None:
    rows = {row["name"]: row for row in json.loads(papertray("models", "list", "--json").out)}
    assert rows[NAME]["licence"] == "Apache-2.0"
    assert rows[NAME]["size"] == 6_800_000_000
    assert rows[NAME]["revision"] == find_entry(NAME).revision
    assert rows[NAME]["score"] == "90.25 OmniDocBench 1.6"
    assert rows[NAME]["score_source"] == find_entry(NAME).score_source
    assert rows["quick"]["pages_a_minute"] == 32
    assert not rows[NAME]["installed"]
    assert [name for name, row in rows.items() if row["chosen"]] == ["quick"]


def test_the_list_fits_a_terminal_of_80_columns_and_leaves_names_whole(
    papertray: Papertray, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row for row in json.loads(papertray("models", "list", "--json").out) if not row["adds_to"]]
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    shown = papertray("models", "list").out
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown)  # heads are in bold
    assert max(map(len, plain.splitlines())) <= 80
    for row in rows:
        assert row["name"] in shown
        assert row["good_at"].split()[0] in shown
        assert row["score"].split(" ")[0] in shown


def test_the_list_tells_what_a_page_took_here_or_else_takes_on_two_cores(papertray: Papertray) -> None:
    assert "~2 s" in papertray("models", "list").out
    find_places().make()
    with closing(Journal.open(find_places().journal)) as journal:
        add(journal, "a.pdf", 1)
        read_as(journal, [1.0])
        journal.store.rows("UPDATE documents SET state = 'done', finished = 5.0, reader = 'quick'")
        journal.store.rows("UPDATE pages SET seconds = 12.4")
    rows = {row["name"]: row for row in json.loads(papertray("models", "list", "--json").out)}
    assert (rows["quick"]["seconds_a_page"], rows["glm-ocr"]["seconds_a_page"]) == (12.4, None)
    shown = papertray("models", "list").out
    assert "12 s" in shown
    assert "~2 s" not in shown


def test_a_pulled_model_is_here_chosen_and_right(papertray: Papertray, hub: LocalHub) -> None:
    result = papertray("models", "pull", NAME, "--yes")
    assert result.code == 0
    for shown in ("Apache-2.0", find_entry(NAME).revision, hub.address, "to be fetched"):
        assert shown in result.err.replace("\n", "")
    rows = {row["name"]: row for row in json.loads(papertray("models", "list", "--json").out)}
    assert rows[NAME]["installed"]
    assert rows[NAME]["chosen"]
    checked = papertray("models", "verify", NAME)
    assert checked.code == 0
    assert "right\tarchitecture\tDeepseekOCR2ForCausalLM" in checked.out
    assert "WRONG" not in checked.out


def test_a_papertray_without_the_libraries_says_which_and_asks_before_it_installs_them(
    papertray: Papertray, hub: LocalHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "accelerate", None)  # as if it were not installed
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    result = papertray("models", "pull", NAME)
    assert result.code == 23
    assert "Large models need accelerate, which papertray does not bring." in result.err
    assert f"This installs them into {sys.prefix}: " in result.err
    assert "torch>=2.6" in result.err
    assert not find_places().models.exists()


def test_another_revision_is_fetched_when_named_and_written_down(papertray: Papertray, hub: LocalHub) -> None:
    other = "0123456789" * 4
    result = papertray("models", "pull", NAME, "--yes", "--revision", other)
    assert (result.code, f"Revision: {other}" in result.err) == (0, True)
    rows = {row["name"]: row for row in json.loads(papertray("models", "list", "--json").out)}
    assert rows[NAME]["revision"] == other


@pytest.mark.parametrize(("answer", "fetched"), [("n\n", False), ("y\n", True)])
def test_without_yes_the_download_is_asked_for(
    papertray: Papertray, hub: LocalHub, monkeypatch: pytest.MonkeyPatch, answer: str, fetched: bool
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    result = papertray("models", "pull", NAME)
    assert result.code == 0
    assert "Fetch it?" in result.err
    assert bool(hub.sent) == fetched


def test_where_nobody_answers_nothing_is_fetched(
    papertray: Papertray, hub: LocalHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    result = papertray("models", "pull", NAME)
    assert result.code == 22
    assert "--yes" in result.err
    assert not hub.sent


def test_a_model_that_is_here_is_not_asked_for_again(papertray: Papertray, hub: LocalHub) -> None:
    papertray("models", "pull", NAME, "--yes")
    hub.sent.clear()
    assert papertray("models", "pull", NAME).code == 0
    assert not hub.sent


def test_verify_of_a_damaged_model_fails_and_says_what_is_wrong(papertray: Papertray) -> None:
    papertray("models", "add", NAME, checkpoint(NAME))
    config = find_places().models / NAME / "config.json"
    config.write_text(config.read_text() + " ")
    result = papertray("models", "verify", NAME)
    assert result.code == 22
    assert "WRONG\tconfig.json\tother bytes than fetched" in result.out
    assert f"papertray models pull {NAME}" in result.err
    lines = json.loads(papertray("models", "verify", NAME, "--json").out)
    assert [line["what"] for line in lines if not line["right"]] == ["config.json"]


def test_remove_starts_afresh_in_one_command(papertray: Papertray) -> None:
    papertray("models", "add", NAME, checkpoint(NAME))
    result = papertray("models", "remove", NAME)
    assert (result.code, "1.4 MB freed" in result.err) == (0, True)
    assert not (find_places().models / NAME).exists()
    assert "nothing to remove" in papertray("models", "remove", NAME).err


def test_a_misspelt_model_gets_the_nearest_name(papertray: Papertray) -> None:
    result = papertray("models", "pull", "deepseek-ocr-3", "--yes")
    assert result.code == 21
    assert "Did you mean deepseek-ocr" in result.err


def test_a_folder_with_another_model_is_refused(papertray: Papertray) -> None:
    result = papertray("models", "add", NAME, checkpoint("dots-ocr"))
    assert result.code == 22
    assert "DotsOCRForCausalLM, not DeepseekOCR2ForCausalLM" in result.err


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is not a signal that can be sent there")
def test_ctrl_c_stops_a_download_at_once_and_keeps_what_arrived(own_home: Path) -> None:
    with local_hub(repositories(), Misbehaviour(pause_after=1 << 20)) as running:
        command = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from papertray.daemon.cli import main; main()",
                "models",
                "pull",
                NAME,
                "--yes",
            ],
            env=os.environ | {"HF_ENDPOINT": running.address},
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        with command:
            assert running.wrong.paused.wait(60)
            os.killpg(command.pid, signal.SIGINT)  # a terminal sends it to the whole group
            output = command.communicate()[1]
        assert command.returncode == 130
        assert f"`papertray models pull {NAME}` goes on from there" in output
        assert "Traceback" not in output
    assert (find_places().models / f"{NAME}.partial" / "config.json").is_file()


def test_a_recogniser_for_another_script_is_pulled_without_any_library_and_listed_by_itself(
    papertray: Papertray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for library in ("torch", "huggingface_hub", "safetensors"):
        monkeypatch.setitem(sys.modules, library, None)  # as if it were not installed
    row = put_in_table(monkeypatch, "quick-greek", b"a recogniser")
    with local_hub(as_repository(tmp_path, row, b"a recogniser")) as running:
        monkeypatch.setenv("MODELSCOPE_ENDPOINT", running.address)
        done = papertray("models", "pull", "quick-greek", "--yes")
    assert done.code == 0
    assert "A recogniser for the quick reader: Greek" in done.err
    assert "Apache-2.0" in done.err
    assert "llama.cpp" not in done.err
    shown = {one["name"]: one for one in json.loads(papertray("models", "list", "--json").out)}
    assert (shown["quick-greek"]["here"], shown["quick-greek"]["adds_to"]) == ("yes", "quick")
    assert shown["quick"]["chosen"], "it is no reader of its own"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert "Recognisers for other scripts" in papertray("models", "list").out
    assert papertray("models", "verify", "quick-greek").code == 0
    assert papertray("model", "quick-greek").code == 21
    assert papertray("models", "remove", "quick-greek").code == 0
