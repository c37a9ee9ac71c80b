"""Looking at the machine: what the facts mean, and that a bad driver costs its own device only."""

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from papertray.engine.devices.environment import BEFORE_TORCH, prepare_environment
from papertray.engine.devices.machine import probe_in_child, survey_machine
from papertray.engine.devices.survey import DeviceFacts, judge_device

TORCH = {"torch": "2.13.0"}
NO_CANN = "libhccl.so: cannot open shared object file: No such file or directory"


@pytest.mark.parametrize(
    ("facts", "why", "advice"),
    [
        (DeviceFacts("cuda", **TORCH), "No NVIDIA card was found.", ""),
        (
            DeviceFacts("cuda", "NVIDIA card"),
            "torch, which large models need, is not installed.",
            "`papertray models pull NAME` installs it",
        ),
        (DeviceFacts("cuda", "NVIDIA card", **TORCH), "built for the processor only", "--index-url"),
        (
            DeviceFacts(
                "cuda", "NVIDIA card", **TORCH, built=True, error="Found no NVIDIA driver on your system."
            ),
            "driver is missing, too old or not running",
            "nvidia-smi",
        ),
        (
            DeviceFacts(
                "cuda", "Tesla K40", **TORCH, built=True, error="CUDA error: no kernel image is available"
            ),
            "no code for this card",
            "torch that supports it",
        ),
        (
            DeviceFacts("cuda", "RTX 3060", **TORCH, built=True, error="CUDA error: out of memory"),
            "Other programs hold all of the card's memory.",
            "Close them",
        ),
        (DeviceFacts("mps", **TORCH), "not a Mac with Apple silicon", ""),
        (
            DeviceFacts("mps", "Apple silicon"),
            "torch, which large models need, is not installed.",
            "pull NAME",
        ),
        (DeviceFacts("mps", "Apple silicon", **TORCH), "built without Metal", "arm64"),
        (DeviceFacts("mps", "Apple silicon", **TORCH, built=True), "macOS 14 or newer", "Update macOS."),
        (DeviceFacts("npu", **TORCH), "No Ascend NPU was found.", ""),
        (DeviceFacts("npu", "Ascend NPU", **TORCH), "torch-npu is not installed.", "papertray[npu]"),
        (
            DeviceFacts("npu", "Ascend NPU", **TORCH, built=True, error=NO_CANN),
            "CANN is not loaded",
            "set_env.sh",
        ),
        (
            DeviceFacts("npu", **TORCH, built=True, error="import of torch_npu halted; None in sys.modules"),
            "CANN is not loaded",
            "uninstall torch-npu",
        ),
        (
            DeviceFacts("cpu", "x86_64"),
            "torch, which large models need, is not installed.",
            "models pull NAME",
        ),
        (DeviceFacts("cpu", "x86_64", **TORCH, built=True, error="Illegal sum"), "Illegal sum", ""),
    ],
)
def test_what_is_wrong_and_what_to_do_is_said(facts: DeviceFacts, why: str, advice: str) -> None:
    device = judge_device(facts)
    assert not device.usable
    assert why in device.why
    assert advice in device.advice
    assert device.present == bool(facts.title)


def test_a_device_that_works_has_nothing_to_say() -> None:
    device = judge_device(DeviceFacts("cuda", "RTX 4090", **TORCH, built=True, works=True, total=24, free=20))
    assert (device.usable, device.why, device.advice, device.free) == (True, "", "", 20)


def test_this_machine_computes_on_its_processor() -> None:
    found = survey_machine()
    assert [device.name for device in found.devices] == ["cuda", "mps", "npu", "cpu"]
    cpu = found.device("cpu")
    assert cpu.usable
    assert 0 < cpu.free <= cpu.total
    assert "float32" in cpu.native


def test_looking_leaves_torch_out_of_this_process() -> None:
    script = (
        "import sys; from papertray.engine.devices.machine import survey_machine\n"
        "assert survey_machine(('cpu',)).device('cpu').usable\n"
        "print(sorted({'torch', 'transformers', 'numpy'} & sys.modules.keys()))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False
    )
    assert (told.stdout.strip(), told.returncode) == ("[]", 0), told.stderr


BAD_DRIVERS = """
import os, time
from papertray.engine.devices.probe_child import answer_probes
from papertray.engine.devices.survey import DeviceFacts

def look(name):
    if name == "crash":
        os._exit(11)
    if name == "hang":
        time.sleep(600)
    print("a driver's banner", flush=True)
    return DeviceFacts(name, "here", torch="2", works=True, dtypes=("float32",))

import sys
answer_probes(sys.argv[1:], look)
"""


def test_a_driver_that_crashes_or_hangs_costs_its_own_device_only() -> None:
    bad = (sys.executable, "-c", BAD_DRIVERS)
    found = list(probe_in_child(("first", "crash", "between", "hang", "last"), 4, bad))
    assert [(facts.name, facts.works) for facts in found] == [
        ("first", True),
        ("crash", False),
        ("between", True),
        ("hang", False),
        ("last", True),
    ]
    assert found[0] == DeviceFacts("first", "here", torch="2", works=True, dtypes=("float32",))
    assert found[1].error == "Its driver ended the process that asked."
    assert found[3].error == "It did not answer within 4 seconds."


def test_the_process_that_looks_ends_with_the_one_that_asked() -> None:
    asking = subprocess.Popen(
        [sys.executable, "-c", BAD_DRIVERS, "hang"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert asking.communicate(timeout=60) == (b"", None)
    assert asking.returncode == 0


@pytest.mark.parametrize("after", [0.0, 0.02, 0.05, 0.1, 0.2, 0.4])
def test_who_asked_may_end_at_any_moment_without_a_word(after: float) -> None:
    asks = (
        "import threading, time; from papertray.engine.devices.machine import survey_machine\n"
        "if __name__ == '__main__':\n"
        "    threading.Thread(target=survey_machine, daemon=True).start()\n"
        f"    time.sleep({after})"
    )
    told = subprocess.run(
        [sys.executable, "-c", asks], capture_output=True, text=True, timeout=120, check=False
    )
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


def test_the_environment_is_set_before_torch_and_a_users_choice_stays() -> None:
    environ = {"PYTORCH_ENABLE_MPS_FALLBACK": "0"}
    modules: dict[str, ModuleType | None] = {}
    prepare_environment(environ, modules)
    assert modules == {"kernels": None}, "code from the hub is never fetched"
    assert environ == {**BEFORE_TORCH, "PYTORCH_ENABLE_MPS_FALLBACK": "0"}
    assert environ["PYTORCH_CUDA_ALLOC_CONF"] == "expandable_segments:True"


@pytest.fixture
def torch_npu_without_cann(tmp_path: Path) -> dict[str, str]:
    package = tmp_path / "torch_npu"
    package.mkdir()
    (package / "__init__.py").write_text(f"raise ImportError({NO_CANN!r})")
    metadata = tmp_path / "torch_npu-2.13.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: torch-npu\nVersion: 2.13.0\n")
    (metadata / "entry_points.txt").write_text("[torch.backends]\ntorch_npu = torch_npu:_autoload\n")
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[3] / "src")])
    return {name: value for name, value in os.environ.items() if name not in BEFORE_TORCH} | {
        "PYTHONPATH": path
    }


IMPORTS = "import torch; from transformers import Qwen2ForCausalLM; print(torch.ones(2).sum().item())"


def run(script: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    asked = [sys.executable, "-c", script]
    return subprocess.run(asked, env=environ, capture_output=True, text=True, timeout=120, check=False)


def test_torch_npu_without_cann_breaks_everything_when_nothing_is_prepared(
    torch_npu_without_cann: dict[str, str],
) -> None:
    assert "libhccl" in run(IMPORTS, torch_npu_without_cann).stderr


def test_torch_npu_without_cann_leaves_the_other_devices_alone(
    torch_npu_without_cann: dict[str, str],
) -> None:
    prepare = "from papertray.engine.devices.environment import prepare_environment as prepare; prepare()"
    told = run(f"{prepare}; {IMPORTS}", torch_npu_without_cann)
    assert told.stdout.strip() == "2.0", told.stderr


def test_torch_npu_without_cann_is_told_with_the_way_out(torch_npu_without_cann: dict[str, str]) -> None:
    script = (
        "from papertray.engine.devices.machine import survey_machine\n"
        "for name in ('npu', 'cpu'): print(survey_machine((name,)).device(name))"
    )
    told = run(script, torch_npu_without_cann)
    npu, cpu = told.stdout.splitlines()
    assert "set_env.sh" in npu, told.stderr
    assert "usable=True" in cpu


def test_the_package_that_drives_an_npu_is_imported_for_it_alone(
    torch_npu_without_cann: dict[str, str],
) -> None:
    script = "from papertray.engine.devices.environment import load_backend; load_backend('cpu')"
    assert run(script, torch_npu_without_cann).stderr == ""
    assert "libhccl" in run(f"{script}; load_backend('npu')", torch_npu_without_cann).stderr


def test_the_attention_that_makes_a_plan_for_every_length_is_left_out_on_nvidia_cards() -> None:
    script = (
        "from papertray.engine.devices.environment import load_backend\n"
        "for name in ('cpu', 'cuda'):\n"
        "    load_backend(name)\n"
        "    from torch.backends import cuda\n"
        "    print(cuda.cudnn_sdp_enabled(), cuda.flash_sdp_enabled())"
    )
    assert run(script, dict(os.environ)).stdout.splitlines() == ["True True", "False True"]
