"""Which files of a watched folder are its documents, judged by their names alone. Pure."""

import fnmatch
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

IGNORED = (  # leavings of systems, browsers, office programs and synchronisers
    ".*",
    "desktop.ini",
    "Thumbs.db",
    "~$*",
    "*.part",
    "*.crdownload",
    "*.tmp",
    "*.download",
    "@eaDir",
    "__MACOSX",
)


def fold_name(name: str) -> str:
    """Names compare without case, and however their accents were composed."""
    return unicodedata.normalize("NFC", name).casefold()


def glob_pattern(globs: Iterable[str]) -> re.Pattern[str]:
    """One expression for all globs; without any it matches nothing."""
    return re.compile("|".join(fnmatch.translate(fold_name(glob.rstrip("/"))) for glob in globs) or r"(?!)")


@dataclass(frozen=True, slots=True)
class FolderRules:
    """The rules of one root. `apart`: folders that are not its own (other roots, archives, mirrors)."""

    root: Path
    recursive: bool
    include: re.Pattern[str]
    ignore: re.Pattern[str]
    apart: frozenset[Path]

    @classmethod
    def of(
        cls, root: Path, recursive: bool, include: Iterable[str], ignore: Iterable[str], apart: Iterable[Path]
    ) -> "FolderRules":
        return cls(
            root,
            recursive,
            glob_pattern(include),
            glob_pattern((*IGNORED, *ignore)),
            frozenset(apart) - {root},
        )

    def accepts_folder(self, folder: Path) -> bool:
        """Whether this folder below the root is looked into."""
        return self.recursive and folder not in self.apart and not self._matches(self.ignore, folder)

    def accepts_file(self, file: Path) -> bool:
        return self._matches(self.include, file) and not self._matches(self.ignore, file)

    def covers(self, path: Path) -> bool:
        """Whether a path out of nowhere (a hint) lies where the root looks."""
        return self.root in path.parents and all(
            self.accepts_folder(folder) for folder in self.folders_between(path)
        )

    def folders_between(self, path: Path) -> Sequence[Path]:
        """The folders from the root, not counted, down to where the path lies."""
        return path.parents[: len(path.parts) - len(self.root.parts) - 1]

    def _matches(self, globs: re.Pattern[str], path: Path) -> bool:
        """Globs speak of a name, or of a path from the root."""
        if globs.match(fold_name(path.name)):
            return True
        return bool(globs.match(fold_name(path.relative_to(self.root).as_posix())))
