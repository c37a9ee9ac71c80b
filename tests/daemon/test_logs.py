"""The log: small, on one line each, with the document's number and never its text."""

import io
import logging
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from loguru import logger

from papertray.daemon import logs

Read = Callable[[], str]


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    """The log of the process as it was before."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logger.remove()
    logger.configure(extra={}, patcher=lambda record: None)
    logging.captureWarnings(False)
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def read(tmp_path: Path) -> Read:
    logs.start_logging(tmp_path / "log", "INFO")
    return lambda: (tmp_path / "log").read_text("utf-8")


def test_lines_carry_the_number_of_the_document_at_hand(read: Read) -> None:
    logger.info("started")
    with logger.contextualize(document=7):
        logger.info("opened")
    logger.bind(document=8).info("done")
    assert [line.split("INFO")[1].strip() for line in read().splitlines()] == [
        "[-] started",
        "[7] opened",
        "[8] done",
    ]


def test_a_fault_is_logged_with_its_lines_and_without_the_values_of_variables(read: Read) -> None:
    def work() -> None:
        page = "the text of " + "a letter"
        raise ValueError(len(page))

    try:
        work()
    except ValueError:
        logger.exception("a page could not be read")
    assert "in work" in read()
    assert "the text of a letter" not in read()


def test_a_name_with_a_line_break_or_an_escape_begins_no_line_of_its_own(read: Read) -> None:
    logger.info("{} is left alone", "a\nERROR [-] lie\x1b[2J{x}\u2028.png")
    assert len(read().splitlines()) == 1
    assert r"a\nERROR [-] lie\x1b[2J{x}\u2028.png is left alone" in read()


def test_a_name_that_is_no_text_is_logged_escaped(read: Read, capsys: pytest.CaptureFixture[str]) -> None:
    logger.info("{}", "latin-\udce9.png")
    assert r"latin-\udce9.png" in read()
    assert capsys.readouterr().err == ""


def test_warnings_of_libraries_are_kept_and_their_chatter_is_not(read: Read) -> None:
    library = logging.getLogger("some.library")
    library.info("chatter")
    library.warning("careful with %s", "{braces}")
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn("old ways", stacklevel=1)
    assert "some.library: careful with {braces}" in read()
    assert "old ways" in read()
    assert "chatter" not in read()


def test_the_level_holds_for_the_file_and_warnings_go_to_the_screen(tmp_path: Path) -> None:
    screen = io.StringIO()
    logs.start_logging(tmp_path / "log", "ERROR", screen)
    logger.info("low")
    logger.warning("middle")
    logger.error("high")
    assert screen.getvalue().splitlines() == ["WARNING: middle", "ERROR: high"]
    assert [line.split()[-1] for line in (tmp_path / "log").read_text().splitlines()] == ["high"]


def test_starting_again_does_not_log_twice(tmp_path: Path, read: Read) -> None:
    logs.start_logging(tmp_path / "log", "INFO")
    logger.info("once")
    assert read().count("once") == 1


def test_the_log_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "SIZE", "1 KB")
    logs.start_logging(tmp_path / "log", "INFO")
    for _ in range(200):
        logger.info("x" * 100)
    files = list(tmp_path.iterdir())
    assert len(files) == logs.KEPT + 1
    assert all(file.stat().st_size <= 1000 for file in files)
