"""Names that nobody can foresee, for what is not yet in its place; and how one knows one's own of them.

Every name begins with a dot, so no folder that is watched takes what bears it for a document.
"""

import secrets
from dataclasses import dataclass

PREFIX = ".papertray-"
DRAFT = ".tmp"  # a file that is being written
TAKEN = ".taken"  # a folder that holds a file of another's for the moment in which it is looked at


@dataclass(frozen=True, slots=True)
class PrivateNames:
    """`owner` is known to one installation alone: a name that bears it was made here.

    Without one, names are as hard to foresee, but nobody can tell later whose they were.
    """

    owner: str = ""

    def draft(self) -> str:
        return self._new(DRAFT)

    def taken(self) -> str:
        return self._new(TAKEN)

    def is_own(self, name: str) -> bool:
        return bool(self.owner) and name.startswith(f"{PREFIX}{self.owner}-")

    def _new(self, ending: str) -> str:
        owner = f"{self.owner}-" if self.owner else ""
        return f"{PREFIX}{owner}{secrets.token_hex(8)}{ending}"
