"""Files put in place whole or not at all, moved without loss, and never over a file of somebody else's.

What is begun lies under a private name in the folder where it will stand; what a killed process left under
such a name is tidied away by the next. Everything is on the disk before it counts.
"""

from papertray.daemon.files.drafts import put_file, replace_quietly
from papertray.daemon.files.hashes import hash_blocks, is_whole_copy, read_file, sha256_of
from papertray.daemon.files.leavings import numbered_names, tidy_folder
from papertray.daemon.files.moves import MeantFile, copy_file, remove_copied
from papertray.daemon.files.names import PrivateNames
from papertray.daemon.files.owner import own_names
from papertray.daemon.files.removal import remove_unedited
from papertray.daemon.files.roots import Roots

__all__ = [
    "MeantFile",
    "PrivateNames",
    "Roots",
    "copy_file",
    "hash_blocks",
    "is_whole_copy",
    "numbered_names",
    "own_names",
    "put_file",
    "read_file",
    "remove_copied",
    "remove_unedited",
    "replace_quietly",
    "sha256_of",
    "tidy_folder",
]
