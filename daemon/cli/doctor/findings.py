"""What a check finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from papertray.daemon.places import Places
from papertray.engine.language import translatable

ABOUT = (  # what findings are about, in words; the rest are names
    translatable("packages"),
    translatable("settings"),
    translatable("own folder"),
    translatable("folder"),
    translatable("notes"),
    translatable("watches"),
    translatable("space"),
    translatable("journal"),
    translatable("confinement"),
    translatable("quick reader"),
    translatable("recognisers"),
    translatable("device"),
    translatable("reader"),
)

FindingState = Literal["good", "look", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`look` is for what works but may surprise; only `bad` makes the doctor end with an error."""

    about: str
    state: FindingState
    sentence: str
    advice: str = ""


Check = Callable[[Places], Iterator[Finding]]
