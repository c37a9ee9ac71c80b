"""What to give up next when memory ran out: fewer pages at once, smaller pages, 4-bit, the next device.

And what to change over to when numbers overflow: a format with more range. Pure decisions on values. Every
step goes down or to more range, so no way of reading comes twice and the ladder ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from papertray.engine.devices.rows import DeviceRow

CAPS = (1024, 768)
"""Pixels of the longest side, from one rung to the next."""
NARROW = "float16"
"""The one format whose numbers end at 65,504; the others reach as far as float32."""


@dataclass(frozen=True, slots=True)
class Rung:
    """A way of reading: a row, and how many pages at once (0: as many as the reader likes).

    `given_up` tells people what was given up.
    """

    row: DeviceRow
    pages: int = 0
    given_up: str = ""


def next_rung(rung: Rung, rows: Sequence[DeviceRow], loaded: bool) -> Rung | None:
    """The way to try after `rung` ran out of memory, or None at the end of the ladder.

    `rows` are all rows that would do, best first. Fewer or smaller pages help a model that could be loaded.
    """
    if loaded and rung.pages > 1:
        return replace(rung, pages=1, given_up="one page at a time")
    smaller = _smaller(rung.row) if loaded else None
    if smaller is not None:
        given_up = f"pages made smaller, {smaller.longest_side} pixels on the longest side"
        return Rung(smaller, 1, given_up)
    below = _below(rung.row, rows)
    if not below:
        return None
    row = below[0]
    if row.device != rung.row.device:
        return Rung(row, 1, f"moved from {rung.row.device} to {row.device}")
    return Rung(row, 1, "4-bit weights" if row.weights == "nf4" else f"{row}")


def wider_rung(rung: Rung, rows: Sequence[DeviceRow]) -> Rung | None:
    """The way to try after numbers overflowed at `rung`, or None where it has a wide format already.

    On the same device first, else on one after it.
    """
    row = rung.row
    if row.dtype != NARROW:
        return None
    if row.wider:
        dtype, *others = row.wider
        wider = replace(row, dtype=dtype, wider=tuple(others), reason=f"{row.dtype} overflowed")
        return Rung(wider, rung.pages, f"{dtype}, because numbers overflowed in {row.dtype}")
    below = [each for each in _below(row, rows) if each.dtype != NARROW and each.device != row.device]
    if not below:
        return None
    given_up = f"moved from {row.device} to {below[0].device}, because numbers overflowed in {row.dtype}"
    return Rung(below[0], 1, given_up)


def _smaller(row: DeviceRow) -> DeviceRow | None:
    caps = (cap for cap in CAPS if row.longest_side is None or cap < row.longest_side)
    cap = next(caps, None)
    return None if cap is None else replace(row, longest_side=cap)


def _below(row: DeviceRow, rows: Sequence[DeviceRow]) -> list[DeviceRow]:
    """First the 4-bit rows of the same device, then those of the devices after it.

    From one device to the next the whole model may be tried again; on the same one only what takes less.
    """
    devices = list(dict.fromkeys(each.device for each in rows))
    after = devices[devices.index(row.device) + 1 :] if row.device in devices else devices
    lighter = [each for each in rows if each.device == row.device and row.weights != each.weights == "nf4"]
    return lighter + [each for each in rows if each.device in after]
