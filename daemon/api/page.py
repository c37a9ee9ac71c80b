"""The page's HTML in the language of whoever looks: that of the settings, else of the browser.

Takes files of `daemon/web/`, in which texts stand between {{ and }}, and puts in the texts and the table that
`language.js` reads. Names nothing of what was read.
"""

import html
import json
import re
from pathlib import Path

from papertray.daemon.language import named_language
from papertray.daemon.places import Places
from papertray.engine.language import Catalogue, find_language, load_catalogue

_TEXT = re.compile(r"\{\{(.+?)\}\}", re.DOTALL)
_TABLE = '<script type="application/json" id="language">'


def page_catalogue(places: Places, accepted: str) -> Catalogue:
    """`accepted` is a browser's `Accept-Language`."""
    return load_catalogue(named_language(places) or find_language(_by_wish(accepted)))


def render_page(file: Path, catalogue: Catalogue) -> str:
    language = catalogue.language
    table = {"tag": language.tag, "plurals": language.plurals, "texts": catalogue.texts}
    table["home"] = str(Path.home())  # which paths on the page are said from
    words = json.dumps(table, ensure_ascii=False).replace("<", "\\u003c")  # no text can end the element
    page = translate_page(file.read_text("utf-8"), catalogue)
    return page.replace(_TABLE, _TABLE + words)


def translate_page(page: str, catalogue: Catalogue) -> str:
    said = _TEXT.sub(lambda text: html.escape(catalogue.translate(text[1])), page)
    return said.replace('<html lang="en">', f'<html lang="{catalogue.language.tag}">')


def _by_wish(accepted: str) -> list[str]:
    """The languages of "lt, en;q=0.8", the dearest first."""
    wishes = [part.partition(";q=") for part in accepted[:200].replace(" ", "").split(",")]
    return [name for name, _q, share in sorted(wishes, key=lambda wish: -_number(wish[2]))]


def _number(share: str) -> float:
    return float(share) if re.fullmatch(r"[01](\.\d{1,3})?", share) else 1.0
