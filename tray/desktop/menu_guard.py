"""An icon whose menu is left alone while it is open.

pystray on Windows takes the menu apart to renew it, from whichever thread asks. One that is open then
vanishes under the hand, or Windows is shown one that is no more. Here a renewal waits until it is closed.
"""

import threading
from typing import Any


def guard_open_menu(icon: type[Any]) -> type[Any]:
    """The same kind of icon. Its `_on_notify` shows the menu, and returns once that is closed."""

    class GuardedIcon(icon):  # type: ignore[misc]  # pystray has no types
        def __init__(self, *args: Any, **more: Any) -> None:
            self._lock = threading.Lock()
            self._in_hand = self._due = False
            super().__init__(*args, **more)

        def _on_notify(self, *message: Any) -> None:
            with self._lock:
                self._in_hand = True
            try:
                super()._on_notify(*message)
            finally:
                with self._lock:
                    due, self._in_hand, self._due = self._due, False, False
                    if due:
                        super()._update_menu()

        def _update_menu(self) -> None:
            with self._lock:
                if self._in_hand:
                    self._due = True
                else:
                    super()._update_menu()

    return GuardedIcon
