"""`papertray rules errands`: what was to be done once documents were read and failed, or is tried again."""

import dataclasses
from typing import TYPE_CHECKING, Annotated

import typer

from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.screen import print_json, print_line, print_table, printable_name
from papertray.daemon.client.client import Client
from papertray.daemon.errors import NoSuchDocument
from papertray.daemon.places import find_places
from papertray.engine.language import translate, translate_many, translate_sentence

if TYPE_CHECKING:
    from papertray.daemon.journal.errands import Errand

_Retry = Annotated[int | None, typer.Option("--retry", metavar="ERRAND", min=1, help="Do this one now.")]
_GiveUp = Annotated[
    int | None,
    typer.Option("--give-up", metavar="ERRAND", min=1, help="Try it no more, and tell of it no more."),
]


def list_errands(retry: _Retry = None, give_up: _GiveUp = None, as_json: AsJson = False) -> None:
    """List what failed once a document was read, or is tried again: outputs and what rules want."""
    with Client(find_places()) as client:
        if retry or give_up:
            done = client.retry_errand(retry) if retry else 0
            done += client.give_up_errand(give_up) if give_up else 0
            if as_json:
                print_json({"queued": done})
            else:
                print_line(translate_many("{count} errand changed.", "{count} errands changed.", done))
        elif as_json:
            print_json([dataclasses.asdict(errand) for errand in client.unfinished_errands()])
        else:
            _print_unfinished(client, client.unfinished_errands())


def _print_unfinished(client: Client, errands: "list[Errand]") -> None:
    head = translate("errand"), translate("document"), translate("what"), translate("how it went")
    if errands:
        print_table(
            head, [(one.id, _file_of(client, one), name_errand(one), describe_errand(one)) for one in errands]
        )
    else:
        print_line(translate("All is done."))


def _file_of(client: Client, errand: "Errand") -> str:
    try:
        return f"{errand.document}: {printable_name(client.document(errand.document)[0].path.name)}"
    except NoSuchDocument:
        return str(errand.document)


def name_errand(errand: "Errand") -> str:
    if errand.is_outputs:
        return translate("Outputs")
    return translate("Rule {name}, {action}", name=errand.rule, action=errand.action)


def describe_errand(errand: "Errand") -> str:
    """How it stands: done, given up, to be tried again, or not yet begun."""
    outcome = translate_sentence(errand.outcome)
    if errand.given_up:
        return f"{outcome} {translate('It was given up.')}"
    if errand.ended is not None:
        return outcome
    return f"{outcome} {translate('It is tried again.')}" if outcome else translate("It is due.")
