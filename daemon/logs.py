"""Where log lines go: a file that stays small, and warnings to the screen where someone watches.

Lines carry the document's number where one is bound (`logger.contextualize(document=3)`), never its text:
loguru's `diagnose` would print the values of variables, so it is off.
"""

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from loguru import logger

from papertray.daemon.errors import OwnFolderUnusable

if TYPE_CHECKING:
    from loguru import Record

SIZE, KEPT = "10 MB", 5
LINE = "{time:YYYY-MM-DD HH:mm:ss.SSS} {level:<7} [{extra[document]}] {message}"
SCREEN_LINE = "{level}: {message}"

# A file's name may hold line breaks and escapes; in a log it must not begin a line of its own.
_ESCAPES = {code: repr(chr(code))[1:-1] for code in (*range(32), 127, 0x85, 0x2028, 0x2029)}


def start_logging(log_file: Path, level: str, screen: TextIO | None = None) -> None:
    """Log to the file, and warnings to the screen too. May be called again, after a change of settings."""
    logger.remove()
    logger.configure(extra={"document": "-"}, patcher=_escape_line_breaks)
    if screen:
        logger.add(screen, level="WARNING", format=SCREEN_LINE, diagnose=False, backtrace=False)
    try:
        _log_to_file(log_file, level)
    except OSError as problem:
        raise OwnFolderUnusable(log_file.parent, problem) from problem
    logging.basicConfig(handlers=[_LoguruHandler()], level=logging.WARNING, force=True)
    logging.captureWarnings(True)


def _log_to_file(log_file: Path, level: str) -> None:
    logger.add(
        log_file,
        level=level,
        format=LINE,
        rotation=SIZE,
        retention=KEPT,
        encoding="utf-8",
        errors="backslashreplace",  # names may hold bytes that are no text
        diagnose=False,
        backtrace=False,
        opener=_open_privately,
    )


def _open_privately(path: str, flags: int) -> int:
    """Names of files are nobody else's business, whatever the umask says."""
    descriptor = os.open(path, flags, 0o600)
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, 0o600)
    return descriptor


def _escape_line_breaks(record: "Record") -> None:
    record["message"] = record["message"].translate(_ESCAPES)


class _LoguruHandler(logging.Handler):
    """Hands on what libraries log: warnings and worse."""

    def emit(self, record: logging.LogRecord) -> None:
        frame, depth = sys._getframe(), 0
        while frame.f_back and (depth == 0 or frame.f_code.co_filename == logging.__file__):
            frame, depth = frame.f_back, depth + 1
        log = logger.opt(depth=depth, exception=record.exc_info)
        log.log(record.levelname, "{}: {}", record.name, record.getMessage())
