"""What a look at the machine found, and what it means.

`DeviceFacts` are what was measured, `Device` is the judgement on them in sentences. The machine itself is not
touched here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """One device as it was found. `title` is empty where the machine has no such device.

    `torch` is its version or empty; `built` tells whether torch, or its plug-in, can drive this device;
    `works` that a small product was computed on it; `error` is what was raised on the way.
    """

    name: str
    title: str = ""
    torch: str = ""
    built: bool = False
    works: bool = False
    error: str = ""
    total: int = 0
    free: int = 0
    dtypes: tuple[str, ...] = ()
    native: tuple[str, ...] = ()
    four_bit: bool = False
    eight_bit: bool = False
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Device:
    """What the machine says of one device. `dtypes` run on it, `native` ones run at its full speed.

    `lacks` are operators that were tried on it and did not work.
    """

    name: str
    present: bool = False
    usable: bool = False
    title: str = ""
    why: str = ""
    advice: str = ""
    total: int = 0
    free: int = 0
    dtypes: tuple[str, ...] = ()
    native: tuple[str, ...] = ()
    four_bit: bool = False
    eight_bit: bool = False
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    devices: tuple[Device, ...]

    def device(self, name: str) -> Device:
        matching = (device for device in self.devices if device.name == name)
        return next(matching, Device(name, why="It was not found."))


class DeviceFault(NamedTuple):
    """When it applies, what is wrong, what to do."""

    applies: Callable[[DeviceFacts], bool]
    why: str
    advice: str


def _error_has(*phrases: str) -> Callable[[DeviceFacts], bool]:
    return lambda facts: any(phrase in facts.error.lower() for phrase in phrases)


_NO_TORCH = DeviceFault(
    lambda facts: not facts.torch,
    "torch, which large models need, is not installed.",
    "`papertray models pull NAME` installs it first, or says the line that does.",
)


FAULTS: dict[str, tuple[DeviceFault, ...]] = {  # the first that applies is told
    "cuda": (
        DeviceFault(lambda facts: not facts.title, "No NVIDIA card was found.", ""),
        _NO_TORCH,
        DeviceFault(
            lambda facts: not facts.built,
            "A card is here, but this torch was built for the processor only.",
            "Install a torch with CUDA: `pip install --force-reinstall torch --index-url "
            "https://download.pytorch.org/whl/cu126`.",
        ),
        DeviceFault(
            _error_has("no kernel image"),
            "This torch has no code for this card.",
            "Install a torch that supports it.",
        ),
        DeviceFault(
            _error_has("driver", "no cuda gpus", "no cuda-capable"),
            "The NVIDIA driver is missing, too old or not running.",
            "Install the current driver and start the machine again; `nvidia-smi` must show the card.",
        ),
        DeviceFault(
            _error_has("out of memory"),
            "Other programs hold all of the card's memory.",
            "Close them; `nvidia-smi` names them.",
        ),
    ),
    "mps": (
        DeviceFault(lambda facts: not facts.title, "This is not a Mac with Apple silicon.", ""),
        _NO_TORCH,
        DeviceFault(
            lambda facts: not facts.built,
            "This torch was built without Metal.",
            "Use a Python for arm64 and macOS 14 or newer, then `pip install --force-reinstall torch`.",
        ),
        DeviceFault(
            lambda facts: not facts.works and not facts.error,
            "Metal needs macOS 14 or newer.",
            "Update macOS.",
        ),
    ),
    "npu": (
        DeviceFault(lambda facts: not facts.title and not facts.built, "No Ascend NPU was found.", ""),
        _NO_TORCH,
        DeviceFault(
            lambda facts: not facts.built,
            "torch-npu is not installed.",
            "Install it: `pip install 'papertray[npu]'`.",
        ),
        DeviceFault(
            _error_has(".so", "cann", "halted"),  # "halted" is what hiding it in `environment` raises
            "torch-npu is installed but CANN is not loaded.",
            "Source the toolkit's set_env.sh before starting papertray, or uninstall torch-npu.",
        ),
        DeviceFault(lambda facts: not facts.title, "torch-npu is installed but no Ascend NPU was found.", ""),
    ),
    "cpu": (_NO_TORCH,),
}


def judge_device(facts: DeviceFacts) -> Device:
    """What the facts mean for this device."""
    why, advice = "", ""
    if not facts.works:
        unknown = facts.error or "It does not compute."
        faults = ((text, what) for applies, text, what in FAULTS[facts.name] if applies(facts))
        why, advice = next(faults, (unknown, ""))
    return Device(
        facts.name,
        present=bool(facts.title),
        usable=facts.works,
        title=facts.title,
        why=why,
        advice=advice,
        total=facts.total,
        free=facts.free,
        dtypes=facts.dtypes,
        native=facts.native,
        four_bit=facts.four_bit,
        eight_bit=facts.eight_bit,
        lacks=facts.lacks,
    )
