"""`papertray doctor`: is everything there that papertray needs, and if not, what to do."""

import dataclasses
from typing import Annotated

import typer

from papertray.daemon.cli.doctor.checks import CHECKS, OF_THE_JOURNAL, run_checks
from papertray.daemon.cli.doctor.findings import Finding
from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.screen import print_json, print_line
from papertray.daemon.places import find_places
from papertray.engine.exit_codes import ExitCode
from papertray.engine.language import translatable, translate, translate_sentence

MARKS = {"good": translatable("ok  "), "look": translatable("look"), "bad": translatable("BAD ")}


def doctor(
    as_json: AsJson = False,
    journal: Annotated[
        bool,
        typer.Option("--journal", help="Look through the whole journal instead; names what is damaged."),
    ] = False,
) -> None:
    """Check this machine and this installation. Nothing is changed and nothing leaves the machine."""
    findings = []
    for finding in run_checks(find_places(), OF_THE_JOURNAL if journal else CHECKS):
        findings.append(finding)
        if not as_json:
            print_line(_finding_line(finding))
    if as_json:
        print_json([dataclasses.asdict(finding) for finding in findings])
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(ExitCode.FAILED)


def _finding_line(finding: Finding) -> str:
    said = translate_sentence(f"{finding.sentence} {finding.advice}".rstrip())
    return f"{translate(MARKS[finding.state])}  {translate(finding.about)}: {said}"
