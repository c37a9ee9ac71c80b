"""The settings of each watched folder as a person can change them: kind, choices, value, and who says it.

Made from the model of the settings, so that a new one needs nothing here. Reads the settings, changes none.
"""

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from papertray.daemon.places import Places
from papertray.daemon.settings import FolderSettings, Settings, build_settings, read_layers
from papertray.daemon.settings.folder_sources import GENERAL, FolderSource, FolderSources, SourceKind
from papertray.daemon.settings.folder_words import CHOICE_TITLES, FOLDER_WORDS, OTHERS, FolderWords
from papertray.daemon.settings.layers import SettingsLayer
from papertray.daemon.settings.sections import DEVICE_NAMES, MODEL_NAMES
from papertray.engine.models.catalog import CATALOG

FieldKind = Literal["text", "number", "switch", "choice", "several", "lines"]

_CHOICES: Mapping[str, Sequence[str]] = {"model": MODEL_NAMES, "device": DEVICE_NAMES}
_TITLES = {**{entry.name: entry.title for entry in CATALOG}, **CHOICE_TITLES}


@dataclass(frozen=True, slots=True)
class FieldChoice:
    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderField:
    """One setting of a folder. `value` holds; `source` says it, at `place`: a folder, a key, a variable.

    `lines` are texts, or one of `choices` alone instead. What is `optional` need not be said at all.
    """

    name: str
    group: str
    title: str
    about: str
    kind: FieldKind
    choices: tuple[FieldChoice, ...]
    optional: bool
    value: bool | int | float | str | list[str] | None
    source: SourceKind
    place: str = ""


def read_folder_fields(places: Places) -> dict[Path, tuple[FolderField, ...]]:
    layers = read_layers(places)
    return describe_folder_fields(build_settings(layers), layers)


def describe_folder_fields(
    settings: Settings, layers: Sequence[SettingsLayer]
) -> dict[Path, tuple[FolderField, ...]]:
    """By the folder's path."""
    names = (*FOLDER_WORDS, *(name for name in FolderSettings.model_fields if name not in FOLDER_WORDS))
    sources = FolderSources(settings, layers)
    return {
        folder.path: tuple(
            _describe(name, folder, settings, sources.find(number, name)) for name in names if name != "path"
        )
        for number, folder in enumerate(settings.folders)
    }


def _describe(name: str, folder: FolderSettings, settings: Settings, source: FolderSource) -> FolderField:
    words = FOLDER_WORDS.get(name) or FolderWords(OTHERS, name.replace("_", " ").capitalize(), "")
    kind, choices = _kind_of(FolderSettings.model_fields[name].annotation)
    if name in _CHOICES:
        kind, choices = "choice", tuple(_CHOICES[name])
    said_by = getattr(settings, GENERAL[name]) if source.kind == "general" else folder
    return FolderField(
        name=name,
        group=words.group,
        title=words.title,
        about=words.about,
        kind=kind,
        choices=tuple(FieldChoice(one, _TITLES.get(one, one)) for one in choices),
        optional=FolderSettings.model_fields[name].default is None,
        value=_plain(getattr(said_by, name)),
        source=source.kind,
        place=source.place,
    )


def _kind_of(annotation: Any) -> tuple[FieldKind, tuple[str, ...]]:
    """How it is chosen, and from what."""
    kinds = [*_without_none(annotation)]
    literals = tuple(str(one) for kind in kinds if get_origin(kind) is Literal for one in get_args(kind))
    lists = [kind for kind in kinds if get_origin(kind) is tuple]
    if lists:
        ((item, *_),) = [[*_without_none(get_args(kind)[0])] for kind in lists]
        if get_origin(item) is Literal:
            return "several", get_args(item)
        return "lines", literals
    if literals and len(kinds) == 1:
        return "choice", literals
    if bool in kinds:
        return "switch", ()
    return ("number" if {int, float} & {*kinds} else "text"), ()


def _without_none(annotation: Any) -> Iterator[Any]:
    """The kinds of value that it allows."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        for inner in get_args(annotation):
            yield from _without_none(inner)
    elif annotation is not type(None):
        yield annotation


def _plain(value: Any) -> bool | int | float | str | list[str] | None:
    if isinstance(value, tuple):
        return [str(item) for item in value]
    return str(value) if isinstance(value, Path) else value
