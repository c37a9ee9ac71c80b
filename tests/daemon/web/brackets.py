"""The page in a language of brackets, and what of it is in none: words that nobody gave to be translated."""

import json
import re
from collections.abc import Iterator

from playwright.sync_api import Page, Route

from papertray.daemon.api.page import render_page
from papertray.daemon.api.routes.web import FILES
from papertray.engine.language import Catalogue, load_catalogue
from tests.daemon.web.conftest import Dashboard

SEEN = """() => {
    const whole = (node) => {  // a sentence with code in it is one, not the parts around
        const parent = node.parentElement;
        return parent.querySelector(":scope > :is(code, kbd)") ? parent.textContent : node.data;
    };
    const said = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
        if (!node.parentElement.closest(SKIPPED))
            said.push(whole(node));
    for (const one of document.querySelectorAll("[aria-label], [title], [placeholder], img[alt]"))
        for (const name of ["aria-label", "title", "placeholder", "alt"])
            if (!one.closest(".prose") && one.getAttribute(name)) said.push(one.getAttribute(name));
    return said;
}""".replace("SKIPPED", '"script, noscript, .prose, .raw, .snippet, code, kbd, bdi"')
BRACKETED = re.compile(r"⟦[^⟦⟧]*⟧")
WEEKDAY = re.compile(r"\b[A-Z][a-z]\., (?=\d)")  # of the browser's own: "Fr., 01:00"
LETTERS = re.compile(r"[^\W\d_]{2,}")
NO_WORDS = {"~/Documents/Scans", "papertray", "API", "papertray · API"}


class Bracketed(Catalogue):
    """A language in which every text stands in brackets: what has none was never given to be translated."""

    def __init__(self) -> None:
        super().__init__("de")

    @property
    def texts(self) -> dict[str, str | list[str]]:
        known = load_catalogue("lt").texts
        return {
            text: f"⟦{text}⟧" if isinstance(said, str) else [f"⟦{text}⟧"] * 2 for text, said in known.items()
        }

    def translate(self, text: str, **_values: object) -> str:
        return f"⟦{text}⟧"


class InBrackets:
    """The page in that language, and as it was afterwards."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def __enter__(self) -> None:
        def answer(route: Route) -> None:
            headers = {name: text for name, text in route.fetch().headers.items() if name != "content-length"}
            route.fulfill(body=render_page(FILES / "index.html", Bracketed()), headers=headers)

        self._page.route(re.compile(r"//[^/]+/$"), answer)
        self._page.reload()

    def __exit__(self, *_problem: object) -> None:
        self._page.unroute_all()


def words_outside(seen: Dashboard) -> Iterator[str]:
    """What can be read of the page and is neither in brackets nor the name of something."""
    names = known_names(seen)
    for said in seen.page.evaluate(SEEN):
        rest = WEEKDAY.sub("", said)
        while rest != (rest := BRACKETED.sub("", rest)):
            pass
        for name in names:
            rest = rest.replace(name, "")
        if LETTERS.search(rest) and said.strip() not in NO_WORDS:
            yield said


def known_names(seen: Dashboard) -> list[str]:
    """The names of documents, folders, models and devices, and what else is theirs; the longest first."""
    documents = seen.client.documents()
    told = [
        json.dumps(seen.page.evaluate("async where => (await fetch(where)).json()", f"/v1/{what}"))
        for what in ("models", "devices")
    ]
    known = {json.loads(text) for text in re.findall(r'"(?:[^"\\]|\\.)*"', " ".join(told)) if len(text) > 3}
    known |= {one.path.name for one in documents} | {str(one.path) for one in documents}
    known |= {
        str(seen.inbox),
        "~/OCR/inbox",
        "~/OCR",
        str(seen.inbox.parent),
        seen.inbox.name,
        f"papertray {seen.client.status().version}",
    }
    return sorted(known, key=len, reverse=True)
