"""The settings: what a person may choose, with its defaults."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class Folder(Section):
    """One watched folder."""

    path: Path
    recursive: bool = True
    watch: Literal["auto", "native", "poll"] = "auto"
    settle: float | None = Field(
        default=None, ge=0, description="Seconds; 2, or 5 where polled."
    )
    include: tuple[str, ...] = ("*",)
    ignore: tuple[str, ...] = ()
    notes: Literal["beside"] | Path = "beside"
    archive: Path | None = Field(
        default=None, description="Where a source goes once its note stands."
    )


class Notes(Section):
    front_matter: bool = True


class Documents(Section):
    """Limits for untrusted files, and how PDF pages are drawn."""

    dots_per_inch: int = Field(default=200, ge=50, le=600)
    max_pages: int = Field(default=2000, ge=1)
    max_megapixels: int = Field(default=180, ge=1, description="An image larger than this is refused.")
    page_megapixels: int = Field(default=40, ge=1, description="A PDF page is drawn no larger than this.")
    seconds_a_page: float = Field(default=60, gt=0)
    memory_megabytes: int = Field(default=2048, ge=256)


class Engine(Section):
    model: str = Field(
        default="auto", description="auto, quick, or a name of `papertray models list`."
    )
    device: str = Field(default="auto", description="auto, cpu, cuda, mps or npu.")
    dtype: Literal["auto", "float32", "float16", "bfloat16"] = "auto"
    four_bit: Literal["auto", "on", "off"] = "auto"
    longest_side: int | None = Field(default=None, ge=256)
    mode: str | None = None
    prompt: str = "document"
    max_tokens: int | None = Field(default=None, ge=1)
    idle_unload: float = Field(
        default=600, ge=0, description="Idle seconds before the reader is unloaded."
    )


class Log(Section):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="PAPERTRAY_", env_nested_delimiter="__", validate_default=True
    )

    folders: tuple[Folder, ...] = (Folder(path=Path("~/OCR/inbox")),)
    rescan: float = Field(default=300, gt=0, description="Seconds between two full looks at the folders.")
    notes: Notes = Notes()
    documents: Documents = Documents()
    engine: Engine = Engine()
    log: Log = Log()
