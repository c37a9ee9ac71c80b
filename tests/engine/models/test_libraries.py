"""What large models need beside papertray, and how it gets into this environment."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from papertray.engine.errors import DownloadError
from papertray.engine.models.catalog import QUICK, find_entry
from papertray.engine.models.gguf import find_gguf
from papertray.engine.models.libraries import (
    NEEDED,
    TO_FETCH,
    Environment,
    InstallPlan,
    LibrariesMissing,
    extra_for_machine,
    install_libraries,
    missing_libraries,
    needed_libraries,
    plan_install,
    this_environment,
)
from papertray.engine.models.recognisers import find_recogniser
from tests.engine.models.tiny_wheels import write_wheel

REQUIRES = (
    "pillow>=11.3",
    'torch>=2.6; extra == "cpu"',
    "huggingface-hub<3,>=2.4; extra == 'cpu'",
    "safetensors>=0.6 ; extra == 'cpu'",
    'torch>=2.6; extra == "cuda"',
    'bitsandbytes>=0.49; extra == "cuda"',
)
PIP = Environment("/there", ("python", "-m", "pip", "install"), linux=True)


@pytest.mark.parametrize(
    ("titles", "extra"),
    [
        ({}, "cpu"),
        ({"cuda": "NVIDIA GeForce RTX 3060"}, "cuda"),
        ({"cuda": "AMD card"}, "cpu"),
        ({"mps": "Apple silicon"}, "mps"),
        ({"npu": "Ascend NPU"}, "npu"),
    ],
)
def test_the_machine_decides_which_build_it_gets(titles: dict[str, str], extra: str) -> None:
    assert extra_for_machine(lambda name: titles.get(name, "")) == extra


def test_without_a_card_linux_gets_the_build_without_cuda() -> None:
    plan = plan_install("cpu", PIP, REQUIRES)
    assert plan.command[4:7] == ("torch>=2.6", "huggingface-hub<3,>=2.4", "safetensors>=0.6")
    assert plan.command[-2:] == ("--extra-index-url", "https://download.pytorch.org/whl/cpu")
    assert plan.line.startswith("python -m pip install 'torch>=2.6' 'huggingface-hub<3,>=2.4' 'safetensors")
    assert "pytorch.org" not in plan_install("cuda", PIP, REQUIRES).line
    assert "bitsandbytes" in plan_install("cuda", PIP, REQUIRES).line


def test_uv_is_told_of_the_build_without_cuda_in_its_own_words() -> None:
    """An index more would be asked for every package first."""
    uv = Environment("/there", ("/bin/uv", "pip", "install", "--python", "/there/bin/python"), linux=True)
    plan = plan_install("cpu", uv, REQUIRES)
    assert plan.command[-2:] == ("--torch-backend", "cpu")
    assert "pytorch.org" not in plan.line
    assert "torch-backend" not in plan_install("cuda", uv, REQUIRES).line


def test_an_environment_without_pip_is_told_what_to_type_for_it() -> None:
    by_hand = ("uv", "pip", "install", "--python", "/there/bin/python")
    plan = plan_install("cpu", Environment("/there", (), linux=True, by_hand=by_hand), REQUIRES)
    assert plan.command == ()
    assert plan.line == (
        "uv pip install --python /there/bin/python 'torch>=2.6' 'huggingface-hub<3,>=2.4' 'safetensors>=0.6'"
        " --torch-backend cpu"
    )


def test_where_nothing_may_be_installed_the_exact_line_is_said() -> None:
    for environment in (Environment("/usr", ()), Environment("/app", ("python",), bundle=True)):
        plan = plan_install("cuda", environment, REQUIRES)
        assert plan.command == ()
        assert "pip" in plan.advice
    assert plan.line == "pipx install papertray"
    assert "`papertray models pull` there brings them" in plan.advice


def test_another_programs_files_take_no_more_than_what_fetches_them() -> None:
    needed = needed_libraries(find_gguf("glm-ocr"))
    assert needed == TO_FETCH
    plan = plan_install("cpu", PIP, REQUIRES, needed)
    assert plan.line == "python -m pip install 'huggingface-hub<3,>=2.4'"
    assert needed_libraries(find_entry("glm-ocr")) == NEEDED
    assert needed_libraries(find_entry(QUICK)) == needed_libraries(find_recogniser("quick-greek").entry) == ()
    fault = LibrariesMissing(TO_FETCH, plan.advice)
    assert "Large models" not in fault.sentence


def test_what_is_missing_is_named() -> None:
    assert missing_libraries(find=lambda name: None) == NEEDED
    assert missing_libraries() == ()


def test_the_installer_is_run_and_what_it_says_is_shown(tmp_path: Path) -> None:
    """A folder of tiny wheels stands for the registry, another for the environment."""
    wheels, place = tmp_path / "wheels", tmp_path / "place"
    wheels.mkdir()
    write_wheel(wheels, "torch", "2.13.0")
    write_wheel(wheels, "safetensors", "0.6.1")
    write_wheel(wheels, "huggingface_hub", "2.4.0")
    environ = os.environ | {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_TARGET": str(place),
        "PIP_CONSTRAINT": "",
    }
    pip = Environment(sys.prefix, (sys.executable, "-m", "pip", "install"))
    lines: list[str] = []
    install_libraries(plan_install("cpu", pip, REQUIRES), lines.append, environ)
    assert (place / "torch").is_dir()
    assert (place / "safetensors").is_dir()
    assert any("Successfully installed" in line for line in lines)
    with pytest.raises(DownloadError, match="could not be installed"):
        install_libraries(plan_install("cuda", pip, REQUIRES), lines.append, environ)


def test_an_installer_that_fails_is_told_with_its_last_words_and_the_line_to_type() -> None:
    script = "print('No space left on device'); raise SystemExit(1)"
    with pytest.raises(DownloadError) as fault:
        install_libraries(
            InstallPlan("cpu", (sys.executable, "-c", script), "pip install torch"), lambda _line: None
        )
    assert "The installer says: No space left on device" in fault.value.sentence
    assert fault.value.advice == "Install them: `pip install torch`."


def test_of_what_an_installer_says_at_its_end_the_fault_is_told_and_not_the_hints() -> None:
    said = ("Resolving", "error: Request failed", "cause: Failed to fetch: https://there/torch/", "dns error")
    script = f"print({chr(10).join(said)!r}); raise SystemExit(1)"
    with pytest.raises(DownloadError) as fault:
        install_libraries(InstallPlan("cpu", (sys.executable, "-c", script), "uv pip"), lambda _line: None)
    assert fault.value.sentence.endswith(
        "says: error: Request failed cause: Failed to fetch: https://there/torch/"
    )


def test_a_tools_environment_without_pip_is_known_by_who_made_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, programs = tmp_path / "papertray", tmp_path / "bin"
    here.mkdir()
    programs.mkdir()
    monkeypatch.setattr(sys, "prefix", str(here))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("papertray.engine.models.libraries.PLACES", "")
    monkeypatch.setenv("PATH", str(programs))
    (here / "uv-receipt.toml").write_text("[tool]")
    assert this_environment().forgets
    (here / "uv-receipt.toml").rename(here / "pipx_metadata.json")
    nobody = this_environment()
    assert (nobody.installer, nobody.by_hand, nobody.forgets) == ((), ("pipx", "inject", "papertray"), False)
    line = plan_install("cpu", replace(nobody, linux=True), REQUIRES).line
    assert line.startswith("pipx inject papertray 'torch>=2.6' ")
    assert line.endswith(" 'safetensors>=0.6' '--pip-args=--torch-backend cpu'")
    for name in ("pipx", "uv"):
        program = programs / (f"{name}.exe" if os.name == "nt" else name)
        program.write_text("")
        program.chmod(0o755)
        assert Path(this_environment().installer[0]).stem == name
