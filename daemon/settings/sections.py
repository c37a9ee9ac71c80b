"""The tables of the settings: what may be chosen in each, and its defaults. `template` says what each is for.

Values in, frozen values out; nothing is read here.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from papertray.daemon.settings.commands import check_own_server, split_command, with_own_url
from papertray.daemon.settings.folder_rules import require_full_path
from papertray.daemon.settings.note_templates import SOURCE_NAME, parse_property, require_template
from papertray.daemon.settings.pause_hours import require_pause_hours
from papertray.engine.devices.rows import DEVICES
from papertray.engine.errors import UnknownModel
from papertray.engine.models.catalog import CATALOG, SERVER, find_entry

AUTO = "auto"  # the best that is here
DEVICE_NAMES = (AUTO, *DEVICES)
MODEL_NAMES = (AUTO, *(row.name for row in CATALOG), SERVER)
KEYRING = "keyring:"
"""How the name of a key begins that is in the system's keyring."""


def _require_device(name: str) -> str:
    if name not in DEVICE_NAMES:
        raise ValueError(f"it must be {', '.join(DEVICE_NAMES)}")
    return name


def _require_model(name: str) -> str:
    """As the catalogue writes it."""
    if name == AUTO:
        return name
    try:
        return find_entry(name).name
    except UnknownModel:
        raise ValueError(f"it must be {', '.join(MODEL_NAMES)}") from None


def require_http(url: str) -> str:
    """The same; ValueError where it is no address of a server, or holds a password."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("it must begin with http:// or https:// and name a host")
    if parts.username or parts.password:
        raise ValueError("it must hold no password: name the variable that has the key")
    return url


def _require_keyring(key: str) -> str:
    """The mistake does not repeat what was written: it may be a key."""
    if key and not (key.startswith(KEYRING) and key.removeprefix(KEYRING)):
        raise ValueError(f'it must be "{KEYRING}NAME", for a key never stands in the settings')
    return key


def require_fingerprint(written: str) -> str:
    """The same; ValueError where it is no SHA-256. "" is none."""
    plain = written.replace(":", "").replace(" ", "")
    if written and not (len(plain) == 64 and set(plain.lower()) <= set("0123456789abcdef")):
        raise ValueError("it must be 64 hexadecimal digits, as `papertray serve` shows them there")
    return written


def _require_property(line: str) -> str:
    parse_property(line)
    return line


FolderPath = Annotated[Path, AfterValidator(require_full_path)]
OutputName = Literal["pdf", "json", "txt", "html", "csv", "hocr", "docx"]
Property = Annotated[str, AfterValidator(_require_property)]
NameTemplate = Annotated[str, AfterValidator(require_template)]
DeviceName = Annotated[str, AfterValidator(_require_device)]
ModelName = Annotated[str, AfterValidator(_require_model)]
Languages = Literal["auto"] | tuple[str, ...]
Hours = Annotated[str, AfterValidator(require_pause_hours)]


class SettingsTable(BaseModel):
    """Unknown keys are refused, and a value does not change once it is there."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False)


class FolderSettings(SettingsTable):
    """One watched folder. What it does not say of its reading is as `[engine]` and `[documents]` have it.

    `separator` is what the barcode of a sheet says that parts two documents, where it is to be split at such.
    """

    path: FolderPath
    recursive: bool = True
    watch: Literal["auto", "native", "poll"] = "auto"
    settle: float | None = Field(default=None, ge=0)
    include: tuple[str, ...] = ("*",)
    ignore: tuple[str, ...] = ()
    notes: Literal["beside"] | FolderPath = "beside"
    archive: FolderPath | None = None
    note_name: NameTemplate = SOURCE_NAME
    properties: tuple[Property, ...] = ()
    outputs: tuple[OutputName, ...] = ()
    model: ModelName | None = None
    device: DeviceName | None = None
    mode: str | None = None
    prompt: str | None = None
    languages: Languages | None = None
    dots_per_inch: int | None = Field(default=None, ge=50, le=600)
    pause: Hours = ""
    drop_blank_pages: bool = False
    split_at: Literal["nothing", "blank", "barcode"] = "nothing"
    separator: str = Field(default="PATCHT", min_length=1)
    join_sides: bool = False


class NoteSettings(SettingsTable):
    """`keep_running_heads`: heads, feet and page numbers stay, and no two pages are joined over them."""

    front_matter: bool = True
    keep_running_heads: bool = False


class DocumentSettings(SettingsTable):
    """Limits for untrusted files, and how PDF pages are drawn."""

    dots_per_inch: int = Field(default=200, ge=50, le=600)
    max_pages: int = Field(default=2000, ge=1)
    max_megapixels: int = Field(default=180, ge=1)
    page_megapixels: int = Field(default=40, ge=1)
    seconds_a_page: float = Field(default=60, gt=0)
    memory_megabytes: int = Field(default=2048, ge=256)


class ServerSettings(SettingsTable):
    """An inference engine that reads pages; `family` is its model's sort, where the name does not say.

    With a `command` papertray starts it on this machine; then `url` need not be there.
    """

    url: Annotated[str, AfterValidator(require_http)]
    model: str
    name: str = ""
    key_env: str = ""
    key: Annotated[str, AfterValidator(_require_keyring)] = ""
    fingerprint: Annotated[str, AfterValidator(require_fingerprint)] = ""
    family: Literal[
        "",
        "deepseek-ocr",
        "dots-ocr",
        "paddleocr-vl",
        "glm-ocr",
        "minicpm-ocr",
        "lightonocr-3",
        "lightonocr",
        "papertray",
        "markdown",
    ] = ""
    in_flight: int | None = Field(default=None, ge=1, le=1024)
    command: Annotated[tuple[str, ...], BeforeValidator(split_command)] = ()

    @model_validator(mode="before")
    @classmethod
    def _know_own_url(cls, table: Any) -> Any:
        return with_own_url(table)

    @model_validator(mode="after")
    def _require_fitting_command(self) -> Self:
        check_own_server(self.url, self.command)
        if self.fingerprint and not self.url.startswith("https:"):
            raise ValueError("url must begin with https:// where there is a fingerprint")
        return self


class EngineSettings(SettingsTable):
    model: ModelName = AUTO
    device: DeviceName = AUTO
    dtype: Literal["auto", "float32", "float16", "bfloat16"] = "auto"
    four_bit: Literal["auto", "on", "off"] = "auto"
    longest_side: int | None = Field(default=None, ge=256)
    mode: str | None = None
    prompt: str = "document"
    max_tokens: int | None = Field(default=None, ge=1)
    pdf_text: Literal["auto", "never", "always"] = "auto"
    cut_figures: bool = False
    languages: Languages = "auto"
    idle_unload: float = Field(default=600, ge=0)
    effort: Literal["gentle", "normal", "all"] = "normal"
    nice: int | None = Field(default=None, ge=0, le=19)
    servers: tuple[ServerSettings, ...] = ()
    fallback: Literal["wait", "quick"] = "wait"


class NotifySettings(SettingsTable):
    """What the tray may tell in a notification; while papertray is paused it tells nothing."""

    batch_finished: bool = True
    document_failed: bool = True
    download_finished: bool = True
    folder_gone: bool = True


class TraySettings(SettingsTable):
    bar: Literal["auto", "light", "dark"] = "auto"


class LogSettings(SettingsTable):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class JournalSettings(SettingsTable):
    """`keep_texts_of_gone`: days for which what was read of a file is kept once the file is gone."""

    keep_texts_of_gone: float = Field(default=30, ge=0)


class ServeSettings(SettingsTable):
    """Whether pages of other machines are read here, and where they are taken in.

    With `announce` those of this network find this machine by its name.
    """

    enabled: bool = False
    announce: bool = True
    host: str = "0.0.0.0"
    port: int = Field(default=8764, ge=0, le=65535)


class ApiSettings(SettingsTable):
    enabled: bool = True
    host: str = "127.0.0.1"
    port: int = Field(default=8763, ge=0, le=65535)
    upload_megabytes: int = Field(default=200, ge=1)


def named_places(folders: Iterable[FolderSettings]) -> frozenset[Path]:
    """Every folder that a person chose: watched ones, mirrors, archives."""
    return frozenset(place for folder in folders for place in (folder.path, *output_places(folder)))


def output_places(folder: FolderSettings) -> tuple[Path, ...]:
    """The folders papertray itself fills for this one: mirror and archive."""
    return tuple(place for place in (folder.notes, folder.archive) if isinstance(place, Path))
