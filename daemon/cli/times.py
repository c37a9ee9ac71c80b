"""Lengths of time and moments, as people write and read them: `90s`, `15m`, `1h`, `2d`."""

import re
import time

import typer

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
    return time.strftime("%H:%M" if then[:3] == today[:3] else "%Y-%m-%d %H:%M", then)


def format_length(seconds: float) -> str:
    """In the two largest units that matter: `40 s`, `12 min`, `3 h 20 min`, `2 d 5 h`."""
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{round(seconds)} s"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"
