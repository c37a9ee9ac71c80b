"""How each watched folder wants to be read, over what holds for all.

Takes settings; gives a reader's settings for a folder, and until when its documents wait. Only the clock on
the wall is looked at, by whoever asks.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from papertray.daemon.settings import EngineSettings, FolderSettings
from papertray.daemon.settings.pause_hours import find_pause_end, parse_pause_hours

_OF_READER = ("model", "device", "mode", "prompt", "languages")


class FolderChoices:
    def __init__(self, engine: EngineSettings, folders: Iterable[FolderSettings] = ()) -> None:
        self.for_all = engine
        self._folders = {folder.path: folder for folder in folders}
        self._engines = {path: _engine_of(engine, folder) for path, folder in self._folders.items()}
        self._hours = {path: parse_pause_hours(folder.pause) for path, folder in self._folders.items()}

    def engine_for(self, folder: Path, reader: str = "", mode: str = "") -> EngineSettings:
        """`reader` and `mode` are what somebody asked for of one document."""
        wanted = {name: value for name, value in (("model", reader), ("mode", mode)) if value}
        return self._engines.get(folder, self.for_all).model_copy(update=wanted)

    def paused_until(self, folder: Path, now: float) -> float | None:
        """None of a folder whose documents need not wait."""
        return find_pause_end(self._hours.get(folder, ()), now)

    def own_model(self, folder: Path) -> str:
        """Which model reads it, where that is another than all others have."""
        model = self._engines.get(folder, self.for_all).model
        return "" if model == self.for_all.model else model

    def dots_per_inch(self, file: Path) -> int | None:
        """How its pages are to be drawn; None: as all are."""
        watched = next((self._folders[place] for place in file.parents if place in self._folders), None)
        return watched.dots_per_inch if watched else None

    def describe(self, folder: Path) -> str:
        """The same for folders that have their documents read the same way; "" is the way of all."""
        settings = self._folders.get(folder)
        if settings is None:
            return ""
        values = settings.model_dump(mode="json", include={*_OF_READER, "dots_per_inch"}, exclude_none=True)
        return json.dumps(values, sort_keys=True) if values else ""


def _engine_of(engine: EngineSettings, folder: FolderSettings) -> EngineSettings:
    chosen = {name: value for name in _OF_READER if (value := getattr(folder, name)) is not None}
    if chosen.get("model", engine.model) != engine.model:
        chosen.setdefault("mode", None)  # another model has other modes
    return engine.model_copy(update=chosen)
