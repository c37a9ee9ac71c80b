"""`papertray models`: list, fetch, check, add and remove the large models.

The only commands that may use the network, and only `pull` does.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from papertray.daemon.cli.screen import out_json, out_table, say
from papertray.daemon.places import find_places
from papertray.daemon.settings import load_settings
from papertray.engine.choice import AUTO
from papertray.engine.errors import DownloadStopped, WeightsError
from papertray.engine.models.catalog import CATALOG, QUICK, CatalogEntry, find_entry
from papertray.engine.models.hub import FetchProgress
from papertray.engine.models.offer import DownloadOffer, size_in_words
from papertray.engine.models.weights import Weights

app = typer.Typer(no_args_is_help=True, help="List, fetch, check, add and remove models.")

Name = Annotated[str, typer.Argument(help="A name that `papertray models list` shows.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
SHORT = 8  # letters of a revision, enough to tell two apart


@app.command("list")
def list_models(as_json: AsJson = False) -> None:
    """List the models papertray knows, and which of them are here."""
    weights, here = Weights(find_places().models), find_places()
    chosen = _chosen(load_settings(here).engine.model, weights)
    rows = [_about(row, weights, chosen) for row in CATALOG]
    if as_json:
        out_json(rows)
        return
    out_table(
        ("", "Name", "Size", "Licence", "Here", "Revision"),
        [
            (
                "*" if row["chosen"] else "",
                row["name"],
                size_in_words(row["size"]) if row["size"] else "",
                row["licence"],
                row["here"],
                row["revision"][:SHORT],
            )
            for row in rows
        ],
    )


@app.command()
def pull(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before the download.")] = False,
) -> None:
    """Fetch a model, or what is missing of it. Shows licence and size first."""
    weights = _weights()
    with _bar() as progress:
        try:
            fetched = weights.pull(name, progress, agree=lambda offer: _agree(offer, yes))
        except KeyboardInterrupt:
            raise DownloadStopped(find_entry(name).name) from None
    if fetched:
        row = find_entry(name)
        say(f"{row.title} is here. `papertray models verify {row.name}` checks it again.")
    else:
        say("Nothing was fetched.")


@app.command()
def verify(name: Name, as_json: AsJson = False) -> None:
    """Check a model: digests, architecture, keys and number formats, each with what was found."""
    lines = _weights().verify(name)
    wrong = [line for line in lines if not line.right]
    if as_json:
        out_json([{"what": line.what, "right": line.right, "detail": line.detail} for line in lines])
    else:
        out_table(
            ("", "What", ""), [("right" if line.right else "WRONG", line.what, line.detail) for line in lines]
        )
    if wrong:
        short = find_entry(name).name
        raise WeightsError(
            f"{len(wrong)} of {len(lines)} are wrong.",
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
    say(f"{find_entry(name).title} is here: {len(manifest.files)} files, {size_in_words(manifest.size)}.")


@app.command()
def remove(name: Name) -> None:
    """Delete everything of a model, half-fetched files too."""
    freed = _weights().remove(name)
    say(
        f"Removed {find_entry(name).title}: {size_in_words(freed)} freed."
        if freed
        else "There was nothing to remove."
    )


def _weights() -> Weights:
    return Weights(find_places().models)


def _chosen(model: str, weights: Weights) -> str:
    installed = (entry.name for entry in weights.installed())
    return next(installed, QUICK) if model == AUTO else find_entry(model).name


def _about(row: CatalogEntry, weights: Weights, chosen: str) -> dict[str, Any]:
    manifest = weights.manifest(row)
    return {
        "name": row.name,
        "title": row.title,
        "hub_id": row.hub_id,
        "licence": row.licence,
        "size": manifest.size if manifest else row.size,
        "installed": manifest is not None or not row.has_weights,
        "here": weights.presence(row),
        "revision": manifest.revision if manifest else row.revision,
        "chosen": row.name == chosen,
    }


def _agree(offer: DownloadOffer, yes: bool) -> bool:
    """Show what would come, then ask, unless that was answered already or nothing is to be fetched."""
    row, manifest = offer.entry, offer.manifest
    pinned = "" if row.revision else ", the newest one: papertray pins none for this model"
    say(f"{row.title}, from {offer.source}/{row.hub_id}")
    say(f"Revision: {manifest.revision}{pinned}")
    say(f"Licence: {row.licence}")
    say(
        f"Size: {size_in_words(manifest.size)}, of which {size_in_words(offer.missing)} are to be fetched;"
        f" {size_in_words(offer.free)} are free"
    )
    say(f"Goes to: {offer.folder}")
    return yes or not offer.missing or _confirmed()


def _confirmed() -> bool:
    try:
        return typer.confirm("Fetch it?", err=True)
    except typer.Abort:
        raise WeightsError(
            "Nothing was fetched: the question was not answered.", "Say --yes to fetch without being asked."
        ) from None


@contextmanager
def _bar() -> Iterator[Callable[[FetchProgress], None]]:
    """Two bars on stderr, the file's and the whole's; they appear with the first byte."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    bars = Bars(*columns, console=Console(stderr=True))
    file, whole = bars.add_task("", start=True), bars.add_task("all files", start=True)

    def show(now: FetchProgress) -> None:
        bars.start()
        bars.update(file, description=now.file, completed=now.done, total=now.total)
        bars.update(whole, completed=now.all_done, total=now.all_total)

    try:
        yield show
    finally:
        bars.stop()
