"""`papertray search`: the pages that have these words, best first."""

from contextlib import closing
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from papertray.daemon.cli.options import AsJson, OfFolder, OfReader, folder_name
from papertray.daemon.cli.screen import (
    print_json,
    print_line,
    print_marked,
    print_message,
    printable_name,
)
from papertray.daemon.journal import Journal
from papertray.daemon.journal.lists import DocumentQuery
from papertray.daemon.places import find_places
from papertray.daemon.records import FoundPage
from papertray.daemon.search.finding import find_pages
from papertray.daemon.search.index import SearchIndex
from papertray.daemon.search.keeping import catch_up
from papertray.daemon.search.nearest import find_nearest
from papertray.engine.language import translate

Words = Annotated[
    list[str],
    typer.Argument(
        metavar="WORDS", help="What a page is to have: toner 2026, '\"toner invoice\"', 'toner -draft'."
    ),
]
_DAY = "%Y-%m-%d"
Day = Annotated[
    datetime | None, typer.Option("--from", formats=[_DAY], help="Only what arrived on that day or later.")
]
LastDay = Annotated[
    datetime | None,
    typer.Option("--to", formats=[_DAY], help="Only what arrived until then, that day included."),
]


def search(
    words: Words,
    folder: OfFolder = None,
    reader: OfReader = "",
    first_day: Day = None,
    last_day: LastDay = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="At most so many pages.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Find pages by what was read on them, best first.

    A word matches all that begin with it; case, accents and hyphens do not matter.
    """
    query = DocumentQuery(
        folder=folder_name(folder),
        reader=reader,
        since=first_day.timestamp() if first_day else None,
        until=(last_day + timedelta(days=1)).timestamp() if last_day else None,
    )
    places, asked = find_places(), " ".join(words)
    places.make()
    with closing(Journal.open(places.journal)) as journal, closing(SearchIndex(places.search_index)) as index:
        catch_up(journal, index)
        pages = find_pages(journal, index, asked, limit, journal.lists.narrowed(query))
        nearest = "" if pages else find_nearest(index, asked)
    if as_json:
        print_json([_page_data(page) for page in pages])
    elif not pages:
        _print_nothing_found(nearest, is_narrowed=query != DocumentQuery())
    for page in () if as_json else pages:
        name = printable_name(page.document.path.name)
        print_line(
            translate("{number}: {name}, page {page}", number=page.document.id, name=name, page=page.page)
        )
        print_marked([(part.text, part.is_match) for part in page.snippet], indent="    ")
    if len(pages) == limit and not as_json:
        print_message(f"These are the best {limit}; --limit shows more.")


def _print_nothing_found(nearest: str, *, is_narrowed: bool) -> None:
    print_line("No page has that.")
    if nearest:
        print_message(translate("Did you mean {words}?", words=nearest))
    elif is_narrowed:
        print_message("Look everywhere: leave out --folder, --reader, --from and --to.")
    else:
        print_message("Try fewer words, or the beginning of one. `papertray list` shows what was read.")


def _page_data(page: FoundPage) -> dict[str, Any]:
    return {
        "document": page.document.id,
        "path": str(page.document.archived or page.document.path),
        "note": page.document.note and str(page.document.note),
        "page": page.page,
        "text": "".join(part.text for part in page.snippet),
        "box": page.box and asdict(page.box),
    }
