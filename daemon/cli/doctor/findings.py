"""What a check finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from papertray.daemon.places import Places

FindingState = Literal["good", "look", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`look` is for what works but may surprise; only `bad` makes the doctor end with an error."""

    about: str
    state: FindingState
    sentence: str
    advice: str = ""


Check = Callable[[Places], Iterator[Finding]]
