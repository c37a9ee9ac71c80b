"""`papertray doctor`: is everything there that papertray needs, and if not, what to do."""

import dataclasses

import typer

from papertray.daemon.cli.checks import CHECKS, Finding, run_checks
from papertray.daemon.cli.device_checks import check_devices
from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.screen import out, out_json
from papertray.daemon.places import find_places
from papertray.engine.exit_codes import ExitCode

MARKS = {"good": "ok  ", "look": "look", "bad": "BAD "}


def doctor(as_json: AsJson = False) -> None:
    """Check this machine and this installation. Nothing is changed and nothing leaves the machine."""
    found = []
    for finding in run_checks(find_places(), (*CHECKS, check_devices)):
        found.append(finding)
        if not as_json:
            out(_line(finding))
    if as_json:
        out_json([dataclasses.asdict(finding) for finding in found])
    if any(finding.state == "bad" for finding in found):
        raise typer.Exit(ExitCode.FAILED)


def _line(finding: Finding) -> str:
    return f"{MARKS[finding.state]}  {finding.about}: {finding.sentence} {finding.advice}".rstrip()
