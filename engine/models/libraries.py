"""The libraries that large models need beside papertray: which are missing, and what installs them.

Looks at this interpreter and at what devices the machine has; loads none of them. `install_libraries` runs
the installer that this environment has, and nothing else; whether to is the caller's question to a person.
"""

import importlib
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from papertray.engine.devices.probes import device_title
from papertray.engine.errors import DownloadError
from papertray.engine.language import translatable
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.models.recognisers import is_recogniser

NEEDED = ("torch", "transformers", "accelerate", "safetensors", "huggingface_hub")
TO_FETCH = ("huggingface_hub",)
"""All that is needed of them for files that another program reads."""
PROCESSOR_BUILDS = ("--extra-index-url", "https://download.pytorch.org/whl/cpu")
PROCESSOR_BUILDS_BY_UV = ("--torch-backend", "cpu")
"""On Linux torch otherwise brings two gigabytes of CUDA, also where there is no card. An index more would be
asked by uv for all packages first, and what is older there would be taken."""
EXTRAS = {"cuda": "NVIDIA", "npu": "Ascend", "mps": "Apple"}
"""Which extra goes with a device whose name begins so. A machine with none of them gets "cpu"."""

LOOK = 0.2  # seconds between two looks at whether the installer has ended
HERE_ALREADY = "Requirement already satisfied"
FAULT = re.compile(r"(?:error|ERROR):|×")
FAULT_LINES = 2
"""How pip and uv begin what is wrong, and how long it is; behind it come hints and details."""
PROCESSOR_BUILDS_BY_PIPX = ("--pip-args=--torch-backend cpu",)
PIPX_FILE, UV_FILE = "pipx_metadata.json", "uv-receipt.toml"
"""By these the environment of a tool is known, and who has made it."""
PLAIN_INSTALL = "pipx install papertray"
"""What may install into its own environment, as the bundle may not."""
PLACES = os.pathsep.join(("~/.local/bin", "~/.cargo/bin", "/opt/homebrew/bin", "/usr/local/bin"))
"""A service of the system looks there no more than for any other program of a person."""


class LibrariesMissing(DownloadError):
    retry = False

    def __init__(self, names: Sequence[str], advice: str) -> None:
        super().__init__(say_what_lacks(names), advice)


@dataclass(frozen=True, slots=True)
class Environment:
    """Where this papertray runs. `installer` begins a command, and is empty where nothing may install.

    `by_hand` begins what a person would type instead. `forgets` is True where an upgrade of papertray
    takes away what its installer did not bring itself.
    """

    prefix: str
    installer: tuple[str, ...]
    bundle: bool = False
    linux: bool = False
    by_hand: tuple[str, ...] = ("python", "-m", "pip", "install")
    forgets: bool = False


@dataclass(frozen=True, slots=True)
class InstallPlan:
    """`command` is empty where only a person can do it; `line` is what they would type."""

    extra: str
    command: tuple[str, ...]
    line: str

    @property
    def advice(self) -> str:
        if self.line == PLAIN_INSTALL:
            return translatable(
                "A bundle takes no libraries. `pipx install papertray` does:"
                " `papertray models pull` there brings them."
            )
        line = self.line
        return translatable(f"Install them: `{line}`.")


def needed_libraries(entry: CatalogEntry) -> tuple[str, ...]:
    """To fetch a model, and to read with it; another program's files are only fetched."""
    if not entry.has_weights or is_recogniser(entry.name):
        return ()
    return TO_FETCH if entry.files else NEEDED


def missing_libraries(
    needed: Sequence[str] = NEEDED, find: Callable[[str], object | None] = importlib.util.find_spec
) -> tuple[str, ...]:
    return tuple(name for name in needed if find(name) is None)


def say_what_lacks(names: Sequence[str]) -> str:
    missing = ", ".join(names)
    if tuple(names) == TO_FETCH:
        return translatable(f"To fetch models takes {missing}, which papertray does not bring.")
    return translatable(f"Large models need {missing}, which papertray does not bring.")


def this_environment() -> Environment:
    """A Python that its system manages takes nothing from pip; a tool's own environment may lack pip."""
    managed = (Path(sysconfig.get_path("stdlib")) / "EXTERNALLY-MANAGED").exists()
    alone = sys.prefix != sys.base_prefix
    with_pip = importlib.util.find_spec("pip") is not None
    by_uv = ("pip", "install", "--python", sys.executable)
    uv = _find_program("uv")
    installer: tuple[str, ...] = ()
    if (alone or not managed) and with_pip:
        installer = (sys.executable, "-m", "pip", "install")
    elif (alone or not managed) and uv:
        installer = (uv, *by_uv)
    bundle, linux = bool(getattr(sys, "frozen", False)), sys.platform.startswith("linux")
    if not alone or with_pip:
        return Environment(sys.prefix, installer, bundle, linux)
    here = Path(sys.prefix)
    if (here / PIPX_FILE).is_file() and not uv:  # pipx has one of its own, and that alone
        pipx = _find_program("pipx")
        into = ("inject", here.name)
        return Environment(sys.prefix, (pipx, *into) if pipx else (), bundle, linux, ("pipx", *into))
    forgets = (here / UV_FILE).is_file()
    return Environment(sys.prefix, installer, bundle, linux, ("uv", *by_uv), forgets)


def _find_program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path=_at_home(PLACES))


def _at_home(places: str) -> str:
    return os.pathsep.join(str(Path(place).expanduser()) for place in places.split(os.pathsep))


def extra_for_machine(title: Callable[[str], str] = device_title) -> str:
    """The extra of the first device that is here."""
    return next((name for name, maker in EXTRAS.items() if title(name).startswith(maker)), "cpu")


def plan_install(
    extra: str,
    environment: Environment,
    requires: Iterable[str] | None = None,
    needed: Sequence[str] = NEEDED,
) -> InstallPlan:
    """What would put the libraries beside this papertray: all of an extra, or only what fetches."""
    wanted = tuple(_requirements(extra, requires or importlib.metadata.requires("papertray") or ()))
    installer = environment.installer or environment.by_hand
    if tuple(needed) == TO_FETCH:
        wanted = tuple(one for one in wanted if _package(one) in TO_FETCH)
    elif extra in ("cpu", "npu") and environment.linux:
        by = {"pip": PROCESSOR_BUILDS_BY_UV, "inject": PROCESSOR_BUILDS_BY_PIPX}
        wanted += by.get(installer[1], PROCESSOR_BUILDS)
    if environment.bundle:
        return InstallPlan(extra, (), PLAIN_INSTALL)
    command = (*installer, *wanted)
    if not environment.installer:
        return InstallPlan(extra, (), _quoted(command))
    return InstallPlan(extra, command, _quoted(command))


def plan_for_machine(needed: Sequence[str] = NEEDED) -> InstallPlan:
    return plan_install(extra_for_machine(), this_environment(), needed=needed)


def install_libraries(
    plan: InstallPlan,
    show: Callable[[str], None],
    environ: Mapping[str, str] | None = None,
    cancel: threading.Event | None = None,
) -> None:
    """Run it; `show` gets each line that the installer writes. A cancelled one is ended, and has failed."""
    process = subprocess.Popen(
        plan.command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environ,
    )
    last, faults = "", list[str]()
    with process:
        assert process.stdout is not None
        if cancel is not None:
            threading.Thread(target=_end_when_cancelled, args=(process, cancel), daemon=True).start()
        for line in process.stdout:
            last = line.strip() or last
            if FAULT.match(last) or faults:
                faults.append(last)
            if not line.startswith(HERE_ALREADY):
                show(line.rstrip())
    if process.returncode:
        said = " ".join(faults[:FAULT_LINES]) or last
        raise DownloadError(f"The libraries could not be installed. The installer says: {said}", plan.advice)
    importlib.invalidate_caches()


def _end_when_cancelled(process: "subprocess.Popen[str]", cancel: threading.Event) -> None:
    while process.poll() is None:
        if cancel.wait(LOOK):
            process.terminate()
            return


def _requirements(extra: str, requires: Iterable[str]) -> Iterable[str]:
    """Those of an extra, without the conditions that make them one."""
    for requirement in requires:
        wanted, _, condition = requirement.partition(";")
        if re.search(rf"extra\s*==\s*['\"]{extra}['\"]", condition):
            yield wanted.strip().replace(" ", "")


def _package(requirement: str) -> str:
    """The name under which it is imported."""
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].replace("-", "_")


def _quoted(words: Sequence[str]) -> str:
    return " ".join(f"'{word}'" if re.search(r"[^\w./:=-]", word) else word for word in words)
