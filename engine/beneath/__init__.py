"""Files and folders opened once, beneath a root, where no link leads; from then on known by what is open.

Takes a root that somebody trusts and a path below it. Gives an open folder or a descriptor of an ordinary
file, or LinkInTheWay. Nothing is looked up by its path a second time. A root itself may be a link.
"""

from papertray.engine.beneath.folders import LinkInTheWay, OpenFolder, open_folder
from papertray.engine.beneath.sources import (
    FileBeneath,
    HeldFile,
    NamedFile,
    Source,
    open_source,
    translate_problems,
)

__all__ = [
    "FileBeneath",
    "HeldFile",
    "LinkInTheWay",
    "NamedFile",
    "OpenFolder",
    "Source",
    "open_folder",
    "open_source",
    "translate_problems",
]
