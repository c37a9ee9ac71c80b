"""Views, statuses and documents for tests, short to write."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from papertray.daemon.records import DocumentRecord
from papertray.daemon.status import Activity, DocumentState, Status
from papertray.tray.view import Device, Model, TrayView

INBOX = Path("/inbox")
NOON = 1_767_265_200.0


def status(activity: Activity = Activity.IDLE, **more: Any) -> Status:
    return Status(activity, pid=7, at=NOON, **more)


def document(number: int, name: str = "", **more: Any) -> DocumentRecord:
    path = INBOX / (name or f"scan{number}.pdf")
    values: dict[str, Any] = {"state": DocumentState.DONE, "finished": NOON + number, **more}
    return DocumentRecord(number, path, INBOX, 1, 1, **values)


def noted(number: int, name: str = "") -> DocumentRecord:
    plain = document(number, name)
    return replace(plain, note=plain.path.with_suffix(".md"))


DEVICES = (
    Device("cuda", usable=False, why="No NVIDIA card was found."),
    Device("cpu", row="cpu in bfloat16 with 4-bit weights"),
)
MODELS = (
    Model("deepseek-ocr-2", "DeepSeek-OCR 2", 6_800_000_000),
    Model("quick", "The quick reader", installed=True),
)


def view(activity: Activity = Activity.IDLE, **more: Any) -> TrayView:
    """`more` are values of the view, or else of its status."""
    own = {name: more.pop(name) for name in list(more) if name in TrayView.__slots__}
    return TrayView(status=status(activity, **more), devices=DEVICES, models=MODELS, **own)
