"""What there is to choose, as the API tells it: devices, models, and how each model would run here."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from papertray.daemon.wire import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChoice(Answer):
    """`row` says in which number format and how the chosen model would run on it."""

    name: str
    title: str
    present: bool
    usable: bool
    why: str
    advice: str
    total: int
    free: int
    row: str


@dataclass(frozen=True, slots=True)
class DeviceChoices(Answer):
    chosen: str
    in_use: str
    devices: tuple[DeviceChoice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice(Answer):
    """In OpenAI's shape, and what papertray knows besides. `here` is yes, partly or no."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "papertray"
    title: str
    licence: str
    size: int
    installed: bool
    here: Literal["yes", "partly", "no"]
    chosen: bool
    in_use: bool
    done: Annotated[int | None, Field(description="Bytes that are fetched, while it is on its way.")]
    installing: Annotated[str, Field(description="What the installer of its libraries says just now.")] = ""
    problem: Annotated[str, Field(description="Why it could not be fetched, until that is tried again.")] = ""
    advice: str = ""
    languages: str = ""
    good_at: str = ""
    score: Annotated[str, Field(description="What others measured, with the benchmark's name.")] = ""
    score_source: str = ""
    pages_a_minute: Annotated[
        float | None, Field(description="Measured with papertray on two cores, an answer of 1,000 tokens.")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoices(Answer):
    object: Literal["list"] = "list"
    data: tuple[ModelChoice, ...]
    recognisers: Annotated[
        tuple[ModelChoice, ...], Field(description="For other scripts: additions to the quick reader.")
    ] = ()
    chosen: Annotated[str, Field(description="What the settings say; `auto` takes the best that is here.")]
    install: Annotated[str, Field(description="What `pull?install=true` would run first, if anything.")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFit(Answer):
    """How a model would run on this machine: `row` says on what and in which numbers, "" where it cannot.

    `memory` is what it takes there while it reads a page, in bytes, 0 where nobody knows. `seconds_a_page` is
    what its last pages took here, null where it has read none.
    """

    id: str
    row: str
    why: str
    memory: int
    seconds_a_page: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFits(Answer):
    """`automatic` is the model that Automatic would take now, and `why` says why that and no better one."""

    automatic: str
    why: str
    models: tuple[ModelFit, ...]
