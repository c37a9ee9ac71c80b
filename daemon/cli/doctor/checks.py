"""The table of checks, and what runs them."""

from collections.abc import Iterator

from papertray.daemon.cli.doctor.devices import check_devices
from papertray.daemon.cli.doctor.findings import Check, Finding
from papertray.daemon.cli.doctor.folders import check_folders, check_own_folders, check_space, check_watches
from papertray.daemon.cli.doctor.installation import (
    check_confinement,
    check_packages,
    check_python,
    check_quick_reader,
    check_recognisers,
    check_settings,
    check_tesseract,
)
from papertray.daemon.cli.doctor.journal import check_journal, check_whole_journal
from papertray.daemon.places import Places
from papertray.engine.errors import PapertrayError

CHECKS: tuple[Check, ...] = (  # in the order in which they are told
    check_python,
    check_packages,
    check_settings,
    check_own_folders,
    check_folders,
    check_watches,
    check_space,
    check_journal,
    check_confinement,
    check_quick_reader,
    check_tesseract,
    check_recognisers,
    check_devices,
)

OF_THE_JOURNAL: tuple[Check, ...] = (check_whole_journal,)


def run_checks(places: Places, checks: tuple[Check, ...] = CHECKS) -> Iterator[Finding]:
    """What several checks stumble over, a mistake in the settings say, is told by the first of them."""
    told = set()
    for check in checks:
        about = check.__name__.removeprefix("check_").replace("_", " ")
        try:
            yield from check(places)
        except PapertrayError as problem:
            if problem.sentence not in told:
                yield Finding(about, "bad", problem.sentence, problem.advice)
            told.add(problem.sentence)
        except (ImportError, OSError) as problem:
            yield Finding(about, "bad", f"Could not be looked at: {problem}", "Install papertray again.")
