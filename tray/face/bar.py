"""Whether the bar that the icon stands on is light or dark."""

import subprocess
import sys

from papertray.tray.face.drawing import BarShade


def detect_bar(setting: str) -> BarShade:
    """What the settings say; for "auto", what the system says."""
    return (BarShade.LIGHT if _is_light() else BarShade.DARK) if setting == "auto" else BarShade(setting)


def _is_light() -> bool:
    """Linux desktops do not tell, and most of their bars are dark; those icons can be seen on both."""
    if sys.platform == "win32":
        return _windows_taskbar_is_light()
    if sys.platform == "darwin":
        return _mac_is_light()
    return False


def _windows_taskbar_is_light() -> bool:
    if sys.platform == "win32":
        import winreg

        personalize = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, personalize) as key:
                return bool(winreg.QueryValueEx(key, "SystemUsesLightTheme")[0])
        except OSError:  # before Windows 10
            pass
    return False


def _mac_is_light() -> bool:
    """The key is there only in dark mode."""
    answer = subprocess.run(
        ["defaults", "read", "-g", "AppleInterfaceStyle"], capture_output=True, check=False
    )
    return b"Dark" not in answer.stdout
