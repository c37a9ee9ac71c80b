"""Whether a daemon runs for a home, and how it goes: read from its lock and from the file that it keeps.

Cheaper than asking it, and the same. Neither the journal nor the API is touched.
"""

import filelock

from papertray.daemon.places import Places
from papertray.daemon.status import STOPPED, Status


def is_running(places: Places) -> bool:
    if not places.lock.exists():
        return False
    lock = filelock.FileLock(places.lock, timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        return True
    lock.release()
    return False


def read_status(places: Places) -> Status:
    if is_running(places):
        try:
            return Status.from_json(places.status.read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError):
            return STOPPED  # it has only just begun
    return STOPPED
