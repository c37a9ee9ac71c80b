"""Choose what reads, and on which device, where that is to be had.

A name comes in; the settings file says it then. What is not here is refused with the way to it, and nothing
changes. Looks at the models' folder, and at a device that shall be used; loads nothing.
"""

from collections.abc import Callable, Sequence

from papertray.daemon.places import Places
from papertray.daemon.settings.sections import AUTO
from papertray.daemon.settings.steering import CHOICES, save_choice
from papertray.engine.devices.machine import survey_machine
from papertray.engine.devices.rows import require_usable
from papertray.engine.devices.survey import Survey
from papertray.engine.errors import ReadsNoPages, WeightsError
from papertray.engine.models.catalog import find_entry
from papertray.engine.models.recognisers import RECOGNISERS
from papertray.engine.models.weights import Weights

NEEDS_NO_LOOK = (AUTO, "cpu")


def choose(
    places: Places, what: str, name: str, look: Callable[[Sequence[str]], Survey] = survey_machine
) -> None:
    if what == "device" and name in CHOICES[what] and name not in NEEDS_NO_LOOK:
        require_usable(look((name,)), name)
    if what == "model" and name != AUTO:
        _require_here(places, name)
    save_choice(places, what, name)


def _require_here(places: Places, name: str) -> None:
    if name in (row.name for row in RECOGNISERS):
        raise ReadsNoPages(name)
    entry, weights = find_entry(name), Weights(places.models)
    if weights.presence(entry) != "yes":
        raise WeightsError(
            f"{entry.title} is not fetched, so nothing was changed.",
            f"Fetch it with `papertray models pull {entry.name}`, then choose it; the files go to"
            f" {weights.folder}.",
        )
