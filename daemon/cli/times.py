"""Lengths of time and moments, as people write and read them: `90s`, `15m`, `1h`, `2d`."""

import re
import time

import typer

from papertray.engine.language import spoken, translate

_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_LONGEST = 3660 * 86400.0
_PART = re.compile(r"(\d+(?:\.\d+)?)([smhd])")


def parse_seconds(text: str) -> float:
    """The seconds in `1h` or `1h30m`; for use as an option's parser."""
    compact = text.strip().lower().replace(" ", "")
    parts = _PART.findall(compact)
    total = sum(float(number) * _SECONDS[unit] for number, unit in parts)
    if total <= 0 or "".join(number + unit for number, unit in parts) != compact:
        raise typer.BadParameter(f"{text!r} is no length of time. Write it like 90s, 15m, 1h or 2d.")
    if total > _LONGEST:
        raise typer.BadParameter(f"{text!r} is longer than ten years. Leave the option out to wait for ever.")
    return total


def format_moment(moment: float, now: float) -> str:
    """The time of day, with the date when it is another day."""
    then, today = time.localtime(moment), time.localtime(now)
    if then[:3] == today[:3]:
        return time.strftime("%H:%M", then)
    return spoken().moment(moment, "%Y-%m-%d %H:%M", "yMMddHm")


def format_length(seconds: float) -> str:
    """In the two largest units that matter: `40 s`, `12 min`, `3 h 20 min`, `2 d 5 h`."""
    minutes = round(seconds / 60)
    if seconds < 90:
        return translate("{number} s", number=round(seconds))
    if minutes < 60:
        return translate("{number} min", number=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        if not minutes:
            return translate("{number} h", number=hours)
        return translate("{hours} h {minutes} min", hours=hours, minutes=minutes)
    days, hours = divmod(hours, 24)
    return (
        translate("{days} d {hours} h", days=days, hours=hours) if hours else translate("{days} d", days=days)
    )
