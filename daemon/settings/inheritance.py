"""What a watched folder takes from the watched folder around it: all that it does not say itself. Pure."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from papertray.daemon.settings.sections import FolderSettings

OWN = frozenset({"path", "recursive", "watch", "settle", "include", "ignore"})
"""How its files are looked for is each folder's own affair."""
_PLACES = ("notes", "archive")


def inherit_settings(folders: Iterable[FolderSettings]) -> tuple[FolderSettings, ...]:
    """Each with what it inherits, in the same order."""
    folders = tuple(folders)
    made: dict[Path, FolderSettings] = {}
    for folder in sorted(folders, key=lambda folder: len(folder.path.parts)):
        outer = next((made[place] for place in folder.path.parents if place in made), None)
        made[folder.path] = _inherit(folder, outer) if outer else folder
    return tuple(made[folder.path] for folder in folders)


def find_origin(name: str, path: Path, said: Mapping[Path, Collection[str]]) -> Path | None:
    """The watched folder that says this for `path`, itself or one around it; None where none does.

    `said` are the names that each watched folder says itself.
    """
    for place in (path, *path.parents):
        own = said.get(place, ())
        if name in own:
            return place
        if name in OWN or (name == "mode" and "model" in own):
            return None
    return None


def _inherit(folder: FolderSettings, outer: FolderSettings) -> FolderSettings:
    names = outer.model_fields_set - folder.model_fields_set - OWN
    values = {name: getattr(outer, name) for name in names}
    if "model" in folder.model_fields_set:
        values.pop("mode", None)  # another model has other modes
    below = folder.path.relative_to(outer.path)
    for name in _PLACES:
        if isinstance(place := values.get(name), Path):
            values[name] = place / below  # where its files went before it had settings of its own
    return folder.model_copy(update=values)
