"""What the environment says: `PAPERTRAY_ENGINE__DEVICE=cpu` is `engine.device = "cpu"`.

A variable nobody knows is a warning, not an error: it may belong to another version.
"""

from collections.abc import Mapping
from typing import Any

from loguru import logger
from pydantic_settings import BaseSettings, EnvSettingsSource
from pydantic_settings.exceptions import SettingsError as NotJson

from papertray.daemon.errors import SettingsError
from papertray.daemon.settings.keys import key_exists, parse_key, suggest_key
from papertray.daemon.settings.layers import Key, SettingsLayer

PREFIX, DELIMITER = "PAPERTRAY_", "__"
OF_RULES = ("ID", "SOURCE", "NOTE", "FOLDER", "PAGES", "READER", "SHA256", "RULE")
"""What the command of a rule is told of a document in variables that begin so, too."""
NO_SETTINGS = frozenset({"PAPERTRAY_HOME", *(PREFIX + name for name in OF_RULES)})  # ours all the same


def environment_layer(model: type[BaseSettings], environment: Mapping[str, str]) -> SettingsLayer:
    for warning in unknown_variables(model, environment):
        logger.warning("{}", warning)
    try:
        values: dict[str, Any] = EnvSettingsSource(model)()
    except NotJson as problem:
        raise SettingsError(
            f"{_variable_of(problem, environment)} cannot be read: it must be JSON.",
            """For example PAPERTRAY_FOLDERS='[{"path": "/scans"}]', or PAPERTRAY_FOLDERS__0__PATH=/scans.""",
        ) from None
    return SettingsLayer("environment", _existing(model, values), variable_name)


def unknown_variables(model: type[BaseSettings], environment: Mapping[str, str]) -> list[str]:
    """A sentence for each variable that looks like ours and is not."""
    warnings = []
    for name in environment:
        key = name.removeprefix(PREFIX).lower().split(DELIMITER)
        if not name.startswith(PREFIX) or name in NO_SETTINGS or key_exists(model, key):
            continue
        words = [word for part in key for word in part.split("_")]
        meant = suggest_key(model, key) or suggest_key(model, words)
        hint = f" Did you mean {variable_name(parse_key(meant))}?" if meant else ""
        warnings.append(f"The variable {name} is no setting and is ignored.{hint}")
    return warnings


def variable_name(key: Key) -> str:
    return PREFIX + DELIMITER.join(str(part).upper() for part in key)


def _existing(
    model: type[BaseSettings], values: Mapping[str, Any], before: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The values without the keys that do not exist; those were warned of."""
    existing = {}
    for name, value in values.items():
        key = (*before, name)
        if key_exists(model, key):
            existing[name] = _existing(model, value, key) if isinstance(value, dict) else value
    return existing


def _variable_of(problem: NotJson, environment: Mapping[str, str]) -> str:
    names = (name for name in environment if f'"{name.removeprefix(PREFIX).lower()}"' in str(problem))
    return next(names, "A PAPERTRAY_ variable")
