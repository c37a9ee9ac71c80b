"""The command line: runs one command and turns what went wrong into a sentence and an exit code.

The codes and what they mean are `engine.exit_codes`; each error names its own.
"""

import os
import signal
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import Annotated, Any, Never

import typer

from papertray.daemon.cli.command_table import LazyGroup
from papertray.daemon.cli.screen import print_line, print_message
from papertray.daemon.language import speak_language_of
from papertray.daemon.places import find_places
from papertray.engine.errors import PapertrayError
from papertray.engine.exit_codes import ExitCode

_WARNINGS = {"LOGURU_FORMAT": "papertray: {message}", "LOGURU_LEVEL": "WARNING"}  # until a log is set up

app = typer.Typer(
    cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print_line(f"papertray {version('papertray')}")
        raise typer.Exit(ExitCode.OK)


@app.callback()
def papertray(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Drop a scan or PDF into a folder; a Markdown note appears beside it.

    Everything stays on your machine. Without a command: how it goes, or what to do first.
    """
    if context.invoked_subcommand is None:
        from papertray.daemon.cli.commands.welcome import welcome

        welcome()


def run_program(on_ctrl_c: Any) -> Never:
    """`on_ctrl_c`: what Python, or whoever started it, had to say to SIGINT."""
    signal.signal(signal.SIGINT, on_ctrl_c)
    os.environ |= _WARNINGS
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # a Windows console says cp1252
    speak_language_of(find_places())
    sys.exit(run_guarded(lambda: app(prog_name="papertray")))


def run_guarded(command: Callable[[], object]) -> int:
    """Run it; whatever goes wrong is said in a sentence and becomes the exit code."""
    try:
        try:
            command()
        finally:
            sys.stdout.flush()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.OK
    except PapertrayError as problem:
        print_message(f"papertray: {problem}")
        return problem.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains at its end
        return ExitCode.FAILED  # as rich and click answer it
    except Exception as fault:
        return _report_fault(fault)
    return ExitCode.OK


def _report_fault(fault: Exception) -> ExitCode:
    from loguru import logger

    from papertray.daemon.logs import start_logging

    log_file = find_places().log_file
    print_message(f"papertray: This should not have happened: {type(fault).__name__}: {fault}")
    try:
        start_logging(log_file, "INFO")
        logger.opt(exception=fault).error("a command ended unexpectedly")
    except PapertrayError as problem:
        print_message(f"Its details could not be logged: {problem}")
    else:
        print_message(f"The details are in {log_file}. Please report it, with what `papertray doctor` says.")
    return ExitCode.FAULT
