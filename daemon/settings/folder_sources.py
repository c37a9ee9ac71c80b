"""Who says a setting of a watched folder: itself, one around it, what holds for all, a variable, or nobody.

Settings and layers in, names out. Pure.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from papertray.daemon.settings import FolderSettings, Settings
from papertray.daemon.settings.inheritance import find_origin
from papertray.daemon.settings.layers import Key, SettingsLayer

SourceKind = Literal["own", "folder", "general", "default", "variable"]

GENERAL: Mapping[str, str] = {  # the table that says it of all folders which do not
    **dict.fromkeys(("model", "device", "mode", "prompt", "languages"), "engine"),
    "dots_per_inch": "documents",
}


class FolderSource(NamedTuple):
    """`place` is which folder, general setting or variable that is."""

    kind: SourceKind
    place: str = ""


class FolderSources:
    def __init__(self, settings: Settings, layers: Sequence[SettingsLayer]) -> None:
        self._settings = settings
        self._layers = layers
        self._said = {
            folder.path: [name for name in FolderSettings.model_fields if self._layer_of(number, name)]
            for number, folder in enumerate(settings.folders)
        }

    def find(self, number: int, name: str) -> FolderSource:
        folder = self._settings.folders[number]
        layer = self._layer_of(number, name)
        if layer and layer.source == "environment":
            return FolderSource("variable", layer.place_of(_key(number, name)))
        origin = find_origin(name, folder.path, self._said)
        if origin is not None:
            return FolderSource("own") if origin == folder.path else FolderSource("folder", str(origin))
        has_other_model = folder.model not in (None, self._settings.engine.model)
        if name not in GENERAL or (name == "mode" and has_other_model):
            return FolderSource("default")
        return FolderSource("general", f"{GENERAL[name]}.{name}")

    def _layer_of(self, number: int, name: str) -> SettingsLayer | None:
        """The strongest that says it of this folder."""
        return next((layer for layer in reversed(self._layers) if layer.has(_key(number, name))), None)


def _key(number: int, name: str) -> Key:
    return "folders", number, name
