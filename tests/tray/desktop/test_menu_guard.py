"""A menu that is open is not taken apart: the icon of Windows, played by a small class."""

import ast
import importlib.util
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from papertray.tray.desktop.menu_guard import guard_open_menu


class Icon:
    """What pystray's icon of Windows does: shows its menu until that is closed, takes it apart at once."""

    def __init__(self, while_open: Callable[["Icon"], object] = lambda _icon: None) -> None:
        self.while_open = while_open
        self.made = 0
        self.said: list[tuple[Any, ...]] = []

    def _on_notify(self, *message: Any) -> None:
        self.said.append(message)
        shown = self.made
        self.while_open(self)
        assert self.made == shown, "the menu was taken apart while it was open"

    def _update_menu(self) -> None:
        self.made += 1


def renewed_elsewhere(icon: Icon) -> None:
    """As the thread that follows the daemon does."""
    thread = threading.Thread(target=icon._update_menu)
    thread.start()
    thread.join(10)
    assert not thread.is_alive(), "whoever renews the menu is kept waiting"


def test_a_menu_is_renewed_at_once_while_it_is_closed() -> None:
    icon = guard_open_menu(Icon)()
    icon._update_menu()
    icon._update_menu()
    assert icon.made == 2


def test_a_menu_that_is_open_is_renewed_once_it_is_closed() -> None:
    icon = guard_open_menu(Icon)(while_open=lambda icon: [renewed_elsewhere(icon) for _ in range(3)])
    icon._on_notify(0, 0x205)
    assert (icon.said, icon.made) == ([(0, 0x205)], 1)


def test_what_is_chosen_in_the_menu_may_renew_it_itself() -> None:
    icon = guard_open_menu(Icon)(while_open=lambda icon: icon._update_menu())
    icon._on_notify(0, 0x205)
    assert icon.made == 1


def test_a_menu_that_could_not_be_shown_is_renewed_all_the_same() -> None:
    def refuse(icon: Icon) -> None:
        renewed_elsewhere(icon)
        raise OSError("no menu today")

    icon = guard_open_menu(Icon)(while_open=refuse)
    with pytest.raises(OSError, match="no menu today"):
        icon._on_notify(0, 0x205)
    assert icon.made == 1
    icon._update_menu()
    assert icon.made == 2


def test_pystray_still_shows_and_renews_menus_by_these_names() -> None:
    """Read, not imported: that can be done on Windows alone."""
    found = importlib.util.find_spec("pystray")
    assert found is not None
    assert found.origin is not None
    source = ast.parse((Path(found.origin).parent / "_win32.py").read_text(encoding="utf-8"))
    methods = {node.name: ast.unparse(node) for node in ast.walk(source) if isinstance(node, ast.FunctionDef)}
    assert "TrackPopupMenuEx" in methods["_on_notify"]
    assert "DestroyMenu" in methods["_update_menu"]
    assert "self._on_notify" in methods["__init__"]
