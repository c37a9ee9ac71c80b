"""Give the daemon its readers: what the settings say, told to the engine."""

import os
from dataclasses import replace
from functools import partial
from pathlib import Path

from papertray.daemon.places import Places
from papertray.daemon.reading.effort import effort_for
from papertray.daemon.settings import EngineSettings
from papertray.daemon.settings.sections import KEYRING, ServerSettings
from papertray.daemon.system_keyring import NoSuchKey, read_key
from papertray.engine.choice import ReaderChoice, choose_reader, load_reader, load_reader_from
from papertray.engine.devices.cores import count_cores
from papertray.engine.devices.machine import survey_machine
from papertray.engine.devices.rows import DEVICES, DeviceOptions, DeviceRow, candidate_rows
from papertray.engine.errors import PapertrayError, ReaderAway
from papertray.engine.models.catalog import LAYOUT, QUICK, CatalogEntry, find_entry
from papertray.engine.models.weights import Weights
from papertray.engine.pages import LoadProgress, PdfText, Reader, ReadOptions, ignore_progress
from papertray.engine.readers.server.presence import is_there
from papertray.engine.server_address import ServerAddress


class EngineReaderSource:
    """The readers of one installation. The machine is looked at anew for every choice of a large model."""

    def __init__(self, places: Places) -> None:
        self._weights = Weights(places.models)

    def open(self, engine: EngineSettings, progress: LoadProgress = ignore_progress) -> Reader:
        rows_for = partial(rows_for_model, engine, self._weights)
        options = replace(read_options(engine), progress=progress)
        return load_reader(choose_reader(engine.model, self._weights, rows_for), self._weights, options)

    def fallback(self, engine: EngineSettings) -> Reader:
        """The one that needs nothing but what is installed, as these settings want it."""
        without_servers = engine.model_copy(update={"servers": ()})
        return load_reader(ReaderChoice(find_entry(QUICK)), self._weights, read_options(without_servers))

    def is_back(self, engine: EngineSettings) -> bool:
        """Whether one of the servers answers, and can be asked with its key."""
        try:
            return any(map(is_there, read_options(engine).servers))
        except PapertrayError:
            return False

    def stock(self) -> tuple[str, ...]:
        """What is here to read with, and to help with it."""
        here = [*self._weights.installed(), *((LAYOUT,) if self._weights.path(LAYOUT) else ())]
        return (*(entry.name for entry in here), *(row.name for row in self._weights.recognisers()))


def open_reader_in(engine: EngineSettings, folder: Path, model: CatalogEntry, options: ReadOptions) -> Reader:
    """A large model from any folder, whether or not papertray fetched it."""
    return load_reader_from(folder, ReaderChoice(model, rows_as_published(engine, folder, model)), options)


def rows_for_model(engine: EngineSettings, weights: Weights, model: CatalogEntry) -> tuple[DeviceRow, ...]:
    folder = weights.path(model)
    assert folder is not None
    return rows_for_folder(engine, folder, model)


def rows_for_folder(engine: EngineSettings, folder: Path, model: CatalogEntry) -> tuple[DeviceRow, ...]:
    """The device rows that would do for the checkpoint in this folder, best first."""
    assert model.memory is not None
    size = model.memory.scale_to(sum(file.stat().st_size for file in folder.glob("*.safetensors")))
    options = DeviceOptions(engine.device, engine.dtype, engine.four_bit, engine.longest_side)
    return candidate_rows(
        survey_machine((engine.device,) if engine.device in DEVICES else DEVICES), size, options
    )


def rows_as_published(engine: EngineSettings, folder: Path, model: CatalogEntry) -> tuple[DeviceRow, ...]:
    """The same, for numbers that are set beside a publisher's: no weights are rounded that need not be."""
    rows = rows_for_folder(engine, folder, model)
    return tuple(row for row in rows if row.weights != "int8") or rows


def read_options(engine: EngineSettings) -> ReadOptions:
    languages = None if engine.languages == "auto" else engine.languages
    return ReadOptions(
        engine.mode,
        engine.prompt,
        engine.max_tokens,
        pdf_text=PdfText(engine.pdf_text),
        cut_figures=engine.cut_figures,
        longest_side=engine.longest_side,
        servers=tuple(map(server_address_of, engine.servers)),
        languages=languages,
        threads=effort_for(engine, count_cores()).threads,
    )


def server_address_of(server: ServerSettings) -> ServerAddress:
    """With its key, which no file of ours has. Raises ReaderAway where that is not to be had."""
    key = _find_key(server)
    return ServerAddress(
        server.url.rstrip("/"),
        server.model,
        key,
        server.family,
        server.in_flight,
        server.command,
        server.fingerprint,
        server.name,
    )


def _find_key(server: ServerSettings) -> str:
    """In the environment, else in the system's keyring."""
    key = os.environ.get(server.key_env, "") if server.key_env else ""
    if server.key and not key:
        name = server.key.removeprefix(KEYRING)
        key = read_key(name) or ""
        if not key:
            raise NoSuchKey(name)
    if server.key_env and not key:
        raise ReaderAway(
            f"The key for {server.url} is to be in the variable {server.key_env}, which is empty.",
            "Set it where papertray is started, or take key_env out of the settings.",
        )
    return key
