"""What the environment says: `PAPERTRAY_ENGINE__DEVICE=cpu` is `engine.device = "cpu"`.

A variable nobody knows is a warning, not an error: it may belong to another version.
"""

from collections.abc import Mapping
from typing import Any

from loguru import logger
from pydantic_settings import BaseSettings, EnvSettingsSource
from pydantic_settings.exceptions import SettingsError as Unreadable

from papertray.daemon.errors import SettingsError
from papertray.daemon.settings.layers import Key, Layer
from papertray.daemon.settings.words import exists, nearest

PREFIX = "PAPERTRAY_"
OTHERS = frozenset({"PAPERTRAY_HOME"})  # ours, though no setting


def environment_layer(model: type[BaseSettings], environment: Mapping[str, str]) -> Layer:
    for warning in unknown_variables(model, environment):
        logger.warning("{}", warning)
    try:
        said: dict[str, Any] = EnvSettingsSource(model)()
    except Unreadable as problem:
        raise SettingsError(
            f"{_variable_of(problem, environment)} cannot be read: it must be JSON.",
            """For example PAPERTRAY_FOLDERS='[{"path": "/scans"}]', or PAPERTRAY_FOLDERS__0__PATH=/scans.""",
        ) from None
    return Layer("environment", _known(model, said), variable_name)


def unknown_variables(model: type[BaseSettings], environment: Mapping[str, str]) -> list[str]:
    """A sentence for each variable that looks like ours and is not."""
    warnings = []
    for name in environment:
        key = name.removeprefix(PREFIX).lower().split("__")
        if not name.startswith(PREFIX) or name in OTHERS or exists(model, key):
            continue
        meant = nearest(model, key) or nearest(model, [part for word in key for part in word.split("_")])
        hint = f" Did you mean {variable_name(tuple(meant.split('.')))}?" if meant else ""
        warnings.append(f"The variable {name} is no setting and is ignored.{hint}")
    return warnings


def variable_name(key: Key) -> str:
    return PREFIX + "__".join(str(part).upper() for part in key)


def _known(
    model: type[BaseSettings], said: Mapping[str, Any], before: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What is said without the keys that do not exist; those were warned of."""
    result = {}
    for name, value in said.items():
        key = (*before, name)
        if exists(model, key):
            result[name] = _known(model, value, key) if isinstance(value, dict) else value
    return result


def _variable_of(problem: Unreadable, environment: Mapping[str, str]) -> str:
    names = [name for name in environment if f'"{name.removeprefix(PREFIX).lower()}"' in str(problem)]
    return names[0] if names else "A PAPERTRAY_ variable"
