"""The settings: what a person may choose, and how the choices of all sources become one.

Building `Settings` reads nothing; `load_settings` asks options, environment, file and defaults, the earlier
winning.
"""

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from papertray.daemon.errors import SettingsError
from papertray.daemon.places import Places
from papertray.daemon.settings.environment import DELIMITER, PREFIX, environment_layer
from papertray.daemon.settings.file import file_layer
from papertray.daemon.settings.folder_rules import require_outputs_apart, require_roots_apart
from papertray.daemon.settings.inheritance import inherit_settings
from papertray.daemon.settings.layers import SettingsLayer, merge_layers, nest_options
from papertray.daemon.settings.mistakes import describe_mistakes
from papertray.daemon.settings.rule_settings import RuleSettings, require_different_names
from papertray.daemon.settings.sections import (
    ApiSettings,
    DocumentSettings,
    EngineSettings,
    FolderSettings,
    JournalSettings,
    LogSettings,
    NoteSettings,
    NotifySettings,
    ServeSettings,
    SettingsTable,
    TraySettings,
    named_places,
    output_places,
)

__all__ = [
    "DEFAULTS",
    "DEFAULT_INBOX",
    "ApiSettings",
    "DocumentSettings",
    "EngineSettings",
    "FolderSettings",
    "JournalSettings",
    "NotifySettings",
    "RuleSettings",
    "ServeSettings",
    "Settings",
    "build_settings",
    "load_settings",
    "named_places",
    "output_places",
    "read_layers",
]

DEFAULT_INBOX = Path("~/OCR/inbox")
# A file or variable that speaks of `folders.0` without giving a path means the inbox.
DEFAULTS = SettingsLayer("default", {"folders": [{"path": str(DEFAULT_INBOX)}]})


class Settings(BaseSettings, SettingsTable):
    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter=DELIMITER)

    folders: tuple[FolderSettings, ...] = Field(default_factory=lambda: (FolderSettings(path=DEFAULT_INBOX),))
    rules: tuple[RuleSettings, ...] = ()
    language: Literal["auto", "en", "zh", "lt", "de"] = "auto"
    rescan: float = Field(default=300, gt=0)
    notes: NoteSettings = NoteSettings()
    documents: DocumentSettings = DocumentSettings()
    engine: EngineSettings = EngineSettings()
    notify: NotifySettings = NotifySettings()
    tray: TraySettings = TraySettings()
    log: LogSettings = LogSettings()
    journal: JournalSettings = JournalSettings()
    api: ApiSettings = ApiSettings()
    serve: ServeSettings = ServeSettings()

    @field_validator("folders")
    @classmethod
    def _inherit(cls, folders: tuple[FolderSettings, ...]) -> tuple[FolderSettings, ...]:
        return inherit_settings(folders)

    @model_validator(mode="after")
    def _require_folders_apart(self) -> Self:
        for folder in self.folders:
            require_outputs_apart(folder.path, folder.notes, folder.archive)
        require_roots_apart(
            [folder.path for folder in self.folders],
            [place for folder in self.folders for place in output_places(folder)],
        )
        return self

    @model_validator(mode="after")
    def _require_names(self) -> Self:
        require_different_names(self.rules)
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
        """None of pydantic's own: the layers know where a value was written."""
        return (init_settings,)


def load_settings(places: Places, **options: object) -> Settings:
    """The settings in force. Options nest like variables: `engine__device="cpu"`."""
    return build_settings(read_layers(places, **options))


def read_layers(places: Places, **options: object) -> tuple[SettingsLayer, ...]:
    """What each source says, the weakest first."""
    return (
        DEFAULTS,
        file_layer(places.settings_file),
        environment_layer(Settings, os.environ),
        SettingsLayer("option", nest_options(options)),
    )


def build_settings(layers: tuple[SettingsLayer, ...]) -> Settings:
    """Raises SettingsError with a line for each mistake."""
    try:
        return Settings(**merge_layers(layers))
    except ValidationError as problem:
        raise SettingsError(
            describe_mistakes(problem, Settings, layers), "`papertray config edit` opens the settings."
        ) from None
