"""A child that crashes, hangs, bloats or talks nonsense costs the document in hand, and is replaced."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from papertray.engine.errors import (
    RendererCrashed,
    RendererOutOfMemory,
    RendererTimedOut,
    RendererUnavailable,
    TooLarge,
)
from papertray.engine.render_child.confine import OUT_OF_MEMORY
from papertray.engine.renderer import DocumentLimits, Renderer
from tests.engine.renderer.documents_made import drawn, halves

COMMAND = (sys.executable, "-m", "tests.engine.renderer.misbehaving_child")
ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the faults are made with POSIX signals")


@pytest.fixture
def renderer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Renderer]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    with Renderer(DocumentLimits(seconds_a_page=60.0, memory_megabytes=512), command=COMMAND) as renderer:
        yield renderer


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[Renderer]:
    """Waits long enough for an honest page, on a busy machine too."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    with Renderer(DocumentLimits(seconds_a_page=2.0, memory_megabytes=512), command=COMMAND) as renderer:
        yield renderer


def scan(folder: Path, name: str) -> Path:
    halves().save(folder / f"{name}.png")
    return folder / f"{name}.png"


def child_of_renderer() -> psutil.Process:
    """Other tests of this process may have left children of their own, a resource tracker for instance."""
    children = psutil.Process().children()
    (child,) = (child for child in children if any("child" in word for word in child.cmdline()[1:4]))
    return child


@pytest.mark.parametrize(
    ("fault", "error", "sentence"),
    [
        ("crash", RendererCrashed, r"crash\.png made the program that draws its pages crash"),
        ("quit", RendererCrashed, r"quit\.png made"),
        ("nonsense", RendererCrashed, r"nonsense\.png made"),
        ("bloat", RendererOutOfMemory, r"bloat\.png needs more than 512 MB.*documents\.memory_megabytes"),
    ],
)
def test_a_fault_costs_one_document(
    tmp_path: Path, renderer: Renderer, fault: str, error: type[Exception], sentence: str
) -> None:
    check_fault(tmp_path, renderer, fault, error, sentence)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("hang", r"hang\.png was given up.*2 seconds.*documents\.seconds_a_page"),
        ("hold", r"hold\.png was given up"),
    ],
)
def test_a_page_that_takes_too_long_costs_one_document(
    tmp_path: Path, impatient: Renderer, fault: str, sentence: str
) -> None:
    check_fault(tmp_path, impatient, fault, RendererTimedOut, sentence)


def check_fault(
    tmp_path: Path, renderer: Renderer, fault: str, error: type[Exception], sentence: str
) -> None:
    before, bad, after = scan(tmp_path, "before"), scan(tmp_path, fault), scan(tmp_path, "after")
    renderer.expect([(before, 1), (bad, 1), (after, 1)])
    assert drawn(renderer, before).size == (64, 48)
    with pytest.raises(error, match=sentence):
        renderer.image(bad, 1)
    assert drawn(renderer, after).size == (64, 48)
    with pytest.raises(error):
        renderer.inspect(bad)
    assert renderer.inspect(after).kind == "png"


def test_a_crash_is_not_held_against_a_document_that_reads_in_a_fresh_child(
    tmp_path: Path, renderer: Renderer
) -> None:
    renderer.inspect(scan(tmp_path, "before"))
    assert drawn(renderer, scan(tmp_path, "once")).size == (64, 48)


def test_a_child_killed_by_somebody_costs_no_document(tmp_path: Path, renderer: Renderer) -> None:
    first, second = scan(tmp_path, "first"), scan(tmp_path, "second")
    renderer.inspect(first)
    child = child_of_renderer()
    child.kill()
    assert drawn(renderer, second).size == (64, 48)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how often it killed for lack of memory")
def test_a_child_killed_in_the_middle_of_its_only_document_costs_it_nothing(
    tmp_path: Path, renderer: Renderer
) -> None:
    path = scan(tmp_path, "first")
    renderer.inspect(path)
    child_of_renderer().kill()
    assert drawn(renderer, path).size == (64, 48)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_for_the_whole_service_does_not_end_the_child(
    tmp_path: Path, renderer: Renderer, number: int
) -> None:
    path = scan(tmp_path, "first")
    renderer.inspect(path)
    child = child_of_renderer()
    child.send_signal(number)
    renderer.inspect(path)
    assert child_of_renderer().pid == child.pid


@pytest.mark.parametrize("command", [("/nowhere/python",), (sys.executable, "-c", "raise SystemExit(3)")])
def test_a_child_that_does_not_start_is_not_the_documents_fault(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    with (
        Renderer(command=command) as renderer,
        pytest.raises(RendererUnavailable, match=r"first\.png could not be opened") as caught,
    ):
        renderer.inspect(scan(tmp_path, "first"))
    assert caught.value.retry


PARENT = """
import sys
from pathlib import Path
from threading import Thread
from papertray.engine.renderer import DocumentLimits, Renderer
limits = DocumentLimits(seconds_a_page=1.0 if sys.argv[1] == "hold" else 600.0)
renderer = Renderer(limits, command=sys.argv[3:])
renderer.inspect(Path(sys.argv[2], "before.png"))
Thread(target=renderer.inspect, args=(Path(sys.argv[2], sys.argv[1] + ".png"),), daemon=True).start()
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("at_work", ["before", "hang", "hold"])
def test_no_child_outlives_a_parent_that_was_killed(tmp_path: Path, at_work: str) -> None:
    """Idle, hung where threads still run, and hung where none can."""
    for name in ("before", at_work):
        scan(tmp_path, name)
    command = [sys.executable, "-c", PARENT, at_work, str(tmp_path), *COMMAND]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ["PYTHONPATH"]])}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        (child,) = psutil.Process(parent.pid).children()
        parent.kill()
        parent.wait()
    gone, left = psutil.wait_procs([child], timeout=20)
    assert [process.pid for process in gone] == [child.pid]
    assert left == []


def test_a_real_image_beyond_the_memory_is_told(tmp_path: Path) -> None:
    from PIL import Image

    path = tmp_path / "large.png"
    Image.new("1", (12_000, 12_000)).save(path)
    with Renderer(DocumentLimits(memory_megabytes=256)) as renderer:
        assert renderer.inspect(path).pages[0].pixels == 144_000_000
        with pytest.raises(RendererOutOfMemory, match="256 MB"):
            renderer.image(path, 1)
        assert drawn(renderer, scan(tmp_path, "after")).size == (64, 48)
    with Renderer(DocumentLimits(max_megapixels=100)) as renderer, pytest.raises(TooLarge):
        renderer.inspect(path)


def test_memory_that_can_only_be_watched_ends_the_process_above_the_limit() -> None:
    code = (
        "from papertray.engine.render_child.confine import watch_resident_memory\n"
        "import threading\n"
        "watch_resident_memory(300)\n"
        "kept = bytearray(b'x') * (400 << 20)\n"
        "threading.Event().wait()\n"
    )
    process = subprocess.run([sys.executable, "-c", code], check=False, timeout=60, cwd=ROOT)
    assert process.returncode == OUT_OF_MEMORY
