"""The shapes of what is asked, for the routes and for their description in OpenAPI."""

from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Number = Annotated[int, Path(ge=1, le=2**53, description="The document's number.")]
PageNumber = Annotated[int, Path(ge=1, le=1_000_000, description="Counted from 1.")]
Name = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Place = Annotated[str, StringConstraints(min_length=1, max_length=4096, pattern=r"^[^\x00]+$")]
Text = Annotated[str, StringConstraints(max_length=10_000)]


class Body(BaseModel):
    """A request's body: what is not known of it is refused."""

    model_config = ConfigDict(extra="forbid")


class Retry(Body):
    reader: Name = Field(default="", description="Read it with this one instead.")


class Several(Body):
    documents: list[Annotated[int, Field(ge=1, le=2**53)]] = Field(
        min_length=1, max_length=100_000, description="Their numbers; those that are gone are passed over."
    )


class RetrySeveral(Several, Retry):
    pass


class ExportSeveral(Several):
    documents: list[Annotated[int, Field(ge=1, le=2**53)]] = Field(
        min_length=1, max_length=2000, description="Their numbers; what was not read of them is left out."
    )
    forms: Name = Field(alias="as", description="One of `/v1/formats`, or several between commas.")


class Pause(Body):
    seconds: float | None = Field(default=None, gt=0, le=10 * 366 * 86400, description="null: until resumed.")


class Choice(Body):
    name: Name = Field(description="`auto`, or a name that the list shows.")


class NewFolder(Body):
    path: Place
    watch: Literal["auto", "native", "poll"] = "auto"
    recursive: bool = True
    create: bool = Field(default=False, description="Make it if it is not there.")


class OldFolder(Body):
    path: Place


class FolderValues(OldFolder):
    values: dict[Name, bool | int | float | Text | list[Text] | None] = Field(
        min_length=1, max_length=100, description="By name; null: the folder says nothing of it itself."
    )
