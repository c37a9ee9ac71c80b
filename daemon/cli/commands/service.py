"""`papertray service`: start papertray with the login, as a service of this system."""

import sys
import time
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.screen import out, out_json, say
from papertray.daemon.places import find_places
from papertray.daemon.services import System, this_system
from papertray.daemon.services.login import InstallOptions, Login, current_login
from papertray.daemon.services.plan import Plan, carry_out, plan_as_data, run_command
from papertray.daemon.services.plan import plan_in_words as plan_in_words
from papertray.daemon.services.state import state_in_words

app = typer.Typer(no_args_is_help=True, help="Start papertray with your login.")

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done; do nothing.")]
BETWEEN_TRIES = 1.0  # seconds


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
    _only_on("linux", "--linger", linger)
    _only_on("win32", "--as-service", as_service)
    wishes = InstallOptions(tray=tray, linger=linger)
    if as_service:
        wishes = replace(wishes, folders=_folders())
    here, who = this_system(as_service=as_service), current_login(find_places())
    _do(here, who, here.install(who, wishes), dry_run, as_json)


@app.command()
def uninstall(dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Stop it and take it away again. Notes, settings and the journal stay."""
    here, who = this_system(), current_login(find_places())
    _do(here, who, here.uninstall(who), dry_run, as_json)


@app.command()
def start(dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Start the installed service."""
    here, who = this_system(), current_login(find_places())
    _do(here, who, here.start(who), dry_run, as_json)


@app.command()
def stop(dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Stop it until `papertray service start` or the next login."""
    here, who = this_system(), current_login(find_places())
    _do(here, who, here.stop(who), dry_run, as_json)


@app.command()
def status(as_json: AsJson = False) -> None:
    """Say whether it is installed, starts at login and runs."""
    _tell(this_system(), current_login(find_places()), as_json)


def _do(here: System, who: Login, plan: Plan, dry_run: bool, as_json: bool) -> None:
    if not dry_run:
        carry_out(plan, run_command, here.explain, partial(time.sleep, BETWEEN_TRIES))
        _tell(here, who, as_json)
    elif as_json:
        out_json(plan_as_data(plan))
    else:
        for line in plan_in_words(plan):
            out(line)


def _tell(here: System, who: Login, as_json: bool) -> None:
    found = here.look(who, run_command)
    out_json(asdict(found)) if as_json else say(state_in_words(found))


def _only_on(platform: str, option: str, chosen: bool) -> None:
    if chosen and sys.platform != platform:
        raise typer.BadParameter(f"{option} is not for this system; see `papertray service install --help`.")


def _folders() -> tuple[Path, ...]:
    """Those that are watched, and those for their notes."""
    from papertray.daemon.settings import load_settings

    found = load_settings(find_places()).folders
    notes = (folder.notes for folder in found if isinstance(folder.notes, Path))
    return (*(folder.path for folder in found), *notes)
