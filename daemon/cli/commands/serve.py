"""`papertray serve`: let other machines have pages read here, each with a token of its own."""

import socket
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Any

import typer

from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.reload import reload_daemon
from papertray.daemon.cli.screen import print_json, print_line, print_message, print_table
from papertray.daemon.guests.addresses import EVERYWHERE, addresses_of
from papertray.daemon.guests.certificate import make_certificate, read_fingerprint
from papertray.daemon.guests.guest_list import GuestList
from papertray.daemon.guests.notices import notice_name
from papertray.daemon.places import Places, find_places
from papertray.engine.language import translate

if TYPE_CHECKING:
    from papertray.daemon.settings import ServeSettings

NameOfMachine = Annotated[str, typer.Argument(metavar="NAME", help="What the other machine is called here.")]

app = typer.Typer(help="Let other machines have pages read here.")


@app.callback(invoke_without_command=True)
def serve(context: typer.Context, as_json: AsJson = False) -> None:
    """Show whether other machines have pages read here, and what they know this one by."""
    if context.invoked_subcommand is None:
        _show(find_places(), as_json)


@app.command()
def on() -> None:
    """Let those in that have a token: over TLS, to have pages read, and for nothing else."""
    from papertray.daemon.settings.steering import save_value

    places = find_places()
    places.make()
    make_certificate(places.certificate, socket.gethostname())
    save_value(places, "serve.enabled", "true")
    print_line(reload_daemon(places))
    print_message(
        "From now on every machine of this network can knock here, and those with a token send pages, which"
        " this one reads. Nothing else of papertray is behind that door."
    )
    _show(places, False)


@app.command()
def off() -> None:
    """Let no other machine in. Their tokens are kept."""
    from papertray.daemon.settings.steering import save_value

    places = find_places()
    save_value(places, "serve.enabled", "false")
    print_line(reload_daemon(places))


@app.command()
def add(name: NameOfMachine) -> None:
    """Make a token for another machine. It is shown once; here only its hash is kept."""
    from papertray.daemon.settings import load_settings

    places = find_places()
    places.make()
    make_certificate(places.certificate, socket.gethostname())
    settings, token = load_settings(places).serve, GuestList(places.guests).add(name)
    if not settings.enabled:
        print_message("No machine is let in yet: `papertray serve on`.")
    url, *others = _addresses(settings)
    print_message(f"On {name}, run this{f' (or take {others[0]})' if others else ''}:")
    print_line(f"papertray servers add {url} --fingerprint {read_fingerprint(places.certificate)}")
    print_message("and give it this token, which is shown this once:")
    print_line(token)


@app.command("list")
def list_guests(as_json: AsJson = False) -> None:
    """List the machines that may have pages read here."""
    rows = [{"name": guest.name, "added": guest.added} for guest in GuestList(find_places().guests).all()]
    if as_json:
        print_json(rows)
    elif rows:
        print_table((translate("Machine"), translate("Added")), [tuple(row.values()) for row in rows])
    else:
        print_line("No other machine may. `papertray serve add NAME` makes a token for one.")


@app.command()
def revoke(name: NameOfMachine) -> None:
    """Let a machine in no longer: its token is worth nothing from now on."""
    GuestList(find_places().guests).remove(name)
    print_line(f"{name} is turned away from now on.")


def _show(places: Places, as_json: bool) -> None:
    from papertray.daemon.settings import load_settings

    settings, guests = load_settings(places).serve, GuestList(places.guests).all()
    fingerprint = read_fingerprint(places.certificate) if places.certificate.exists() else None
    if as_json:
        shown: dict[str, Any] = {"enabled": settings.enabled, "addresses": list(_addresses(settings))}
        print_json(shown | {"fingerprint": fingerprint, "machines": [guest.name for guest in guests]})
        return
    if settings.enabled:
        print_line(f"Other machines have pages read here, at {' or '.join(_addresses(settings))}")
    else:
        print_line(
            "No other machine has pages read here; `papertray serve on` lets those in that have a token."
        )
    if settings.enabled and settings.announce and find_spec("zeroconf"):
        name = notice_name()
        print_line(f"Others find it as {name}: `papertray servers find` there.")
    if fingerprint:
        print_line(f"Fingerprint: {fingerprint}")
    print_line(f"Machines with a token: {', '.join(guest.name for guest in guests) or 'none yet'}")


def _addresses(settings: "ServeSettings") -> Iterator[str]:
    """By name first: addresses change."""
    if settings.host not in EVERYWHERE:
        yield _url(settings.host, settings.port)
        return
    for host in (socket.gethostname(), *addresses_of(settings.host)):
        yield _url(host, settings.port)


def _url(host: str, port: int) -> str:
    return f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
