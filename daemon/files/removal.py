"""Remove files of which it is certain what they are: taken aside first, where nobody can replace them.

Takes a file and what it must be; what is another is put back, and overwrites nothing there.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

from papertray.daemon.files.durable import flush_folder
from papertray.daemon.files.hashes import sha256_of
from papertray.daemon.files.leavings import exists, put_back
from papertray.daemon.files.names import PrivateNames
from papertray.daemon.files.problems import translate_disk_errors
from papertray.engine.beneath import FileBeneath, OpenFolder, open_folder


def remove_unedited(file: FileBeneath, hashes: Collection[str], names: PrivateNames) -> bool:
    """Whether it held what one of these hashes is of; any other file, and a link, stays."""
    if sha256_of(file) not in hashes:
        return False
    name = file.path.name
    with (
        translate_disk_errors(file.path),
        suppress(FileNotFoundError),
        open_folder(file.root, file.path.parent) as folder,
    ):
        with taken_aside(folder, name, names) as room:
            if sha256_of(FileBeneath(room.path, room.path / name)) not in hashes:
                return False
            room.unlink(name)
        flush_folder(folder)
        return True
    return False


@contextmanager
def taken_aside(folder: OpenFolder, name: str, names: PrivateNames) -> Iterator[OpenFolder]:
    """The private folder in which a file lies meanwhile; if it still does at the end, it goes back."""
    aside = names.taken()
    folder.mkdir(aside, 0o700)
    try:
        room = folder.enter(aside)
        try:
            folder.rename(name, room, name)
            try:
                yield room
            finally:
                if exists(room, name):
                    put_back(room, name, folder)
        finally:
            room.close()
    finally:
        folder.rmdir(aside)
