"""The command of a server that papertray starts: split as a shell would, run without one. Pure.

It listens on this machine, at a port that it is given in place of `{port}`, or at the one in its `url`.
"""

import os
import shlex
from typing import Any

from papertray.engine.server_address import PORT, ServerAddress

OWN_URL = f"http://127.0.0.1:{PORT}/v1"


def split_command(command: Any) -> Any:
    """One text in its words; a list has them already."""
    if not isinstance(command, str):
        return command
    if os.name == "nt":  # there a backslash is a part of a path
        command = command.replace("\\", "\\\\")
    try:
        return tuple(shlex.split(command))
    except ValueError:
        raise ValueError("a quotation mark is not closed in it") from None


def with_own_url(table: Any) -> Any:
    """A server that papertray starts is where it is told to listen."""
    if isinstance(table, dict) and table.get("command") and "url" not in table:
        return {**table, "url": OWN_URL}
    return table


def check_own_server(url: str, command: tuple[str, ...]) -> None:
    in_command = any(PORT in part for part in command)
    if PORT in url and not in_command:
        raise ValueError(f"command must hold {PORT}, or url must name the port that the server listens at")
    if in_command and PORT not in url:
        raise ValueError(f"url must hold {PORT} as command does, or be left out")
    if command and not ServerAddress(url, model="").is_local:
        raise ValueError("url must be http://127.0.0.1:… where there is a command: papertray starts it here")
