"""How an errand went, as a value; and the one that cannot be told yet."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrandOutcome:
    """`again`: another try may help."""

    sentence: str
    worked: bool = False
    again: bool = False


class ErrandInterrupted(Exception):
    """The daemon stops: it is still due."""
