"""What is handed on: a wheel, an sdist, and papertray installed beside another package's `daemon`."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
from importlib.metadata import distribution, version
from pathlib import Path

import pytest

from tests.offline import sitecustomize
from tests.package import scans
from tests.package.builds import ROOT, build, only, record, sources

PYTHON_DAEMON_AT_WORK = """
import sys, daemon
with daemon.DaemonContext(detach_process=False, stdout=sys.stdout, stderr=sys.stderr):
    print(daemon.__file__)
"""
READING = """
import papertray
print(papertray.__file__)
print(papertray.read("letter.png").markdown)
"""
SPEAKING = """
from papertray.engine.language import speak, translate
speak("lt")
print(translate("Pause"))
"""


class CleanEnvironment:
    """A new virtual environment: what papertray needs is lent to it, papertray itself is not there."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, symlinks=os.name != "nt")
        self.folder = folder
        scheme = {"base": str(folder), "platbase": str(folder)}
        self.site = Path(sysconfig.get_path("purelib", "venv", scheme))
        self.programs = Path(sysconfig.get_path("scripts", "venv", scheme))
        lent = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
        (self.site / "lent.pth").write_text("\n".join(lent))  # an editable papertray there stays unseen

    def run(self, program: str, *words: str | Path, cwd: Path) -> str:
        command = shutil.which(program, path=str(self.programs))
        assert command, f"{program} is not installed"
        environment = {**os.environ, "PYTHONPATH": str(Path(sitecustomize.__file__).parent)}
        done = subprocess.run(
            [command, *words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def pip(self, *words: str | Path) -> None:
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(self.folder)]
        subprocess.run([*pip, *words], check=True, capture_output=True, timeout=120)

    def take_from_here(self, name: str) -> None:
        """Install a distribution of the tests' own environment: nothing can be fetched."""
        here = distribution(name)
        for file in here.files or ():
            if file.suffix != ".pyc" and ".." not in file.parts:
                (self.site / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(str(here.locate_file(file)), self.site / file)

    def files(self) -> dict[str, bytes]:
        found = (path for folder in (self.site, self.programs) for path in folder.rglob("*"))
        return {str(path): path.read_bytes() for path in found if path.is_file() and path.suffix != ".pyc"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    build(ROOT, folder, "wheel", "sdist")
    return folder


def test_a_wheel_has_everything_and_papertray_is_its_only_top_level_name(built: Path) -> None:
    files = record(only(built, "*.whl"))
    information = f"papertray-{version('papertray')}.dist-info"
    assert {file.split("/")[0] for file in files} == {"papertray", information}
    assert {file for file in files if not file.startswith(information)} == sources()


def test_the_sdist_gives_the_same_wheel(built: Path, tmp_path: Path) -> None:
    with tarfile.open(only(built, "*.tar.gz")) as sdist:
        sdist.extraction_filter = getattr(tarfile, "data_filter", None)  # the first 3.11 had none
        sdist.extractall(tmp_path)
    build(only(tmp_path, "papertray-*"), tmp_path / "again", "wheel")
    assert record(only(tmp_path / "again", "*.whl")) == record(only(built, "*.whl"))


@pytest.mark.skipif(os.name == "nt", reason="NOT TESTED: python-daemon does not run on Windows")
def test_papertray_and_python_daemon_leave_each_other_alone(built: Path, tmp_path: Path) -> None:
    clean, empty = CleanEnvironment(tmp_path / "clean"), tmp_path / "empty"
    empty.mkdir()
    clean.take_from_here("python-daemon")
    before = clean.files()

    clean.pip("install", "--no-index", "--no-deps", "--ignore-installed", only(built, "*.whl"))
    together = clean.files()
    assert {name: together[name] for name in before} == before

    scans.letter(empty)
    assert clean.run("papertray", "--version", cwd=empty) == f"papertray {version('papertray')}\n"
    assert scans.INVOICE in clean.run("papertray", "read", "letter.png", cwd=empty)
    where, text = clean.run("python", "-c", READING, cwd=empty).splitlines()
    assert (where, text) == (str(clean.site / "papertray" / "__init__.py"), scans.INVOICE)
    assert clean.run("python", "-c", SPEAKING, cwd=empty) == "Pristabdyti\n"
    theirs = f"{clean.site / 'daemon' / '__init__.py'}\n"
    assert clean.run("python", "-c", PYTHON_DAEMON_AT_WORK, cwd=empty) == theirs

    clean.pip("uninstall", "--yes", "papertray")
    assert clean.files() == before
    assert clean.run("python", "-c", PYTHON_DAEMON_AT_WORK, cwd=empty) == theirs
