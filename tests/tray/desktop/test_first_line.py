"""The menu's first line, which changes with every page: renewed seldom, and never left behind."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from papertray.daemon.status import Activity, PageInProgress
from papertray.tray.desktop.icon import FIRST_LINE_SECONDS, TrayIcon
from papertray.tray.face.drawing import BarShade
from tests.tray.views import view


class Icon:
    """What pystray's icons have in common; `lines` are the menu's at each renewal."""

    lines: list[str] = []  # noqa: RUF012  # of the only one

    def __init__(self, _name: str, _image: Any, _title: str, menu: Callable[[], Any]) -> None:
        self._menu = menu

    def update_menu(self) -> None:
        self.lines.append(next(iter(self._menu())))


def plain_backend() -> ModuleType:
    backend: Any = ModuleType("plain")
    backend.Icon = Icon
    backend.Menu = lambda items, *_more: items
    backend.MenuItem = lambda label, *_deed, **_state: label
    backend.Menu.SEPARATOR = "-"
    return backend  # type: ignore[no-any-return]


def reading(page: int) -> Any:
    return view(Activity.WORKING, reading=(PageInProgress(1, "book.pdf", page, 900),))


def test_the_last_change_of_the_first_line_is_shown_though_nothing_follows() -> None:
    times, timers = [0.0], []
    Icon.lines.clear()
    icon = TrayIcon(
        plain_backend(),
        BarShade.DARK,
        lambda _action: None,
        lambda: times[-1],
        lambda seconds, deed: timers.append((seconds, deed)),
    )
    for page in (1, 2, 3, 4):
        icon.show(reading(page))
    assert Icon.lines == ["book.pdf page 1 of 900"]
    ((seconds, renew),) = timers
    times.append(seconds)
    renew()
    assert seconds == FIRST_LINE_SECONDS
    assert Icon.lines == ["book.pdf page 1 of 900", "book.pdf page 4 of 900"]
    icon.show(reading(5))
    assert len(timers) == 2
