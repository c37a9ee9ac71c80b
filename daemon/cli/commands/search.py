"""`papertray search`: the pages that have these words, best first."""

from contextlib import closing
from dataclasses import asdict
from typing import Annotated, Any

import typer

from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.screen import (
    print_json,
    print_line,
    print_marked,
    print_message,
    printable_name,
)
from papertray.daemon.journal import Journal
from papertray.daemon.places import find_places
from papertray.daemon.records import FoundPage
from papertray.daemon.search.finding import find_pages
from papertray.daemon.search.index import SearchIndex
from papertray.daemon.search.keeping import catch_up

Words = Annotated[
    list[str],
    typer.Argument(help="What a page is to have: toner 2026, '\"toner invoice\"', 'toner -draft'."),
]


def search(
    words: Words,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="At most so many pages.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Find pages by what was read on them, best first.

    A word matches all that begin with it; case, accents and hyphens do not matter.
    """
    places = find_places()
    places.make()
    with closing(Journal.open(places.journal)) as journal, closing(SearchIndex(places.search_index)) as index:
        catch_up(journal, index)
        pages = find_pages(journal, index, " ".join(words), limit)
    if as_json:
        print_json([_page_data(page) for page in pages])
    elif not pages:
        print_line("No page has that.")
    for page in () if as_json else pages:
        print_line(f"{page.document.id}: {printable_name(page.document.path.name)}, page {page.page}")
        print_marked([(part.text, part.is_match) for part in page.snippet], indent="    ")
    if len(pages) == limit and not as_json:
        print_message(f"These are the best {limit}; --limit shows more.")


def _page_data(page: FoundPage) -> dict[str, Any]:
    return {
        "document": page.document.id,
        "path": str(page.document.archived or page.document.path),
        "note": page.document.note and str(page.document.note),
        "page": page.page,
        "text": "".join(part.text for part in page.snippet),
        "box": page.box and asdict(page.box),
    }
