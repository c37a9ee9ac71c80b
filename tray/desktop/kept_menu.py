"""An icon whose menu is changed where it stands, so that it stays open under the hand.

pystray with GTK makes a new menu for each change, and one that is open then closes. Here the lines that are
there get their new words, marks and deeds; widgets come and go only where lines did. All of it happens in
GTK's own loop.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

NOTHING, LINE, CHECK, MENU = "separator", "line", "check", "menu"


class KeptMenu:
    """What stands before one of pystray's kinds of icon."""

    menu: Any
    _menu_handle: Any
    _appindicator: Any
    _handler: Any

    def __init__(self, *args: Any, **more: Any) -> None:
        self._chosen: dict[Any, Any] = {}  # by a widget: the line whose deed it does now
        self._kept: Any = None
        super().__init__(*args, **more)

    def _update_menu(self) -> None:
        import_module("gi.repository.GLib").idle_add(self._renew)

    def _renew(self) -> bool:
        """Once: GLib asks again for as long as it is told True."""
        if self._kept is not None:
            self._fill(self._kept, list(self.menu))
            return False
        self._kept = self._menu_handle = import_module("gi.repository.Gtk").Menu.new()
        self._fill(self._kept, list(self.menu))
        if hasattr(self, "_appindicator"):
            self._appindicator.set_menu(self._kept)
        return False

    def _fill(self, menu: Any, lines: Sequence[Any]) -> None:
        widgets = menu.get_children()
        head, tail = matching_ends([_widget_kind(one) for one in widgets], list(map(_kind, lines)))
        for widget in widgets[head : len(widgets) - tail]:
            menu.remove(widget)
            self._forget(widget)
        for place in range(head, len(lines) - tail):
            menu.insert(self._create_menu_item(lines[place]), place)
        for place, widget in enumerate(menu.get_children()):
            self._change(widget, lines[place])
        menu.show_all()

    def _change(self, widget: Any, line: Any) -> None:
        kind = _kind(line)
        if kind == NOTHING:
            return
        self._chosen[widget] = line
        if widget.get_label() != line.text:
            widget.set_label(line.text)
        if line.default:
            widget.get_child().set_markup(f"<b>{_escape(line.text)}</b>")
        if widget.get_sensitive() != line.enabled:
            widget.set_sensitive(line.enabled)
        if kind == MENU:
            self._fill(widget.get_submenu(), list(line.submenu))
        elif kind == CHECK and widget.get_active() != line.checked:
            widget.handler_block_by_func(self._activated)
            widget.set_active(line.checked)
            widget.handler_unblock_by_func(self._activated)

    def _create_menu_item(self, line: Any) -> Any:
        gtk, kind = import_module("gi.repository.Gtk"), _kind(line)
        if kind == NOTHING:
            return gtk.SeparatorMenuItem()
        widget = (gtk.CheckMenuItem if kind == CHECK else gtk.MenuItem).new_with_label(line.text)
        if kind == MENU:
            widget.set_submenu(gtk.Menu.new())
        else:
            widget.connect("activate", self._activated)
        self._change(widget, line)
        return widget

    def _activated(self, widget: Any) -> None:
        self._handler(self._chosen[widget])(self)

    def _forget(self, widget: Any) -> None:
        self._chosen.pop(widget, None)
        for below in widget.get_submenu().get_children() if widget.get_submenu() else ():
            self._forget(below)


def keep_menu(icon: type[Any]) -> type[Any]:
    """The same kind of icon, of those that pystray draws with GTK."""
    return type("KeptMenuIcon", (KeptMenu, icon), {})


def matching_ends(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """How many lines at the beginning and at the end are of the same kinds: those can stay."""
    most = min(len(before), len(after))
    head = next((place for place in range(most) if before[place] != after[place]), most)
    tail = next(
        (place for place in range(most - head) if before[-1 - place] != after[-1 - place]), most - head
    )
    return head, tail


def _kind(line: Any) -> str:
    if line is import_module("pystray").Menu.SEPARATOR:
        return NOTHING
    if line.submenu:
        return MENU
    return LINE if line.checked is None else CHECK


def _widget_kind(widget: Any) -> str:
    gtk = import_module("gi.repository.Gtk")
    if isinstance(widget, gtk.SeparatorMenuItem):
        return NOTHING
    if widget.get_submenu():
        return MENU
    return CHECK if isinstance(widget, gtk.CheckMenuItem) else LINE


def _escape(text: str) -> str:
    escaped: str = import_module("gi.repository.GLib").markup_escape_text(text)
    return escaped
