"""The eyes on the folders: new and changed documents out, once each, when they have stopped changing.

Events are hints; the rescan is the truth. Which files are known, which are our own, and what becomes of those
found, is the caller's.
"""

from papertray.daemon.folders.watcher import FolderWatcher

__all__ = ["FolderWatcher"]
