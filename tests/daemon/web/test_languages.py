"""The page in other languages than English: every word of it, and nothing that does not fit."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from papertray.daemon.api.page import page_catalogue, render_page
from papertray.daemon.api.routes.web import FILES
from papertray.daemon.places import find_places
from papertray.engine.language import Catalogue, load_catalogue
from tests.daemon.web.conftest import Dashboard, Opening
from tests.daemon.web.test_looks import SIZES, busy, take, views

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


def test_no_word_of_the_page_is_outside_the_catalogue_and_other_languages_fit(
    opening: Opening, tmp_path: Path
) -> None:
    with busy(opening, tmp_path, reduced_motion="reduce", viewport={"width": 1280, "height": 800}) as seen:
        with bracketed(seen.page):
            for name in views(seen):
                assert set(outside(seen)) == set(), name
        settings = find_places().settings_file
        rest = settings.read_text("utf-8")
        for code in ("zh", "lt"):
            settings.write_text(f'language = "{code}"\n{rest}', encoding="utf-8")
            seen.page.reload()
            language = load_catalogue(code)
            assert seen.page.locator("html").get_attribute("lang") == language.language.tag
            fits(seen, language)
        assert not seen.complaints


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.5", "zh"),
        ("fr, en;q=0.2, lt;q=0.8", "lt"),
        ("*;q=x,\n", "en"),
    ],
)
def test_the_page_is_in_the_language_of_the_browser(accepted: str, code: str) -> None:
    assert page_catalogue(find_places(), accepted).code == code


def fits(seen: Dashboard, language: Catalogue) -> None:
    for name in views(seen):
        for wide in (400, 1280):
            seen.page.set_viewport_size({"width": wide, "height": SIZES[wide]})
            over = seen.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, f"{name} is {over} px too wide at {wide} in {language.code}"
            take(seen, f"{name}-{wide}-{language.code}")
    seen.says(language.translate("Documents"))


class bracketed:
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


def outside(seen: Dashboard) -> Iterator[str]:
    """What can be read of the page and is neither in brackets nor the name of something."""
    names = data(seen)
    for said in seen.page.evaluate(SEEN):
        rest = WEEKDAY.sub("", said)
        while rest != (rest := BRACKETED.sub("", rest)):
            pass
        for name in names:
            rest = rest.replace(name, "")
        if LETTERS.search(rest) and said.strip() not in NO_WORDS:
            yield said


def data(seen: Dashboard) -> list[str]:
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
        str(seen.inbox.parent),
        seen.inbox.name,
        f"papertray {seen.client.status().version}",
    }
    return sorted(known, key=len, reverse=True)
