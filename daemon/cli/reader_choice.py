"""What would read the next page here, as the settings and the machine are just now."""

from functools import partial

from papertray.daemon.places import Places
from papertray.daemon.reading.readers import rows_for_model
from papertray.daemon.settings import load_settings
from papertray.engine.choice import ReaderChoice, choose_reader
from papertray.engine.models.weights import Weights


def choose_for_settings(places: Places) -> ReaderChoice:
    """Looks at the machine only for a large model."""
    engine, weights = load_settings(places).engine, Weights(places.models)
    return choose_reader(engine.model, weights, partial(rows_for_model, engine, weights))
