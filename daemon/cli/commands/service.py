"""`papertray service`: start papertray with the login, as a service of this system."""

import sys
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.screen import print_json, print_line, print_message
from papertray.daemon.places import find_places
from papertray.daemon.services import System, this_system
from papertray.daemon.services.login import InstallOptions, Login, current_login
from papertray.daemon.services.plan import Plan, carry_out, plan_as_data, plan_in_words, run_command
from papertray.daemon.services.state import state_in_words

app = typer.Typer(no_args_is_help=True, help="Start papertray with your login.")

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done; do nothing.")]
PAUSE_BETWEEN_TRIES = 1.0  # seconds


@app.command()
def install(
    tray: Annotated[bool, typer.Option("--tray/--no-tray", help="The icon in the tray, too.")] = True,
    linger: Annotated[
        bool, typer.Option("--linger", help="Linux: run while nobody is logged in, too.")
    ] = False,
    as_service: Annotated[
        bool, typer.Option("--as-service", help="Windows: a true service, for administrators.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Start papertray at every login, and now. Again: bring the service up to date."""
    _require_platform("linux", "--linger", linger)
    _require_platform("win32", "--as-service", as_service)
    options = InstallOptions(tray, linger, _folders() if as_service else ())
    system, login = this_system(as_service=as_service), current_login(find_places())
    _carry_out(system, login, system.install(login, options), dry_run, as_json)


@app.command()
def uninstall(dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Stop it and take it away again. Notes, settings and the journal stay."""
    system, login = this_system(), current_login(find_places())
    _carry_out(system, login, system.uninstall(login), dry_run, as_json)


@app.command()
def start(dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Start the installed service."""
    system, login = this_system(), current_login(find_places())
    _carry_out(system, login, system.start(login), dry_run, as_json)


@app.command()
def stop(dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Stop it until `papertray service start` or the next login."""
    system, login = this_system(), current_login(find_places())
    _carry_out(system, login, system.stop(login), dry_run, as_json)


@app.command()
def status(as_json: AsJson = False) -> None:
    """Say whether it is installed, starts at login and runs."""
    _print_state(this_system(), current_login(find_places()), as_json)


def _carry_out(system: System, login: Login, plan: Plan, dry_run: bool, as_json: bool) -> None:
    if not dry_run:
        carry_out(plan, run_command, system.explain, partial(time.sleep, PAUSE_BETWEEN_TRIES))
        _print_state(system, login, as_json)
    elif as_json:
        print_json(plan_as_data(plan))
    else:
        for line in plan_in_words(plan):
            print_line(line)


def _print_state(system: System, login: Login, as_json: bool) -> None:
    state = system.look(login, run_command)
    print_json(asdict(state)) if as_json else print_message(state_in_words(state))


def _require_platform(platform: str, option: str, used: bool) -> None:
    if used and sys.platform != platform:
        raise typer.BadParameter(f"{option} is not for this system; see `papertray service install --help`.")


def _folders() -> tuple[Path, ...]:
    """Those that are watched, and those for their notes."""
    from papertray.daemon.settings import load_settings

    folders = load_settings(find_places()).folders
    notes = (folder.notes for folder in folders if isinstance(folder.notes, Path))
    return (*(folder.path for folder in folders), *notes)
