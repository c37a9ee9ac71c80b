"""`papertray servers`: the other machines that read pages for this one, and their keys."""

import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.reload import reload_daemon
from papertray.daemon.cli.screen import print_json, print_line, print_message, print_table
from papertray.daemon.errors import SettingsError
from papertray.daemon.places import Places, find_places
from papertray.engine.language import translatable, translate

if TYPE_CHECKING:
    from papertray.daemon.settings.sections import ServerSettings

NameOfServer = Annotated[str, typer.Argument(metavar="NAME", help="Its name, host or url in the settings.")]

app = typer.Typer(help="List, add and remove other machines that read pages.")

HEAD = (
    translatable("Server"),
    translatable("Address"),
    translatable("Model"),
    translatable("Key"),
    translatable("State"),
)
FOUND_HEAD = (translatable("Name"), translatable("Address"), translatable("Fingerprint"))


@app.callback(invoke_without_command=True)
def servers(context: typer.Context, as_json: AsJson = False) -> None:
    """List the other machines that read pages, and whether they answer."""
    if context.invoked_subcommand is None:
        _show(find_places(), as_json)


@app.command("list")
def list_servers(as_json: AsJson = False) -> None:
    """List the servers of the settings, and whether they answer."""
    _show(find_places(), as_json)


@app.command()
def add(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="As `papertray serve` shows it there, or the machine's name.")
    ],
    name: Annotated[str, typer.Option(help="What it is called here; else the host.")] = "",
    fingerprint: Annotated[str, typer.Option(help="Of its certificate; else it is shown and asked.")] = "",
    key_env: Annotated[str, typer.Option(help="The environment variable that holds the token.")] = "",
) -> None:
    """Have pages read by another papertray, which knows this machine by a token.

    The token is asked for, or read from the standard input, and goes into the system's keyring.
    """
    from papertray.daemon.cli.new_server import NewServer, find_server, locate_server, require_welcome
    from papertray.daemon.guests.notices import look_around
    from papertray.daemon.settings.steering import add_server, save_choice
    from papertray.daemon.system_keyring import save_key
    from papertray.engine.models.catalog import SERVER

    places, new = find_places(), locate_server(NewServer.at(url, name), fingerprint, look_around)
    found = find_server(new, fingerprint)
    if not fingerprint:
        print_message(f"{new.name} has the certificate {found.fingerprint}")
        typer.confirm("Does `papertray serve` show the same there?", abort=True, err=True)
    token = os.environ.get(key_env, "") if key_env else _ask_for_key("Its token for this machine")
    require_welcome(new, found, token)
    values = {"url": new.url, "model": "papertray", "name": new.name, "fingerprint": found.fingerprint}
    if key_env:
        values["key_env"] = key_env
    else:
        save_key(new.name, token)
        values["key"] = f"keyring:{new.name}"
    add_server(places, values)
    save_choice(places, "model", SERVER)
    print_line(f"Pages are read on {new.name}. {reload_daemon(places)}")
    print_message("`papertray model auto` has them read here again.")


@app.command()
def find(
    seconds: Annotated[float, typer.Option(help="So long others have to answer.", min=0.1, max=60)] = 3.0,
    interface: Annotated[str, typer.Option(help="Ask in the network of this address alone.")] = "",
    as_json: AsJson = False,
) -> None:
    """Look for papertrays of this network that read for others. Nothing is sent to them but the question."""
    from papertray.daemon.guests.notices import look_around

    rows = [asdict(found) for found in look_around(seconds, interface)]
    if as_json:
        print_json(rows)
        return
    print_table(list(map(translate, FOUND_HEAD)), [tuple(row.values()) for row in rows])
    if rows:
        print_message(
            "`papertray servers add URL` adds one; compare its fingerprint with what it shows there."
        )
    else:
        print_line("None answers. `papertray serve on` has a machine answer; an address works without that.")


@app.command()
def remove(name: NameOfServer) -> None:
    """Have no pages read there; its key leaves the system's keyring."""
    from papertray.daemon.settings.sections import KEYRING
    from papertray.daemon.settings.steering import remove_server
    from papertray.daemon.system_keyring import remove_key

    places = find_places()
    number, server = _find_named(places, name)
    remove_server(places, number)
    if server.key:
        remove_key(server.key.removeprefix(KEYRING))
    print_line(reload_daemon(places))
    if number == 0 and not _servers(places):
        print_message("No server is left: `papertray model auto` has pages read here.")


@app.command()
def key(
    name: NameOfServer,
    forget: Annotated[bool, typer.Option("--forget", help="Take it out of the keyring.")] = False,
) -> None:
    """Put a server's key into the system's keyring. It is asked for, or read from the standard input."""
    from papertray.daemon.settings.sections import KEYRING
    from papertray.daemon.settings.steering import remove_value, save_value
    from papertray.daemon.system_keyring import remove_key, save_key

    places = find_places()
    number, server = _find_named(places, name)
    kept_as = server.key.removeprefix(KEYRING) or _name_of(server)
    if forget:
        remove_key(kept_as)
        remove_value(places, f"engine.servers.{number}.key")
    else:
        save_key(kept_as, _ask_for_key(f"The key for {server.url}"))
        save_value(places, f"engine.servers.{number}.key", KEYRING + kept_as)
    print_line(reload_daemon(places))


def _show(places: Places, as_json: bool) -> None:
    from papertray.daemon.cli.server_states import STATE_COLOURS, look_at_servers
    from papertray.daemon.settings import load_settings
    from papertray.engine.models.catalog import SERVER
    from papertray.engine.server_address import PORT

    engine = load_settings(places).engine
    rows = [
        {
            "name": _name_of(server),
            "url": server.url,
            "model": server.model,
            "key": server.key or server.key_env,
            "state": state,
            "fingerprint": server.fingerprint,
        }
        for server, state in zip(engine.servers, look_at_servers(engine.servers), strict=True)
    ]
    if as_json:
        print_json(rows)
        return
    cells = [
        (
            row["name"],
            "" if PORT in row["url"] else row["url"],
            row["model"],
            row["key"],
            translate(row["state"]),
        )
        for row in rows
    ]
    print_table(
        list(map(translate, HEAD)), cells, {translate(state): name for state, name in STATE_COLOURS.items()}
    )
    if not rows:
        print_line("There is none. `papertray servers add URL` adds another papertray; see docs/servers.md.")
    elif engine.model != SERVER:
        print_message("Pages are not read there: `papertray model server` has them read there.")


def _servers(places: Places) -> "tuple[ServerSettings, ...]":
    from papertray.daemon.settings import load_settings

    return load_settings(places).engine.servers


def _find_named(places: Places, name: str) -> "tuple[int, ServerSettings]":
    servers = _servers(places)
    for number, server in enumerate(servers):
        if name in (server.name, server.url, _name_of(server)):
            return number, server
    raise SettingsError(
        f"The settings name no server {name}.",
        f"There are {', '.join(map(_name_of, servers))}." if servers else "There is none.",
    )


def _name_of(server: "ServerSettings") -> str:
    from papertray.engine.server_address import ServerAddress

    return ServerAddress(server.url, server.model, command=server.command, name=server.name).place


def _ask_for_key(what: str) -> str:
    """Without showing it; from a pipe, its first line."""
    if sys.stdin.isatty():
        return str(typer.prompt(what, hide_input=True, err=True)).strip()
    return sys.stdin.readline().strip()
