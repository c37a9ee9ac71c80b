"""What can go wrong with the icon and what is chosen in its menu."""

from pathlib import Path

from papertray.daemon.errors import ExitCode, PapertrayError


class NoTray(PapertrayError):
    """This desktop has no place for an icon, or what draws it is missing."""

    exit_code = ExitCode.NO_TRAY

    def __init__(self, why: str, advice: str = "") -> None:
        super().__init__(
            f"No icon can be shown: {why}",
            f"{advice} Without it, use `papertray open` or `papertray status`.".strip(),
        )


class TrayRunning(PapertrayError):
    exit_code = ExitCode.ALREADY_RUNNING

    def __init__(self) -> None:
        super().__init__("papertray's icon is shown already.", "Look for it in the bar of your desktop.")


class FileGone(PapertrayError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.name} is no longer there.", f"It was in {path.parent}.")
