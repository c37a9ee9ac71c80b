"""One HTML file with everything in it: figures as well, and nothing that is fetched or run.

What stands in it was read from a document of a stranger: see `safe_html`.
"""

import base64
import re
from collections.abc import Mapping
from html import escape

from papertray.engine.markdown import figure_file, join_pages
from papertray.engine.outputs.reading import FinishedReading, OutputFile
from papertray.engine.outputs.safe_html import render_html
from papertray.engine.pages import FIGURE_SCHEME

_LINK = re.compile(r"\]\((page-\d+-[\w~-]+\.png)\)")
_PICTURE = re.compile(r'<img data-figure="([^"]*)"')
_PAGE = """<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="generator" content="papertray">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }}
h1 {{ font: bold 1rem sans-serif; color: #666 }}
h2, h3, h4, h5, h6 {{ line-height: 1.25 }}
table {{ border-collapse: collapse; display: block; overflow-x: auto }}
td, th {{ border: 1px solid #bbb; padding: .2rem .5rem; text-align: start; vertical-align: top }}
img {{ max-width: 100% }}
pre {{ overflow-x: auto }}
blockquote {{ border-inline-start: 3px solid #c80; margin-inline: 0; padding-inline-start: 1rem }}
</style>
</head>
<body>
<h1>{title}</h1>
<main dir="auto">
{body}</main>
</body>
</html>
"""


def write_html(reading: FinishedReading) -> list[OutputFile]:
    pictures = {figure_file(page, name): _data_address(png) for (page, name), png in reading.figures.items()}
    html = _PAGE.format(title=escape(reading.name), body=_with_pictures(document_html(reading), pictures))
    return [OutputFile(".html", html.encode("utf-8", "replace"))]


def document_html(reading: FinishedReading) -> str:
    """The pages joined, as safe HTML; a picture has the name of its file in `data-figure`."""
    return render_html(_LINK.sub(rf"]({FIGURE_SCHEME}\1)", join_pages(reading.pages)))


def _with_pictures(html: str, pictures: Mapping[str, str]) -> str:
    return _PICTURE.sub(lambda found: f'<img src="{pictures.get(found[1], "")}"', html)


def _data_address(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
