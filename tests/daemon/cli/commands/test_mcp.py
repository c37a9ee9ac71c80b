"""`papertray mcp`, spoken to by the protocol's own client over a real pipe."""

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from papertray.daemon.journal import Journal
from papertray.daemon.places import find_places
from tests.daemon.search.test_search import read
from tests.engine import pages_made as made

TOOLS = {"search", "list_documents", "get_document", "get_page", "read_file"}


def ask(*calls: tuple[str, dict[str, Any]]) -> tuple[set[str], list[Any]]:
    """The names of the tools, and what each call was answered: its value, or the error's text."""
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "papertray.daemon.cli", "mcp"], env=dict(os.environ)
    )

    async def talk() -> tuple[set[str], list[Any]]:
        async with Client(stdio_client(server)) as client:
            names = {tool.name for tool in (await client.list_tools()).tools}
            return names, [_value(await client.call_tool(name, values)) for name, values in calls]

    with ThreadPoolExecutor(1) as thread:  # in this one another loop may run
        return thread.submit(lambda: asyncio.run(talk())).result()


def _value(answer: Any) -> Any:
    if answer.is_error:
        return answer.content[0].text
    value = answer.structured_content
    return value["result"] if set(value) == {"result"} else value


def test_an_assistant_searches_cites_and_reads(tmp_path: Path) -> None:
    find_places().make()
    with closing(Journal.open(find_places().journal)) as journal:
        number = read(journal, "toner.pdf", "Nothing here.", "An invoice for toner, May 2026")
    scan = tmp_path / "scan.png"
    made.one_column(size=(1240, 620)).image.save(scan)
    tools, answers = ask(
        ("search", {"words": "toner 2026"}),
        ("get_page", {"document": number, "page": 2}),
        ("get_document", {"document": number}),
        ("list_documents", {}),
        ("read_file", {"path": str(scan)}),
        ("get_page", {"document": number, "page": 3}),
        ("search", {"words": "?!"}),
        ("read_file", {"path": str(tmp_path / "gone.png")}),
    )
    hits, page, document, documents, file, no_page, no_word, no_file = answers
    assert tools == TOOLS
    (hit,) = hits
    assert (hit["document"], hit["page"], hit["text"]) == (number, 2, "An invoice for toner, May 2026")
    assert page["blocks"][1]["box"] == hit["box"]
    assert [one["page"] for one in document["pages"]] == [1, 2]
    assert [one["path"] for one in documents] == ["/inbox/toner.pdf"]
    assert file["pages"][0]["markdown"]
    assert "has no page 3" in no_page
    assert "no word" in no_word
    assert "gone.png" in no_file
