"""`papertray tray`: hand over to the icon. It lives a floor above, so this floor knows it by name alone."""

from importlib import import_module


def tray() -> None:
    """Show papertray in the bar of your desktop, and start the daemon if none runs.

    Where no icon can be shown it says so and ends with 14; `papertray open` and `status` tell the same.
    """
    import_module("papertray.tray.main").main()
