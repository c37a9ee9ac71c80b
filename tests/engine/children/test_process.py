"""A child process as its parent holds it: messages, silence, death, and that nothing is left of it."""

import subprocess
import sys
from collections.abc import Sequence
from typing import IO

import psutil
import pytest

from papertray.engine.children.process import ChildDied, ChildProcess, ChildSilent, read_line

ECHO = "import sys\nfor line in sys.stdin.buffer: sys.stdout.buffer.write(line); sys.stdout.flush()"
PATIENCE = 60.0


def python(script: str) -> Sequence[str]:
    return (sys.executable, "-c", script)


def test_what_is_sent_is_answered_message_by_message() -> None:
    with ChildProcess(python(ECHO), read_line) as child:
        for line in (b"one\n", b"two\n"):
            child.send(line)
            assert child.receive(PATIENCE) == line


def test_messages_come_in_any_form_that_the_two_agree_on() -> None:
    def read_two(stream: IO[bytes]) -> bytes:
        return stream.read(2)

    with ChildProcess(python("print('abcd', end='')"), read_two) as child:
        assert [child.receive(PATIENCE) for _ in range(2)] == [b"ab", b"cd"]


def test_a_silent_child_is_not_a_dead_one() -> None:
    with ChildProcess(python(ECHO), read_line) as child:
        with pytest.raises(ChildSilent):
            child.receive(0)
        child.send(b"still there\n")
        assert child.receive(PATIENCE) == b"still there\n"


def test_a_dead_child_tells_its_status_however_often_it_is_asked() -> None:
    with ChildProcess(python("raise SystemExit(3)"), read_line) as child:
        for _ in range(2):
            with pytest.raises(ChildDied) as death:
                child.receive(PATIENCE)
            assert death.value.status == 3


def test_what_it_sent_before_its_death_is_still_heard() -> None:
    with ChildProcess(python("print('last words')"), read_line) as child:
        assert child.receive(PATIENCE).strip() == b"last words"
        with pytest.raises(ChildDied):
            child.receive(PATIENCE)


def test_nobody_to_write_to_is_a_death() -> None:
    with ChildProcess(python("import sys; sys.stdin.close()"), read_line) as child:
        with pytest.raises(ChildDied):
            child.receive(PATIENCE)
        with pytest.raises(ChildDied):
            child.send(b"anyone?\n")


def test_output_that_cannot_be_understood_is_the_end_of_it() -> None:
    def read_nothing(_stream: IO[bytes]) -> bytes:
        raise ValueError("nonsense")

    with ChildProcess(python(ECHO), read_nothing) as child, pytest.raises(ChildDied):
        child.receive(PATIENCE)


def test_whoever_waits_for_a_killed_child_learns_of_its_death() -> None:
    with ChildProcess(python(ECHO), read_line) as child:
        child.kill()
        with pytest.raises(ChildDied):
            child.receive(PATIENCE)


@pytest.mark.parametrize("deaf", [False, True], ids=["that listens", "that does not"])
def test_nothing_is_left_of_an_ended_child(deaf: bool) -> None:
    before = {child.pid for child in psutil.Process().children()}
    child = ChildProcess(
        python("import time; print(1, flush=True); time.sleep(600)" if deaf else ECHO), read_line
    )
    (process,) = [each for each in psutil.Process().children() if each.pid not in before]
    child.end()
    assert not process.is_running()


def test_it_finds_papertray_wherever_it_is_started_and_has_the_variables_it_was_given() -> None:
    script = "import os, papertray.engine; print(os.environ['GIVEN'])"
    with ChildProcess(python(script), read_line, {"GIVEN": "yes"}) as child:
        assert child.receive(PATIENCE).strip() == b"yes"


def test_a_child_without_a_parent_ends() -> None:
    script = (
        "import threading; from papertray.engine.children.parent import end_with_parent\n"
        "end_with_parent(); print('ready', flush=True); threading.Event().wait()"
    )
    with subprocess.Popen(python(script), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline().strip() == b"ready"
        child.stdin.close()
        assert child.wait(PATIENCE) == 0
