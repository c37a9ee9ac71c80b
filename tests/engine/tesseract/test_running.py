"""A program of the system's runs with limits, knows nothing of our environment, and ends when it should."""

import sys
from pathlib import Path
from threading import Timer

import pytest

from papertray.engine.errors import Cancelled
from papertray.engine.pages import Watch
from papertray.engine.tesseract.running import run_limited

LONG = 60.0
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds another program to limits")
HANGS = "import sys, time; sys.stdin.buffer.read(); time.sleep(600)"


def run(program: str, given: bytes = b"", watch: Watch | None = None, seconds: float = LONG) -> bytes | None:
    return run_limited([sys.executable, "-c", program], given, watch or Watch(), seconds)


def test_it_is_given_everything_and_heard_to_the_end() -> None:
    much = b"x" * 3_000_000
    assert run("import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())", much) == much


def test_it_sees_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "word")
    seen = run("import os; print(sorted(os.environ))") or b""
    assert b"OMP_THREAD_LIMIT" in seen
    assert b"SECRET" not in seen
    assert b"HOME" not in seen


def test_one_that_fails_or_is_not_there_answers_nothing() -> None:
    assert run("raise SystemExit(3)") is None
    assert run_limited(["/no/such/program"], b"", Watch()) is None


def test_one_that_takes_too_long_is_ended() -> None:
    assert run(HANGS, seconds=0.1) is None


def test_it_ends_as_soon_as_nobody_wants_the_answer() -> None:
    watch = Watch()
    Timer(0.1, watch.cancel.set).start()
    with pytest.raises(Cancelled):
        run(HANGS, watch=watch)


@linux
def test_it_gets_no_more_than_its_memory_and_writes_no_file(tmp_path: Path) -> None:
    assert run("import sys; sys.stdin.buffer.read(); bytearray(4 << 30)") is None
    file = tmp_path / "written"
    run(f"import sys; sys.stdin.buffer.read(); open({str(file)!r}, 'w').write('x')")
    assert not file.exists() or not file.read_bytes()
