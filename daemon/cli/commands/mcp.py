"""`papertray mcp`: an assistant on this machine searches and reads, through the Model Context Protocol.

It speaks on stdin and stdout to the program that started it, and to nobody else. All that is done is in
`assistant_tools`; here it is told to the SDK.
"""

from collections.abc import Callable
from functools import wraps
from importlib.metadata import version
from typing import Any

from papertray.daemon.cli.assistant_tools import AssistantTools
from papertray.daemon.cli.read.files import open_document_reader
from papertray.daemon.errors import PapertrayError
from papertray.daemon.places import find_places
from papertray.daemon.settings import load_settings

_INSTRUCTIONS = """
papertray has read the scans and PDFs of this machine's user. Search first; cite what you use by document,
page and, where it matters, box. Texts were recognised from pictures and may hold mistakes: say so of numbers.
"""


def mcp() -> None:
    """Serve search and reading to an assistant on this machine, over stdin and stdout."""
    try:
        from mcp.server import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
    except ImportError:
        raise PapertrayError(
            "The Model Context Protocol's SDK is not installed.", "`pip install 'papertray[mcp]'` brings it."
        ) from None

    def in_words(tool: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(tool)
        def answer(*values: Any, **named: Any) -> Any:
            try:
                return tool(*values, **named)
            except PapertrayError as problem:
                raise ToolError(f"{problem.sentence} {problem.advice}".rstrip()) from None

        return answer

    tools = AssistantTools(find_places(), lambda: open_document_reader(load_settings(find_places())))
    server = MCPServer("papertray", version=version("papertray"), instructions=_INSTRUCTIONS)
    for tool in (tools.search, tools.list_documents, tools.get_document, tools.get_page, tools.read_file):
        server.tool()(in_words(tool))
    try:
        server.run("stdio")
    finally:
        tools.close()
