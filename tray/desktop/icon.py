"""The icon on the desktop: what a view looks like, put into pystray. Knows nothing of the daemon.

`run` is for the main thread; everything else may be called from any thread. Only what changed is handed on.
"""

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

from loguru import logger

from papertray.daemon.status import Activity
from papertray.tray.desktop.kept_menu import keep_menu
from papertray.tray.desktop.menu_guard import guard_open_menu
from papertray.tray.face.drawing import BarShade, draw_face
from papertray.tray.face.face import Face, choose_face
from papertray.tray.menu import MenuAction, MenuItem, MenuVerb, build_menu
from papertray.tray.news import Notification
from papertray.tray.view import TrayView
from papertray.tray.words import icon_title

SIZE = 64  # desktops scale it down
FIRST_LINE_SECONDS = 2.0  # the menu's first line, which changes with every page, is renewed so often


class TrayIcon:
    """`later` does something in so many seconds, in any thread."""

    def __init__(
        self,
        pystray: ModuleType,
        bar: BarShade,
        choose: Callable[[MenuAction], None],
        clock: Callable[[], float],
        later: Callable[[float, Callable[[], None]], object],
    ) -> None:
        self._later = later
        self._view, self._waits = TrayView(), False
        self._pystray = pystray
        self._bar = bar
        self._choose = choose
        self._clock = clock
        self._face = choose_face(None)
        self._items = build_menu(TrayView())
        self._activity = Activity.STOPPED
        self._renewed = clock()
        self._stopping = False
        self._icon: Any = _with_lasting_menu(pystray.Icon)(
            "papertray", self._image(self._face), icon_title(None), pystray.Menu(self._build_items)
        )

    def run(self, begin: Callable[[], None]) -> None:
        """Until `stop`. `begin` is called in a thread once the icon can be seen."""

        def begin_visible(icon: Any) -> None:
            icon.visible = True
            begin()

        try:
            self._icon.run(begin_visible)
        except Exception as problem:
            if not self._stopping:
                raise
            logger.info(
                "the icon is gone; its last words were {!r}", problem
            )  # where nothing shows notifications

    def stop(self) -> None:
        self._stopping = True
        _run_on_main(self._icon.stop)

    def show(self, view: TrayView) -> None:
        _run_on_main(lambda: self._show(view))

    def notify(self, news: Notification) -> None:
        if self._pystray.Icon.HAS_NOTIFICATION:
            _run_on_main(lambda: self._icon.notify(news.message, news.head))

    def _show(self, view: TrayView) -> None:
        self._view = view
        if (now := choose_face(view.status)) != self._face:
            self._face = now
            self._icon.icon = self._image(now)
        self._icon.title = icon_title(view.status)
        if self._should_renew(view):
            self._icon.update_menu()

    def _should_renew(self, view: TrayView) -> bool:
        items, activity = build_menu(view), view.status.activity if view.status else Activity.STOPPED
        first_alone = items[1:] == self._items[1:] and activity == self._activity
        if items == self._items:
            return False
        if first_alone and self._clock() - self._renewed < FIRST_LINE_SECONDS:
            self._renew_later()
            return False
        self._items, self._activity, self._renewed = items, activity, self._clock()
        return True

    def _renew_later(self) -> None:
        """Once: it may be the last change for a long while."""

        def renew() -> None:
            self._waits = False
            self.show(self._view)

        if not self._waits:
            self._waits = True
            self._later(FIRST_LINE_SECONDS, renew)

    def _image(self, face: Face) -> Any:
        return draw_face(face, self._bar, SIZE)

    def _build_items(self) -> Iterator[Any]:
        return map(self._build_item, self._items)

    def _build_item(self, item: MenuItem) -> Any:
        if not item.label:
            return self._pystray.Menu.SEPARATOR
        return self._pystray.MenuItem(
            item.label.replace("&", "&&") if sys.platform == "win32" else item.label,
            self._pystray.Menu(*map(self._build_item, item.items))
            if item.items
            else self._build_action(item.action),
            checked=None if item.checked is None else lambda _item: bool(item.checked),
            default=item.default,
            enabled=item.enabled,
        )

    def _build_action(self, action: MenuAction | None) -> Callable[[Any, Any], None] | None:
        if action is None:
            return None
        return lambda _icon, _item: self.stop() if action.verb is MenuVerb.QUIT else self._choose(action)


def _with_lasting_menu(icon: type[Any]) -> type[Any]:
    """The same kind of icon, whose menu does not close while somebody has it open."""
    if sys.platform == "win32":
        return guard_open_menu(icon)
    return keep_menu(icon) if icon.__module__.endswith(("_gtk", "_appindicator")) else icon


def _run_on_main(change: Callable[[], object]) -> None:
    """Apple's icons may be changed by the main thread alone; the others see to it themselves."""
    if sys.platform == "darwin":
        import_module("PyObjCTools.AppHelper").callAfter(change)
    else:
        change()
