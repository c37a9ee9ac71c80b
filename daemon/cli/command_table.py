"""The table of commands, and a group that imports a command only when it is asked for.

`papertray status` must not pay for what `papertray read` needs, and `--help` must pay for neither.
"""

import sys
from importlib import import_module
from typing import Any, NamedTuple, Never

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import Abort, TyperException

from papertray.daemon.cli.help import translate_help
from papertray.daemon.cli.misuse import explain_misuse
from papertray.engine.exit_codes import ExitCode
from papertray.engine.language import translatable


class Command(NamedTuple):
    """`place` is a module of this package and the function in it, or the Typer app of a group of commands."""

    name: str
    place: str
    panel: str
    help: str


NOTES, DAEMON, SETUP, DIAGNOSIS = (
    translatable("Documents and notes"),
    translatable("The daemon"),
    translatable("Setting up"),
    translatable("Finding out"),
)

COMMANDS = (  # in the order of `papertray --help`
    Command("run", "run:run", DAEMON, "Watch the folders and write notes until you stop it."),
    Command("stop", "stop:stop", DAEMON, "Stop papertray, however it was started."),
    Command("status", "status:status", DAEMON, "Say how it goes."),
    Command("open", "open:open_page", DAEMON, "Open papertray's page in your browser."),
    Command("tray", "tray:tray", DAEMON, "Show an icon that tells how it goes."),
    Command("pause", "pause:pause", DAEMON, "Stop reading for a while."),
    Command("resume", "pause:resume", DAEMON, "Go on reading."),
    Command("read", "read:read", NOTES, "Read files now, without the daemon."),
    Command("list", "documents:list_documents", NOTES, "List the documents, newest first."),
    Command("search", "search:search", NOTES, "Find what was read, by its words."),
    Command("show", "documents:show", NOTES, "Show one document, its pages and problems."),
    Command("retry", "retry:retry", NOTES, "Read a document again."),
    Command("forget", "documents:forget", NOTES, "Drop a document from the list; files stay."),
    Command("export", "export:export", NOTES, "Write what was read as PDF, JSON, HTML and more."),
    Command("mcp", "mcp:mcp", NOTES, "Let an assistant on this machine search and read."),
    Command("folders", "folders:app", SETUP, "List, add and remove watched folders."),
    Command("config", "config:app", SETUP, "Show and change the settings."),
    Command("rules", "rules:app", SETUP, "List and try what is done once a document is read."),
    Command("models", "models:app", SETUP, "List, fetch, check and remove models."),
    Command("model", "model_and_device:model", SETUP, "Show or choose the model that reads."),
    Command("device", "model_and_device:device", SETUP, "Show or choose the device it runs on."),
    Command("servers", "servers:app", SETUP, "List, add and remove other machines that read pages."),
    Command("serve", "serve:app", SETUP, "Let other machines have pages read here."),
    Command("service", "service:app", SETUP, "Start papertray with your login."),
    Command("doctor", "doctor:doctor", DIAGNOSIS, "Check this machine and installation."),
    Command("bench", "bench:bench", DIAGNOSIS, "Measure how fast each model reads here."),
    Command("logs", "logs:logs", DIAGNOSIS, "Show what was logged."),
)


class LazyGroup(TyperGroup):
    """Lists the table as it stands; the chosen command alone is imported."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for row in COMMANDS:
            self.add_command(TyperCommand(row.name, help=row.help, rich_help_panel=row.panel))
        translate_help(self)

    def main(self, *words: Any, **options: Any) -> Never:
        """Ends as every command does; one that was not understood is an error like others."""
        try:
            code = super().main(*words, **{**options, "standalone_mode": False})
        except TyperException as problem:
            if type(problem).__name__ == "NoArgsIsHelpError":  # its help has been shown by now
                sys.exit(ExitCode.NOT_UNDERSTOOD)
            raise explain_misuse(problem) from None
        except Abort:
            sys.exit(ExitCode.FAILED)
        sys.exit(code if isinstance(code, int) else ExitCode.OK)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, listed, rest = super().resolve_command(ctx, args)
        return name, listed and load_command(name or ""), rest


def load_command(name: str) -> Any:
    """The whole command of that name, with its options."""
    row = next(row for row in COMMANDS if row.name == name)
    module, _, part = row.place.partition(":")
    command = getattr(import_module(f"papertray.daemon.cli.commands.{module}"), part)
    if isinstance(command, typer.Typer):
        return translate_help(typer.main.get_group(command))
    app = typer.Typer(add_completion=False)
    app.command(name)(command)
    return translate_help(typer.main.get_command(app))
