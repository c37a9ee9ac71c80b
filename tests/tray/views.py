"""Views, statuses and documents for tests, short to write."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from papertray.daemon.choices import DeviceChoice, ModelChoice
from papertray.daemon.records import DocumentRecord
from papertray.daemon.status import Activity, DocumentState, Status
from papertray.tray.view import TrayView

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


def device(name: str, row: str = "", why: str = "") -> DeviceChoice:
    """It can be used unless `why` says why not."""
    return DeviceChoice(
        name=name, title="", present=not why, usable=not why, why=why, advice="", total=0, free=0, row=row
    )


def model(name: str, title: str, size: int = 0, installed: bool = False, **more: Any) -> ModelChoice:
    here = "yes" if installed else "no"
    state: dict[str, Any] = {"here": here, "chosen": False, "in_use": False, "done": None, **more}
    return ModelChoice(id=name, title=title, licence="MIT", size=size, installed=installed, **state)


DEVICES = (
    device("cuda", why="No NVIDIA card was found."),
    device("cpu", row="cpu in bfloat16 with 4-bit weights"),
)
MODELS = (
    model(
        "deepseek-ocr-2",
        "DeepSeek-OCR 2",
        6_800_000_000,
        good_at="whole pages: text, tables and formulas in one go",
        languages="about 100",
        score="91.09 OmniDocBench 1.5, whole pages, as its publisher has it",
        score_source="arXiv 2601.20552",
        pages_a_minute=1.62,
    ),
    model("quick", "The quick reader", installed=True),
)


def view(activity: Activity = Activity.IDLE, **more: Any) -> TrayView:
    """`more` are values of the view, or else of its status."""
    own = {name: more.pop(name) for name in list(more) if name in TrayView.__slots__}
    return TrayView(status=status(activity, **more), devices=DEVICES, models=MODELS, **own)
