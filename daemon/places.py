"""Where papertray keeps its own files: settings, journal, logs, cache.

`PAPERTRAY_HOME` puts all of them under one folder; otherwise each system's own places are used.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from papertray.daemon.errors import OwnFolderUnusable


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one installation; `settings_file` may not exist yet, the folders may not either."""

    config: Path
    state: Path
    logs: Path
    cache: Path

    @property
    def settings_file(self) -> Path:
        return self.config / "papertray.toml"

    @property
    def journal(self) -> Path:
        return self.state / "journal.sqlite3"

    @property
    def search_index(self) -> Path:
        return self.state / "search.sqlite3"

    @property
    def lock(self) -> Path:
        return self.state / "daemon.lock"

    @property
    def status(self) -> Path:
        return self.state / "status.json"

    @property
    def runtime(self) -> Path:
        """Where the API of the running daemon is; its token lies beside."""
        return self.state / "runtime.json"

    @property
    def token(self) -> Path:
        return self.state / "api-token"

    @property
    def guests(self) -> Path:
        """The other machines that may have pages read here."""
        return self.state / "guests.json"

    @property
    def certificate(self) -> Path:
        """What they know this machine by, with its key."""
        return self.state / "certificate.pem"

    @property
    def uploads(self) -> Path:
        return self.state / "uploads"

    @property
    def log_file(self) -> Path:
        return self.logs / "papertray.log"

    @property
    def models(self) -> Path:
        return self.cache / "models"

    def make(self) -> None:
        """Create the folders that are not there, readable by their owner alone."""
        for folder in (self.config, self.state, self.logs, self.cache):
            try:
                _make_folder(folder)
            except OSError as problem:
                raise OwnFolderUnusable(folder, problem) from problem


def _make_folder(folder: Path) -> None:
    """With those above it that are not there: what a umask lets others read is not for others."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def make_private(file: Path) -> None:
    """Have a file that is or will be ours be readable by its owner alone, whatever the umask says.

    A file that is there is not opened: closing it would take away the locks that this process has on it.
    What Windows has instead of modes is its folder's.
    """
    if os.name != "posix":
        return
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        close_to_others(file)


def close_to_others(file: Path) -> None:
    """The same for a file that may be there."""
    with suppress(FileNotFoundError):
        if os.name == "posix" and file.stat().st_mode & 0o077:
            file.chmod(0o600)


def find_places() -> Places:
    home = os.environ.get("PAPERTRAY_HOME")
    if home:
        root = Path(home).expanduser().absolute()
        return Places(root / "config", root / "state", root / "logs", root / "cache")
    dirs = platformdirs.PlatformDirs("papertray", appauthor=False)
    return Places(dirs.user_config_path, dirs.user_state_path, dirs.user_log_path, dirs.user_cache_path)
