"""`papertray models`: list, fetch, check, add and remove the large models, and more for the quick reader.

The only commands that may use the network, and only `pull` does.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.progress_bars import download_bars
from papertray.daemon.cli.screen import print_json, print_line, print_message, print_table
from papertray.daemon.cli.times import format_length
from papertray.daemon.client.client import Client
from papertray.daemon.places import find_places
from papertray.daemon.settings import load_settings
from papertray.engine.choice import AUTO
from papertray.engine.errors import DownloadStopped, PapertrayError, WeightsError
from papertray.engine.language import translate
from papertray.engine.models.catalog import CATALOG, QUICK, CatalogEntry, find_entry
from papertray.engine.models.gguf import SUFFIX, describe_setting, find_download, find_gguf
from papertray.engine.models.libraries import (
    LibrariesMissing,
    extra_for_machine,
    install_libraries,
    missing_libraries,
    plan_install,
    this_environment,
)
from papertray.engine.models.offer import DownloadOffer, size_in_words
from papertray.engine.models.recognisers import RECOGNISERS, is_recogniser
from papertray.engine.models.weights import Weights

app = typer.Typer(no_args_is_help=True, help="List, fetch, check, add and remove models.")

Name = Annotated[str, typer.Argument(help="A name that `papertray models list` shows.")]


@app.command("list")
def list_models(as_json: AsJson = False) -> None:
    """List the models papertray knows, best first, and which of them are here."""
    weights = _weights()
    chosen = _chosen_model(load_settings(find_places()).engine.model, weights)
    speeds = _speeds()
    rows = [_model_data(entry, weights, chosen, speeds.get(entry.name)) for entry in CATALOG]
    more = [_model_data(row.entry, weights, chosen, None) for row in RECOGNISERS]
    if as_json:
        print_json(rows + more)
        return
    print_table(
        (
            "",
            translate("Name"),
            translate("Size"),
            translate("Here"),
            translate("Good at"),
            translate("Languages"),
            translate("Score"),
            translate("A page"),
        ),
        [
            (
                "*" if row["chosen"] else "",
                row["name"],
                size_in_words(row["size"]) if row["size"] else "",
                row["here"],
                _in_words(row["good_at"]),
                _in_words(row["languages"]),
                row["score"],
                _page_in_words(row),
            )
            for row in rows
        ],
    )
    _list_recognisers(more)
    if sys.stdout.isatty():
        print_message("Scores are those of others; --json names their sources, licences and revisions, too.")
        print_message("A page: as it took here, or with ~ about as long as it takes on two cores.")


def _page_in_words(row: dict[str, Any]) -> str:
    """How long one takes: what was measured here before what was measured elsewhere."""
    if row["seconds_a_page"]:
        return format_length(row["seconds_a_page"])
    return f"~{format_length(60 / row['pages_a_minute'])}" if row["pages_a_minute"] else ""


def _list_recognisers(rows: Sequence[dict[str, Any]]) -> None:
    """A table of their own: they read no page by themselves. In a pipe, the columns of the models."""
    if not sys.stdout.isatty():
        print_table(
            (),
            [
                ("", row["name"], size_in_words(row["size"]), row["here"], "", row["languages"], "", "")
                for row in rows
            ],
        )
        return
    print_line("")
    print_line(
        translate(
            "Recognisers for other scripts: with them the quick reader reads lines that it cannot read."
        )
    )
    print_table(
        (translate("Name"), translate("Size"), translate("Here"), translate("Languages")),
        [(row["name"], size_in_words(row["size"]), row["here"], _in_words(row["languages"])) for row in rows],
    )


def _in_words(said: str) -> str:
    """In the language of whoever looks; as programs know it in a pipe."""
    return translate(said) if said and sys.stdout.isatty() else said


@app.command()
def pull(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before the download.")] = False,
    revision: Annotated[
        str | None, typer.Option(help="Another revision of the hub than papertray's own.")
    ] = None,
    gguf: Annotated[bool, typer.Option("--gguf", help="Its files for llama.cpp's server instead.")] = False,
) -> None:
    """Fetch a model, or what is missing of it, and the libraries it needs. Shows licence and size first."""
    weights, entry = _weights(), find_gguf(name) if gguf else find_download(name)
    if entry.has_weights and not entry.files and (missing := missing_libraries()):
        _bring_libraries(missing, yes)
    with download_bars() as progress:
        try:
            fetched = weights.pull(
                entry.name, progress, agree=lambda offer: _agree(offer, yes), revision=revision
            )
        except KeyboardInterrupt:
            raise DownloadStopped(entry.name) from None
    if fetched:
        print_message(f"{entry.title} is here. `papertray models verify {entry.name}` checks it again.")
        _show_setting(entry, weights)
    else:
        print_message("Nothing was fetched.")


@app.command()
def verify(name: Name, as_json: AsJson = False) -> None:
    """Check a model: digests, architecture, keys and number formats, each with what was found."""
    checks = _weights().verify(name)
    wrong = [check for check in checks if not check.right]
    if as_json:
        print_json([{"what": check.what, "right": check.right, "detail": check.detail} for check in checks])
    else:
        print_table(
            ("", "What", ""),
            [("right" if check.right else "WRONG", check.what, check.detail) for check in checks],
        )
    if wrong:
        short = find_download(name).name
        raise WeightsError(
            f"{len(wrong)} of {len(checks)} are wrong.",
            f"`papertray models pull {short}` fetches those again.",
        )


@app.command()
def add(
    name: Name,
    folder: Annotated[Path, typer.Argument(help="Where the model's files are.")],
    link: Annotated[bool, typer.Option("--link", help="Use them where they are; no copy.")] = False,
) -> None:
    """Take in a model's files that were copied by hand, for a machine without a network."""
    manifest = _weights().add(name, folder, link)
    print_message(
        f"{find_download(name).title} is here: {len(manifest.files)} files, {size_in_words(manifest.size)}."
    )


@app.command()
def remove(name: Name) -> None:
    """Delete everything of a model, half-fetched files too."""
    freed = _weights().remove(name)
    print_message(
        f"Removed {find_download(name).title}: {size_in_words(freed)} freed."
        if freed
        else "There was nothing to remove."
    )


def _show_setting(entry: CatalogEntry, weights: Weights) -> None:
    """How llama.cpp's server comes to read with it; nothing for a model that papertray itself reads with."""
    folder = weights.path(entry)
    if entry.name.endswith(SUFFIX) and folder:
        print_message("For llama.cpp to read with it, `papertray config edit` and write:")
        print_line(describe_setting(folder, entry))
        print_message("`papertray model server` chooses it.")


def _weights() -> Weights:
    return Weights(find_places().models)


def _chosen_model(model: str, weights: Weights) -> str:
    installed = (entry.name for entry in weights.installed())
    return next(installed, QUICK) if model == AUTO else find_entry(model).name


def _speeds() -> dict[str, float]:
    """How long each model took for a page here; nothing where the journal cannot tell."""
    try:
        with Client(find_places()) as client:
            return client.seconds_a_page()
    except PapertrayError:
        return {}


def _model_data(entry: CatalogEntry, weights: Weights, chosen: str, speed: float | None) -> dict[str, Any]:
    manifest = weights.manifest(entry)
    return {
        "name": entry.name,
        "title": entry.title,
        "hub_id": entry.hub_id,
        "licence": entry.licence,
        "size": manifest.size if manifest else entry.size,
        "installed": manifest is not None or not entry.has_weights,
        "here": weights.presence(entry),
        "revision": manifest.revision if manifest else entry.revision,
        "chosen": entry.name == chosen,
        "adds_to": QUICK if is_recogniser(entry.name) else "",
        "languages": entry.languages,
        "good_at": entry.good_at,
        "score": entry.score,
        "score_source": entry.score_source,
        "pages_a_minute": entry.pages_a_minute,
        "seconds_a_page": speed,
    }


def _agree(offer: DownloadOffer, yes: bool) -> bool:
    """Show what would come, then ask, unless that was answered already or nothing is to be fetched."""
    entry, manifest = offer.entry, offer.manifest
    pinned = "" if entry.revision else ", the newest one: papertray pins none for this model"
    print_message(f"{entry.title}, from {offer.source}/{entry.hub_id}")
    if is_recogniser(entry.name):
        print_message(f"A recogniser for the quick reader: {translate(entry.languages)}")
    print_message(f"Revision: {manifest.revision}{pinned}")
    print_message(f"Licence: {entry.licence}")
    print_message(
        f"Size: {size_in_words(manifest.size)}, of which {size_in_words(offer.missing)} are to be fetched;"
        f" {size_in_words(offer.free)} are free"
    )
    if offer.along:
        along = offer.along
        print_message(
            f"With it: {along.entry.title}, which finds the regions of a page"
            f" ({along.entry.licence}, {size_in_words(along.missing)} to be fetched)"
        )
    print_message(f"Goes to: {offer.folder}")
    return yes or not offer.all_missing or _confirm()


def _bring_libraries(missing: Sequence[str], yes: bool) -> None:
    """Into papertray's own environment, once that was agreed to; else it is said what a person would type."""
    environment = this_environment()
    plan = plan_install(extra_for_machine(), environment)
    if not plan.command:
        raise LibrariesMissing(missing, plan.advice)
    print_message(f"Large models need {', '.join(missing)}, which papertray does not bring.")
    print_message(f"This installs them into {environment.prefix}: {plan.line}")
    if not (yes or _confirm("Install them?")):
        raise LibrariesMissing(missing, plan.advice)
    install_libraries(plan, print_message)
    if environment.forgets:
        print_message("`uv tool upgrade` will take them away again; this command brings them back.")


def _confirm(question: str = "Fetch it?") -> bool:
    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        raise WeightsError(
            "Nothing was fetched: the question was not answered.", "Say --yes to fetch without being asked."
        ) from None
