"""The catalogues: all that people see is in them, in every language, and every text keeps its places."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

from papertray.engine.language import LANGUAGES, load_catalogue

TOOL = Path(__file__).parents[3] / "packaging" / "catalogues.py"
TRANSLATED = [code for code in LANGUAGES if code != "en"]
PLACE = re.compile(r"\{\w+\}")
FREQUENT = (  # what most people meet of what goes wrong
    "{path} is empty (0 bytes).",
    "There is no file {path}.",
    "{path} is neither a PDF nor an image papertray knows.",
    "{path} needs a password.",
    "{path} ends too early: a part of it is missing.",
    "{path} is damaged, or of a sort papertray cannot read.",
    "{path} has no pages.",
    "{path} has more than {limit} pages.",
    "{path} made the program that draws its pages crash.",
    "{name} is no longer there.",
    "{path} was given up: drawing one page took longer than {seconds} seconds.",
    "No text was found on this page.",
    "The text on this page could not be read.",
    "papertray is not running.",
    "papertray is already running for {home}.",
    "The disk that holds {where} is full.",
    "{folder} does not exist.",
    "{name} is still growing.",
    "{title} is chosen, but its files are not in {folder}.",
    "papertray ended three times while reading this page, which is set aside.",
    "This page could not be read, and papertray does not know why ({name}).",
)


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogues_tool", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["catalogues_tool"] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def seen(tool: ModuleType) -> set[str]:
    """By their English: every text that the code gives to be translated."""
    return {text.name for text in tool.texts() if not text.is_sentence}


@pytest.fixture(scope="module", params=TRANSLATED)
def language(request: pytest.FixtureRequest, tool: ModuleType) -> Catalog:
    return tool.read(tool.FOLDER / f"{request.param}.po")


def test_every_text_that_people_see_is_translated(
    language: Catalog, tool: ModuleType, seen: set[str]
) -> None:
    said = {tool.name_of(one.id) for one in language if one.string and all(one.string) and not one.fuzzy}
    assert (seen | set(FREQUENT)) - said == set(), "`make catalogues` brings what is missing into the files"


def test_a_translation_keeps_the_places_of_its_text(language: Catalog) -> None:
    for message in language:
        names = message.id if isinstance(message.id, tuple) else (message.id,)
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        for form in filter(None, forms) if message.id else ():
            assert set(PLACE.findall(form)) == set(PLACE.findall(names[-1])), form
            assert form.count("`") == names[-1].count("`"), form


def test_as_many_plural_forms_as_a_browser_has_sorts_of_numbers() -> None:
    for code in TRANSLATED:
        catalogue = load_catalogue(code)
        assert any(isinstance(text, list) for text in catalogue.texts.values())
        forms = {catalogue.plural(count) for count in range(200)}
        assert forms == set(range(len(catalogue.language.plurals)))


def test_nothing_is_nothing_in_every_language() -> None:
    """What gettext has of it is the head of the catalogue."""
    for code in LANGUAGES:
        catalogue = load_catalogue(code)
        assert catalogue.translate("") == catalogue.translate_sentence("") == ""
