import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console
from rich.live import Live as RichLive

from papertray.daemon.cli.live_status import FinishedDocuments, LineDisplay, TerminalDisplay
from papertray.daemon.records import DocumentRecord
from papertray.daemon.status import Activity, DocumentState, Status

IDLE = Status(Activity.IDLE, counts={"done": 2})


def document(name: str, finished: float, **more: object) -> DocumentRecord:
    path = Path("/in") / name
    return DocumentRecord(1, path, path.parent, 1, 1, DocumentState.DONE, finished=finished, **more)  # type: ignore[arg-type]


def journal_of(*documents: DocumentRecord) -> Callable[[float], list[DocumentRecord]]:
    return lambda moment: [one for one in documents if (one.finished or 0) > moment]


def test_each_finished_document_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    ended = [document("old.pdf", 5.0), document("scan.pdf", 11.0, note=Path("/in/scan.md"))]
    lines = LineDisplay(FinishedDocuments(lambda moment: journal_of(*ended)(moment), since=10.0))
    lines.show(IDLE)
    ended.append(
        document("locked.pdf", 12.0, sentence="It needs a password.", advice="Drop an unlocked copy.")
    )
    lines.show(IDLE)
    lines.show(IDLE)
    assert capsys.readouterr().err.splitlines() == [
        "scan.pdf -> scan.md",
        "locked.pdf -> no note: It needs a password. Drop an unlocked copy.",
    ]


def test_a_name_cannot_act_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    LineDisplay(FinishedDocuments(journal_of(document("a\x1b[2J\n.pdf", 1.0)), since=0.0)).show(IDLE)
    assert capsys.readouterr().err == '"a\\x1b[2J\\n.pdf" -> no note\n'


def test_on_a_terminal_the_last_line_is_how_it_goes() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=60)
    with RichLive(console=console, auto_refresh=False) as line:
        finished = FinishedDocuments(journal_of(document("[bold]scan.pdf", 1.0)), since=0.0)
        TerminalDisplay(finished, line).show(IDLE)
    assert "[bold]scan.pdf -> no note" in screen.getvalue()
    assert "papertray is idle · 2 done" in screen.getvalue()
