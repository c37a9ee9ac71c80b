"""The shapes of what is asked and answered, for the routes and for their description in OpenAPI."""

from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Number = Annotated[int, Path(ge=1, le=2**53, description="The document's number.")]
PageNumber = Annotated[int, Path(ge=1, le=1_000_000, description="Counted from 1.")]
Name = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Place = Annotated[str, StringConstraints(min_length=1, max_length=4096, pattern=r"^[^\x00]+$")]


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Retry(Asked):
    reader: Name = Field(default="", description="Read it with this one instead.")


class Pause(Asked):
    seconds: float | None = Field(default=None, gt=0, le=10 * 366 * 86400, description="null: until resumed.")


class Choice(Asked):
    name: Name = Field(description="`auto`, or a name that the list shows.")


class NewFolder(Asked):
    path: Place
    watch: Literal["auto", "native", "poll"] = "auto"
    recursive: bool = True


class OldFolder(Asked):
    path: Place


class Done(BaseModel):
    """It was done, or will be at once."""

    ok: bool = True


class Count(BaseModel):
    queued: int


class Folder(BaseModel):
    path: str
    watch: str
    recursive: bool
    notes: str
    archive: str | None
    problem: str


class Folders(BaseModel):
    folders: list[Folder]


class Device(BaseModel):
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


class Devices(BaseModel):
    chosen: str
    in_use: str
    devices: list[Device]


class Model(BaseModel):
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
    done: int | None = Field(description="Bytes that are fetched, while it is on its way.")


class Models(BaseModel):
    object: Literal["list"] = "list"
    data: list[Model]
    chosen: str = Field(description="What the settings say; `auto` takes the best that is here.")


class Document(BaseModel):
    """A dropped file. Times are seconds since 1970; `pages` is 0 until it was opened.

    `exit_code` is 0 unless it failed.
    """

    model_config = ConfigDict(extra="allow")

    id: int
    name: str
    path: str
    state: str
    pages: int
    pages_done: int
    sentence: str
    advice: str
    exit_code: int
    note: str | None
    reader: str
    added: float
    finished: float | None


class Documents(BaseModel):
    documents: list[Document]
    before: int | None = Field(
        description="Give this as `before` for the next ones; null: there are no more."
    )


class Box(BaseModel):
    """As fractions of the page's width and height."""

    left: float
    top: float
    right: float
    bottom: float


class Block(BaseModel):
    kind: str
    markdown: str
    box: Box | None


class Text(BaseModel):
    markdown: str
    blocks: list[Block]
    ending: str
    warnings: list[str]
    blank: bool
    tokens: int


class Page(BaseModel):
    number: int
    state: str
    attempts: int
    seconds: float
    problem: str
    advice: str
    text: Text | None


class FigureName(BaseModel):
    page: int
    name: str


class WholeDocument(Document):
    """With its pages and the text of its note as it stands now, null where there is none."""

    each_page: list[Page]
    figures: list[FigureName]
    note_text: str | None


class Figure(FigureName):
    png: str = Field(description="The picture, in base64.")


class Reading(BaseModel):
    """What was read of an upload."""

    name: str
    sha256: str
    kind: str
    reader: str
    revision: str
    device: str
    markdown: str
    pages: list[Page]
    figures: list[Figure]


class LoginCode(BaseModel):
    code: str
    url: str
    seconds: float
