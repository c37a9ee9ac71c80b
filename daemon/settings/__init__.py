"""The settings: what a person may choose, with its defaults, and how the choices of all sides become one.

Building `Settings` reads nothing; `load_settings` asks options, environment, file and defaults, the earlier
winning.
"""

import os
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from papertray.daemon.errors import SettingsError
from papertray.daemon.places import Places
from papertray.daemon.settings import environment, file, whereabouts
from papertray.daemon.settings.layers import Layer, merge_layers, nest
from papertray.daemon.settings.words import sentences
from papertray.engine.devices.rows import DEVICES

DEFAULT_INBOX = Path("~/OCR/inbox")

# A folder a person names: `~` is opened, and it must not depend on where papertray was started.
Place = Annotated[Path, AfterValidator(whereabouts.fixed)]


def _is_a_device(name: str) -> str:
    if name not in ("auto", *DEVICES):
        raise ValueError(f"it must be auto, {', '.join(DEVICES)}")
    return name


Device = Annotated[str, AfterValidator(_is_a_device)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False)


class FolderSettings(Section):
    """One watched folder."""

    path: Place
    recursive: bool = True
    watch: Literal["auto", "native", "poll"] = "auto"
    settle: float | None = Field(default=None, ge=0, description="Seconds; 2, or 5 where polled.")
    include: tuple[str, ...] = ("*",)
    ignore: tuple[str, ...] = ()
    notes: Literal["beside"] | Place = "beside"
    archive: Place | None = Field(default=None, description="Where a source goes once its note stands.")


class NoteSettings(Section):
    front_matter: bool = True


class DocumentSettings(Section):
    """Limits for untrusted files, and how PDF pages are drawn."""

    dots_per_inch: int = Field(default=200, ge=50, le=600)
    max_pages: int = Field(default=2000, ge=1)
    max_megapixels: int = Field(default=180, ge=1, description="An image larger than this is refused.")
    page_megapixels: int = Field(default=40, ge=1, description="A PDF page is drawn no larger than this.")
    seconds_a_page: float = Field(default=60, gt=0)
    memory_megabytes: int = Field(default=2048, ge=256)


class EngineSettings(Section):
    model: str = Field(default="auto", description="auto, quick, or a name of `papertray models list`.")
    device: Device = Field(default="auto", description="auto, cpu, cuda, mps or npu.")
    dtype: Literal["auto", "float32", "float16", "bfloat16"] = "auto"
    four_bit: Literal["auto", "on", "off"] = "auto"
    longest_side: int | None = Field(default=None, ge=256)
    mode: str | None = None
    prompt: str = "document"
    max_tokens: int | None = Field(default=None, ge=1)
    pdf_text: Literal["auto", "never", "always"] = Field(
        default="auto",
        description="The text that a PDF has itself: auto where it is sound, never, always.",
    )
    idle_unload: float = Field(default=600, ge=0, description="Idle seconds before the reader is unloaded.")


class NotifySettings(Section):
    """What the tray may tell in a notification; while papertray is paused it tells nothing."""

    batch_finished: bool = True
    document_failed: bool = True
    download_finished: bool = True
    folder_gone: bool = True


class TraySettings(Section):
    bar: Literal["auto", "light", "dark"] = Field(default="auto", description="The bar the icon stands on.")


class LogSettings(Section):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class ApiSettings(Section):
    enabled: bool = True
    host: str = Field(default="127.0.0.1", description="Another address lets other machines reach papertray.")
    port: int = Field(default=8763, ge=0, le=65535, description="The next free one where it is taken.")
    upload_megabytes: int = Field(default=200, ge=1, description="A larger upload is refused.")


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        env_prefix="PAPERTRAY_",
        env_nested_delimiter="__",
        validate_default=True,
        allow_inf_nan=False,
    )

    folders: tuple[FolderSettings, ...] = Field(default_factory=lambda: (FolderSettings(path=DEFAULT_INBOX),))
    rescan: float = Field(default=300, gt=0, description="Seconds between two full looks at the folders.")
    notes: NoteSettings = NoteSettings()
    documents: DocumentSettings = DocumentSettings()
    engine: EngineSettings = EngineSettings()
    notify: NotifySettings = NotifySettings()
    tray: TraySettings = TraySettings()
    log: LogSettings = LogSettings()
    api: ApiSettings = ApiSettings()

    @model_validator(mode="after")
    def _folders_keep_apart(self) -> Self:
        for folder in self.folders:
            whereabouts.keep_apart(folder.path, folder.notes, folder.archive)
        whereabouts.keep_roots_apart(
            [folder.path for folder in self.folders],
            [place for folder in self.folders for place in output_places(folder)],
        )
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def output_places(folder: FolderSettings) -> tuple[Path, ...]:
    """The folders papertray itself fills for this one: mirror and archive."""
    return tuple(place for place in (folder.notes, folder.archive) if isinstance(place, Path))


def setting_layers(places: Places, **overrides: object) -> tuple[Layer, ...]:
    """What each side says, the weakest first. Options nest like variables: `engine__device="cpu"`."""
    return (
        DEFAULTS,
        file.file_layer(places.settings_file),
        environment.environment_layer(Settings, os.environ),
        Layer("option", nest(overrides)),
    )


# A file or variable that speaks of `folders.0` without giving a path means the inbox.
DEFAULTS = Layer("default", {"folders": [{"path": str(DEFAULT_INBOX)}]})


def build_settings(sides: tuple[Layer, ...]) -> Settings:
    try:
        return Settings(**merge_layers(sides))
    except ValidationError as problem:
        raise SettingsError(
            sentences(problem, Settings, sides), "`papertray config edit` opens the settings."
        ) from None


def load_settings(places: Places, **overrides: object) -> Settings:
    return build_settings(setting_layers(places, **overrides))
