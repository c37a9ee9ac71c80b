"""What a daemon leaves in its state folder while its API serves: where it is, for clients of this home.

May be withdrawn by another thread than the one that made it, also before it was made; then it never is.
"""

import importlib.metadata
import json
import os
import secrets
import threading
from pathlib import Path

from papertray.daemon.client.address import Address
from papertray.daemon.files import put_file
from papertray.daemon.places import close_to_others


class Announcement:
    def __init__(self, file: Path, address: Address) -> None:
        self._file = file
        self._address = address
        self._lock = threading.Lock()
        self._withdrawn = False

    def publish(self) -> None:
        """The start id tells one start from the next."""
        runtime = {
            "pid": os.getpid(),
            "host": self._address.host,
            "port": self._address.port,
            "socket": self._address.socket,
            "version": importlib.metadata.version("papertray"),
            "start": secrets.token_hex(8),
        }
        with self._lock:
            if not self._withdrawn:
                content = json.dumps(runtime).encode()
                put_file(content, self._file, over=True)
                close_to_others(self._file)

    def withdraw(self) -> None:
        """Once; what another start has announced since is not touched."""
        with self._lock:
            if self._withdrawn:
                return
            self._withdrawn = True
            self._file.unlink(missing_ok=True)
            if self._address.socket:
                Path(self._address.socket).unlink(missing_ok=True)
