"""What rules do, with real commands and a real server: what these are told; none is lost or done twice."""

import hashlib
import hmac
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import psutil
import pytest
from loguru import logger

from papertray.daemon.journal.errands import Errand
from papertray.daemon.logs import LINE
from papertray.daemon.rules.errand_runner import MOST_TRIES, ErrandRunner
from tests.daemon.api.conftest import Serving
from tests.daemon.notes.shelf import Shelf
from tests.daemon.rules.hooks import program, running_hook
from tests.desks import draw, running, until

KEY = "PAPERTRAY_TEST_KEY"
WRITE_DOWN = """
import json, os, sys
facts = {name: value for name, value in os.environ.items() if name.startswith("PAPERTRAY_")}
with open(sys.argv[1], "a") as file:
    print(json.dumps([sys.argv[2:], facts, json.load(sys.stdin)]), file=file)
print("what the page says")
print("first", file=sys.stderr)
print("the last line", file=sys.stderr)
"""
HANG = "import os, sys, time; print(os.getpid(), file=open(sys.argv[1], 'a'), flush=True); time.sleep(600)"


class RuledShelf(Shelf):
    """A shelf with rules, whose errands are done when a test says."""

    def __init__(self, root: Path, *rules: dict[str, Any]) -> None:
        super().__init__(root, rules=rules)
        self.stop = threading.Event()

    def runner(self) -> ErrandRunner:
        return ErrandRunner(self.settings.rules, self.journal, self.stop)

    def errands(self) -> list[Errand]:
        return self.journal.errands.of(1)

    def read_letter(self) -> None:
        (self.inbox / "letter.pdf").write_text("a letter")
        self.live()

    def hurry(self) -> None:
        """What waits for its next try waits no more."""
        with self.journal.store.transaction() as sql:
            sql.execute("UPDATE errands SET retry_at = 0")


def test_a_daemon_runs_the_command_and_calls_the_webhook_of_each_rule_that_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, "s3cret")
    file, inbox = tmp_path / "told", tmp_path / "inbox"
    command = program(tmp_path, WRITE_DOWN, str(file), "{note}", "{stem}; rm -rf /", "--title={title}")
    rules = [
        {"name": "all", "run": command},
        {"name": "others", "source": "bill*", "run": command},
    ]
    lines: list[str] = []
    logging = logger.add(lines.append, format=LINE)
    with running_hook() as hook:
        rules.append({"name": "hook", "webhook": hook.address, "webhook_key_env": KEY})
        with running(inbox, rules=rules) as daemon:
            draw(inbox / "a  letter.png", "a letter")
            until(lambda: len(daemon.client.errands(1)) == 2, "what rules have to do")
            until(lambda: all(errand.ended for errand in daemon.client.errands(1)), "its end")
            first, second = daemon.client.errands(1)
            (document,) = daemon.client.documents()
    logger.remove(logging)
    ((arguments, facts, told),) = map(json.loads, file.read_text().splitlines())
    note, source = str(document.note), str(inbox / "a  letter.png")
    assert arguments == [note, "a  letter; rm -rf /", "--title=a  letter"]
    assert (facts["PAPERTRAY_ID"], facts["PAPERTRAY_SOURCE"], facts["PAPERTRAY_NOTE"]) == ("1", source, note)
    assert (facts["PAPERTRAY_FOLDER"], facts["PAPERTRAY_PAGES"]) == (str(inbox), "1")
    assert (facts["PAPERTRAY_READER"], facts["PAPERTRAY_SHA256"]) == (document.reader, document.sha256)
    assert (told["rule"], told["id"], told["note"], told["doubtful_pages"]) == ("all", 1, note, [])
    ((head, body),) = hook.calls
    assert head["Papertray-Signature"] == "sha256=" + hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    assert json.loads(body) == told | {"rule": "hook", "delivery": second.id}
    assert first.worked
    assert first.outcome.endswith("ended with 0: the last line")
    assert second.worked
    log = "".join(lines)
    assert "the last line" in log
    assert "what the page says" not in log + "".join(errand.outcome for errand in (first, second))
    assert "token=secret" not in log + second.outcome, "the address of a webhook may be a secret"


def test_what_ended_is_done_again_only_for_another_reading(tmp_path: Path) -> None:
    rule = {"name": "all", "run": program(tmp_path, WRITE_DOWN, str(tmp_path / "told"))}
    shelf = RuledShelf(tmp_path, rule)
    shelf.read_letter()
    notes = shelf.notes_there()
    assert shelf.runner().do_next()
    shelf.close()
    shelf.open()
    shelf.live()
    assert not shelf.runner().do_next()
    assert shelf.notes_there() == notes, "a rule changes no note"
    shelf.journal.requests.retry(1)
    shelf.read()
    shelf.place()
    assert shelf.runner().do_next()
    assert not shelf.runner().do_next()
    assert len((tmp_path / "told").read_text().splitlines()) == 2
    assert len(shelf.errands()) == 1
    shelf.close()


def test_a_webhook_is_called_again_until_it_takes_it_or_says_no(tmp_path: Path) -> None:
    with running_hook(503, 200, 404) as hook:
        shelf = RuledShelf(
            tmp_path, *({"name": name, "webhook": hook.address} for name in ("first", "second"))
        )
        shelf.read_letter()
        runner = shelf.runner()
        assert runner.do_next()
        busy = shelf.errands()[0]
        assert (busy.ended, busy.tries) == (None, 1)
        assert "(503)" in busy.outcome
        with shelf.journal.store.transaction() as sql:
            sql.execute("UPDATE errands SET retry_at = NULL")
        assert runner.do_next()
        assert runner.do_next()
        assert not runner.do_next()
        taken, refused = shelf.errands()
        assert (taken.worked, refused.worked, refused.ended is not None) == (True, False, True)
        assert "(404)" in refused.outcome
        first, again, _ = (json.loads(body)["delivery"] for _, body in hook.calls)
        assert first == again
        shelf.close()


def test_a_webhook_leads_nowhere_else(tmp_path: Path) -> None:
    with running_hook(307, 302) as hook:
        shelf = RuledShelf(
            tmp_path, *({"name": name, "webhook": hook.address} for name in ("first", "second"))
        )
        shelf.read_letter()
        runner = shelf.runner()
        while runner.do_next():
            pass
        assert [(errand.worked, bool(errand.ended)) for errand in shelf.errands()] == [(False, True)] * 2
        shelf.close()
    assert {path.partition("?")[0] for path in hook.paths} == {"/hook"}


def test_a_webhook_that_nobody_answers_is_given_up_in_the_end(tmp_path: Path) -> None:
    with running_hook() as hook:
        address = hook.address
    rule = {"name": "hook", "webhook": address}
    shelf = RuledShelf(tmp_path, rule, rule | {"name": "signed", "webhook_key_env": KEY})
    shelf.read_letter()
    tries = 0
    while shelf.runner().do_next():
        tries += 1
        shelf.hurry()
    assert tries == 2 * MOST_TRIES
    unreachable, unsigned = shelf.errands()
    assert "cannot be reached" in unreachable.outcome
    assert unsigned.outcome == f"The variable {KEY}, which is to hold the webhook's key, is not set."
    shelf.close()


def test_a_command_has_its_time_and_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    hang = {"name": "slow", "run": program(tmp_path, HANG, str(tmp_path / "pid")), "seconds": 0.01}
    shelf = RuledShelf(
        tmp_path,
        hang,
        {"name": "none", "run": ["no-such-program"]},
        {"name": "bad", "run": program(tmp_path, "raise SystemExit(3)")},
    )
    shelf.read_letter()
    while shelf.runner().do_next():
        pass
    slow, none, bad = (errand.outcome for errand in shelf.errands())
    assert slow.endswith("took longer than 0.01 s and was ended.")
    assert none == "no-such-program is not found on this machine."
    assert bad.endswith("ended with 3.")
    assert not any(errand.worked for errand in shelf.errands())
    shelf.close()


def test_a_fault_of_our_own_keeps_no_other_errand_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = program(tmp_path, "")
    shelf = RuledShelf(tmp_path, {"name": "first", "run": command}, {"name": "second", "run": command})
    shelf.read_letter()
    with monkeypatch.context() as patch:
        patch.setattr("papertray.daemon.rules.errand_runner.fill_command", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            shelf.runner().do_next()
    assert shelf.runner().do_next()
    first, second = shelf.errands()
    assert (first.ended, first.tries, second.worked) == (None, 1, True)
    shelf.close()


def test_a_stop_ends_the_command_which_is_still_due(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    shelf = RuledShelf(tmp_path, {"name": "slow", "run": program(tmp_path, HANG, str(file))})
    shelf.read_letter()
    thread = threading.Thread(target=shelf.runner().run)
    thread.start()
    until(lambda: file.exists() and file.read_text(), "the command")
    shelf.stop.set()
    thread.join(10)
    assert not thread.is_alive()
    until(lambda: not psutil.pid_exists(int(file.read_text())), "the end of the command")
    (errand,) = shelf.errands()
    assert (errand.ended, errand.tries) == (None, 0)
    shelf.close()


def test_the_api_tells_what_failed_and_has_it_done_again(serving: Serving, tmp_path: Path) -> None:
    command = program(
        tmp_path, "import os, sys; sys.exit(not os.path.exists(sys.argv[1]))", str(tmp_path / "go")
    )
    inbox = tmp_path / "inbox"
    with serving(rules=[{"name": "all", "run": command}]) as api:
        draw(inbox / "letter.png", "a letter")

        def errands() -> Any:
            return api.ask("GET", "/v1/documents/1/errands").json().get("errands")

        until(lambda: errands() and errands()[0]["ended"], "the command")
        (failed,) = errands()
        assert (failed["rule"], failed["action"], failed["worked"]) == ("all", "run", False)
        assert failed["outcome"].endswith("ended with 1.")
        (told,) = api.ask("GET", "/v1/errands").json()["errands"]
        assert told == failed | {"name": "letter.png"}
        until(lambda: api.ask("GET", "/v1/status").json()["errands_unfinished"] == 1, "the status to say so")
        assert api.ask("POST", f"/v1/errands/{failed['id']}/give-up").json() == {"queued": 1}
        assert api.ask("POST", f"/v1/errands/{failed['id']}/give-up").json() == {"queued": 0}
        assert api.ask("GET", "/v1/errands").json() == {"errands": []}
        assert errands()[0] == failed | {"given_up": True}
        until(lambda: api.ask("GET", "/v1/status").json()["errands_unfinished"] == 0, "the status to say so")
        assert api.ask("POST", f"/v1/errands/{failed['id']}/retry").json() == {"queued": 1}
        until(lambda: errands()[0]["ended"], "the second try")
        (tmp_path / "go").touch()
        assert api.ask("POST", "/v1/documents/1/errands/retry").json() == {"queued": 1}
        until(lambda: errands()[0]["worked"], "the third try")
        assert api.ask("POST", "/v1/documents/1/errands/retry").json() == {"queued": 0}
        assert api.ask("POST", "/v1/documents/7/errands/retry").status_code == 404


ONE_LIFE = """
import json, sys, threading
from pathlib import Path
from papertray.daemon.journal import Journal
from papertray.daemon.rules.errand_runner import ErrandRunner
from papertray.daemon.settings import RuleSettings
rule = RuleSettings(name="slow", run=json.loads(sys.argv[2]))
ErrandRunner((rule,), Journal.open(Path(sys.argv[1])), threading.Event()).do_next()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills the POSIX way")
def test_what_a_kill_interrupts_is_done_at_the_next_start_and_then_no_more(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    command = program(tmp_path, HANG, str(file))
    shelf = RuledShelf(tmp_path, {"name": "slow", "run": command})
    shelf.read_letter()
    shelf.close()  # a kill between the note and what is due for it
    journal = str(shelf.state / "journal.sqlite3")
    life = subprocess.Popen([sys.executable, "-c", ONE_LIFE, journal, json.dumps(command)])
    until(lambda: file.exists() and file.read_text(), "the command")
    life.kill()  # a kill while it runs
    life.wait()
    until(lambda: not psutil.pid_exists(int(file.read_text())), "the end of the command")
    Path(command[2]).write_text("")  # the next time it ends
    shelf.open()
    assert shelf.runner().do_next()
    assert not shelf.runner().do_next()
    assert [errand.worked for errand in shelf.errands()] == [True]
    shelf.close()


def test_what_no_rule_wants_any_more_is_not_done(tmp_path: Path) -> None:
    shelf = RuledShelf(
        tmp_path, {"name": "all", "run": program(tmp_path, WRITE_DOWN, str(tmp_path / "told"))}
    )
    shelf.read_letter()
    shelf.journal.requests.forget(1)
    shelf.runner().do_next()
    assert shelf.errands()[0].outcome == "The document was forgotten before."
    shelf.journal.requests.retry(1)
    shelf.open_documents()
    shelf.read()
    shelf.place()
    ErrandRunner((), shelf.journal, shelf.stop).do_next()
    assert shelf.errands()[0].outcome == "The settings have no such rule any more."
    assert not (tmp_path / "told").exists()
    shelf.close()
