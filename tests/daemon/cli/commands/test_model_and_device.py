import json
from pathlib import Path

from papertray.daemon.journal import Journal
from papertray.daemon.places import find_places
from papertray.daemon.settings import load_settings
from papertray.engine.models.weights import Weights
from papertray.engine.pages import ReaderIdentity
from tests.daemon.cli.conftest import Papertray
from tests.desks import draw, running, until
from tests.fakes import InstantReader, OneReader
from tests.hub.models import checkpoint


def test_what_is_chosen_is_saved_and_the_daemon_told(papertray: Papertray) -> None:
    assert papertray("device", "cpu").code == 0
    assert papertray("model", "quick").out.startswith("quick\n")
    assert (load_settings(find_places()).engine.device, load_settings(find_places()).engine.model) == (
        "cpu",
        "quick",
    )
    journal = Journal.open(find_places().journal)
    assert journal.requests.last_reload()
    journal.close()


def test_without_a_name_it_is_shown_and_nothing_is_written(papertray: Papertray) -> None:
    answer = json.loads(papertray("device", "--json").out)
    assert answer["chosen"] == "auto"
    assert {"cpu", "cuda", "mps", "npu"} <= set(answer["choices"])
    assert not find_places().settings_file.exists()


def test_while_no_large_model_is_here_the_quick_reader_is_what_reads(papertray: Papertray) -> None:
    assert papertray("model").out.startswith("auto (now: quick)\nOthers: ")
    assert papertray("device").out.startswith("auto (now: cpu)\nOthers: ")


def test_without_a_daemon_it_is_told_what_would_read_and_why(papertray: Papertray) -> None:
    Weights(find_places().models).add("dots-ocr", checkpoint("dots-ocr"))
    papertray("config", "set", "engine.device", "cpu")
    papertray("config", "set", "engine.dtype", "float32")
    assert papertray("model").out.startswith(
        "auto (now: dots-ocr)\nWhy: cpu in float32, pages up to 1288 pixels because float32 was asked for.\n"
    )


def test_a_chosen_model_that_is_not_here_says_what_to_do(papertray: Papertray) -> None:
    refusal = papertray("model", "dots-ocr")
    assert refusal.code == 22
    assert "dots.ocr is not fetched, so nothing was changed." in refusal.err
    assert "papertray models pull dots-ocr" in refusal.err
    assert "`papertray models pull quick-greek` fetches it" in papertray("model", "quick-greek").err
    assert not find_places().settings_file.exists()
    papertray("config", "set", "engine.model", "dots-ocr")
    assert "Why: dots.ocr is chosen, but its files are not in" in papertray("model").out


def test_a_device_that_is_not_here_is_not_chosen_and_the_way_there_is_said(papertray: Papertray) -> None:
    refusal = papertray("device", "npu")
    assert refusal.code == 20
    assert "npu cannot be used: No Ascend NPU was found. `papertray device auto` takes" in refusal.err
    assert not find_places().settings_file.exists()


def test_a_running_daemon_tells_what_is_loaded_and_why(papertray: Papertray, tmp_path: Path) -> None:
    class Told(InstantReader):
        identity = ReaderIdentity("dots-ocr", "1", "cuda in float16")
        why = "cuda in float16 because the whole model fits the card."

    with running(tmp_path / "inbox", OneReader(Told())) as desk:
        draw(desk.inbox / "scan.png", "scan")
        until(lambda: desk.client.status().loaded, "the reader")
        assert papertray("device").out.startswith(f"auto (now: cuda in float16)\nWhy: {Told.why}\n")
        assert papertray("model").out.startswith(f"auto (now: dots-ocr)\nWhy: {Told.why}\n")


def test_a_name_that_is_none_is_refused_and_the_others_are_named(papertray: Papertray) -> None:
    result = papertray("device", "gpu")
    assert result.code == 3
    assert "cuda" in result.err
    result = papertray("model", "deepseek-ocr-3")
    assert result.code == 21
    assert "Did you mean deepseek-ocr" in result.err
    assert not find_places().settings_file.exists()


def test_a_models_name_may_be_written_as_its_publisher_does(papertray: Papertray) -> None:
    Weights(find_places().models).add("dots-ocr", checkpoint("dots-ocr"))
    assert papertray("model", "dots.OCR").out.startswith("dots-ocr\n")
