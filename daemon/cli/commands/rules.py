"""`papertray rules`: which rules there are, and what they would do. Nothing is run or called here."""

import dataclasses
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Annotated, Any

import typer

from papertray.daemon.cli.commands.errands import list_errands
from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.screen import print_json, print_line, print_table, printable_name
from papertray.daemon.journal import Journal
from papertray.daemon.notes.placement import plan_placement
from papertray.daemon.places import find_places
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.rules.facts import fill_command, rule_facts
from papertray.daemon.rules.matching import apply_rules, find_mismatch
from papertray.daemon.settings import RuleSettings, load_settings
from papertray.daemon.status import DocumentState
from papertray.engine.language import spoken, translatable, translate, translate_many, translate_sentence
from papertray.engine.server_address import ServerAddress

_SAID_OF_NOTES = {
    "note_name": translatable("would call its note"),
    "tags": translatable("would tag it"),
    "move": translatable("would move it to"),
}

READ = (DocumentState.DONE, DocumentState.PROBLEMS)

app = typer.Typer(help="List and try the rules of the settings.", no_args_is_help=True)
app.command("errands")(list_errands)


@app.command("list")
def list_rules(as_json: AsJson = False) -> None:
    """List the rules: what each asks of a document, and what it does."""
    rules = load_settings(find_places()).rules
    if as_json:
        print_json([rule.model_dump(mode="json") for rule in rules])
    elif rules:
        rows = [(rule.name, ", ".join(_conditions(rule)), "; ".join(_actions(rule))) for rule in rules]
        print_table((translate("Rule"), translate("Asks for"), translate("Does")), rows)
    else:
        print_line("No rules.")


@app.command("test")
def try_rules(
    number: Annotated[
        int | None, typer.Argument(metavar="ID", min=1, help="The number that `papertray list` shows.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Count for all that was read.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say which rules fit a document and what they would do. Nothing is done."""
    if (number is None) != every:
        raise typer.BadParameter("Name a document by its ID, or say --all.")
    places, rules = find_places(), load_settings(find_places()).rules
    places.make()
    with closing(Journal.open(places.journal)) as journal:
        if number is None:
            _print_counts(rules, _documents_read(journal), as_json=as_json)
        else:
            _print_trial(rules, journal.listing.document(number), journal.listing.pages(number), as_json)


def _documents_read(journal: Journal) -> Iterator[tuple[DocumentRecord, list[PageRecord]]]:
    for document in journal.listing.documents(READ, sys.maxsize):
        yield document, journal.listing.pages(document.id)


def _print_counts(
    rules: Sequence[RuleSettings],
    documents: Iterator[tuple[DocumentRecord, list[PageRecord]]],
    *,
    as_json: bool,
) -> None:
    read, counts = 0, dict.fromkeys((rule.name for rule in rules), 0)
    for document, pages in documents:
        read += 1
        for rule in rules:
            counts[rule.name] += not find_mismatch(rule, document, pages)
    if as_json:
        print_json({"documents": read, "rules": counts})
        return
    for name, fits in counts.items():
        print_line(
            translate_many(
                "{name}: fits {fits} of {count} document",
                "{name}: fits {fits} of {count} documents",
                read,
                name=name,
                fits=spoken().number(fits),
            )
        )
    if not rules:
        print_line("No rules.")


def _print_trial(
    rules: Sequence[RuleSettings], document: DocumentRecord, pages: list[PageRecord], as_json: bool
) -> None:
    trials = [_trial(rule, document, pages) for rule in rules]
    if as_json:
        print_json(trials)
    elif not trials:
        print_line("No rules.")
    for trial in () if as_json else trials:
        why, rule = translate_sentence(trial["why"]), trial["rule"]
        does_not = translate("{rule}: does not fit. {why}", rule=rule, why=why)
        print_line(does_not if why else translate("{rule}: fits", rule=rule))
        for name, said in _SAID_OF_NOTES.items():
            if trial[name]:
                print_line(f"    {translate(said)}: " + printable_name(trial[name]))
        if trial["run"]:
            command = " ".join(printable_name(part) for part in trial["run"])
            print_line(f"    {translate('would run')}: {command}")
        if trial["webhook"]:
            print_line(f"    {translate('would call')}: {trial['webhook']}")


def _trial(rule: RuleSettings, document: DocumentRecord, pages: list[PageRecord]) -> dict[str, Any]:
    why = find_mismatch(rule, document, pages)
    command = fill_command(rule, rule_facts(rule, document, pages)) if rule.run and not why else []
    called = ServerAddress(rule.webhook, "").place if rule.webhook and not why else ""
    noted = _effects_on_note(rule, document, pages) if not why else dict.fromkeys(_SAID_OF_NOTES, "")
    return {"rule": rule.name, "fits": not why, "why": why, **noted, "run": command, "webhook": called}


def _effects_on_note(rule: RuleSettings, document: DocumentRecord, pages: list[PageRecord]) -> dict[str, str]:
    """By this rule alone, as for a document that has no note yet."""
    fresh = dataclasses.replace(document, note=None, archived=None)
    placement = plan_placement(fresh, pages, None, apply_rules([rule], fresh, pages))
    return {
        "note_name": placement.wishes.name if rule.note_name else "",
        "tags": ", ".join(placement.wishes.tags),
        "move": str(placement.folder) if rule.move else "",
    }


def _conditions(rule: RuleSettings) -> Iterator[str]:
    chosen = rule.model_dump(
        mode="json", include={"words", "regex", "folder", "source", "min_pages", "max_pages", "doubtful"}
    )
    for name, value in chosen.items():
        if value not in (None, "", []):
            yield f"{name} {' '.join(value) if isinstance(value, list) else _as_written(value)}"


def _as_written(value: object) -> str:
    """As the settings file has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _actions(rule: RuleSettings) -> Iterator[str]:
    if rule.note_name:
        yield translate("name {name}", name=rule.note_name)
    if rule.tags:
        yield translate("tag {tags}", tags=", ".join(rule.tags))
    if rule.move:
        yield translate("move to {folder}", folder=rule.move)
    if rule.run:
        yield translate("run {command}", command=" ".join(map(printable_name, rule.run)))
    if rule.webhook:
        yield translate("call {server}", server=ServerAddress(rule.webhook, "").place)
