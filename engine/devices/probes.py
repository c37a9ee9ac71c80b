"""Measure one device. Whatever goes wrong on the way is one of the facts.

Called in a process of its own (see `machine`); torch is imported here and late.
"""

import importlib.metadata
import importlib.util
import platform
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from papertray.engine.devices.processor import has_eight_bit_product
from papertray.engine.devices.survey import DeviceFacts

NVIDIA, DISPLAY = "0x10de", "0x03"
"""The vendor's number on the PCI bus, and how the classes of display devices begin."""


def probe_device(name: str) -> DeviceFacts:
    """The facts of one device."""
    probe = _PROBES[name]
    facts = DeviceFacts(name, title=probe.title(), torch=_version("torch"))
    if not facts.torch:
        return facts
    try:
        facts = replace(facts, built=probe.built())
        return probe.measure(facts) if facts.built else facts
    except Exception as problem:
        first_line = str(problem).strip().partition("\n")[0]
        return replace(facts, error=first_line or type(problem).__name__)


def device_title(name: str) -> str:
    """What a device is called where the machine has it, without torch."""
    return _PROBES[name].title()


def _cuda_is_built() -> bool:
    import torch

    return bool(torch.version.cuda or torch.version.hip)


def _measure_cuda(facts: DeviceFacts) -> DeviceFacts:
    import torch

    _compute("cuda")
    free, total = torch.cuda.mem_get_info()
    has_bfloat16 = torch.cuda.is_bf16_supported(including_emulation=False)
    return replace(
        facts,
        works=True,
        title=torch.cuda.get_device_name(),
        total=total,
        free=free,
        dtypes=("float32", "float16", "bfloat16"),
        native=("float32", "float16") + (("bfloat16",) if has_bfloat16 else ()),
        four_bit=_installed("bitsandbytes"),
    )


def _metal_is_built() -> bool:
    import torch

    return torch.backends.mps.is_built()


def _measure_metal(facts: DeviceFacts) -> DeviceFacts:
    import psutil
    import torch

    if not torch.backends.mps.is_available():
        return facts
    _compute("mps")
    total = torch.mps.recommended_max_memory()
    macos = int(platform.mac_ver()[0].partition(".")[0] or 0)
    return replace(
        facts,
        works=True,
        total=total,
        free=min(total, psutil.virtual_memory().available),
        dtypes=("float32", "float16") + (("bfloat16",) if macos >= 14 else ()),
        native=("float32", "float16"),
    )


def _measure_npu(facts: DeviceFacts) -> DeviceFacts:
    import torch
    import torch_npu  # noqa: F401

    npu: Any = torch.npu  # type: ignore[attr-defined]
    _compute("npu")
    free, total = npu.mem_get_info()
    dtypes = ("float32", "float16") + (("bfloat16",) if npu.is_bf16_supported() else ())
    title = npu.get_device_name()
    return replace(
        facts,
        works=True,
        title=title,
        total=total,
        free=free,
        dtypes=dtypes,
        native=dtypes,
        lacks=lacking_operators("npu"),
    )


def _measure_cpu(facts: DeviceFacts) -> DeviceFacts:
    import psutil
    import torch

    _compute("cpu")
    memory = psutil.virtual_memory()
    can: Mapping[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    has_bfloat16 = any(can.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))
    return replace(
        facts,
        works=True,
        total=memory.total,
        free=memory.available,
        dtypes=("float32", "float16", "bfloat16"),
        native=("float32", "bfloat16") if has_bfloat16 else ("float32",),
        four_bit=_installed("bitsandbytes"),
        eight_bit=has_eight_bit_product(),
    )


def lacking_operators(device: str) -> tuple[str, ...]:
    """Tried once, with the numbers compared: what a pair of drivers can do, its version does not tell."""
    tries = {"convolution": _convolve, "masked_scatter": _scatter}
    return tuple(name for name, attempt in tries.items() if not _is_right(attempt, device))


def _is_right(attempt: Callable[[str], Any], device: str) -> bool:
    import torch

    try:
        return torch.allclose(attempt(device).cpu().float(), attempt("cpu").float(), atol=0.01)
    except Exception:  # whatever the driver raises
        return False


def _convolve(device: str) -> Any:
    import torch

    dtype = torch.float32 if device == "cpu" else torch.float16
    picture = torch.arange(192.0).reshape(1, 3, 8, 8).to(device, dtype) / 192
    weight = torch.ones(2, 3, 4, 4).to(device, dtype) / 48
    return torch.nn.functional.conv2d(picture, weight, stride=4)


def _scatter(device: str) -> Any:
    import torch

    places = torch.tensor([True, False, True, False]).to(device)
    return torch.zeros(4).to(device).masked_scatter(places, torch.ones(2).to(device))


def _compute(device: str) -> None:
    import torch

    ones = torch.ones(16, 16, device=device)
    if (ones @ ones).sum().item() != 16**3:
        raise RuntimeError("It computes wrong numbers.")


def _nvidia_card() -> str:
    """The card's name where its driver runs, "NVIDIA card" where only the bus knows of it."""
    if program := shutil.which("nvidia-smi"):
        query = [program, "--query-gpu=name", "--format=csv,noheader"]
        answer = subprocess.run(query, capture_output=True, text=True, timeout=20, check=False)
        if answer.returncode == 0 and answer.stdout.strip():
            return answer.stdout.splitlines()[0].strip()
    for device in Path("/sys/bus/pci/devices").glob("*"):
        maker, kind = ((device / name).read_text() for name in ("vendor", "class"))
        if maker.startswith(NVIDIA) and kind.startswith(DISPLAY):
            return "NVIDIA card"
    return _amd_card()


def _amd_card() -> str:
    return "AMD card" if Path("/dev/kfd").exists() else ""


def _apple_chip() -> str:
    return "Apple silicon" if (platform.system(), platform.machine()) == ("Darwin", "arm64") else ""


def _ascend_chip() -> str:
    return "Ascend NPU" if any(Path("/dev").glob("davinci[0-9]*")) else ""


def _processor() -> str:
    return platform.processor() or platform.machine() or "processor"


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


@dataclass(frozen=True, slots=True)
class _Probe:
    title: Callable[[], str]
    built: Callable[[], bool]
    measure: Callable[[DeviceFacts], DeviceFacts]


_PROBES = {
    "cuda": _Probe(_nvidia_card, _cuda_is_built, _measure_cuda),
    "mps": _Probe(_apple_chip, _metal_is_built, _measure_metal),
    "npu": _Probe(_ascend_chip, lambda: bool(_version("torch-npu")), _measure_npu),
    "cpu": _Probe(_processor, lambda: True, _measure_cpu),
}
