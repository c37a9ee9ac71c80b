"""Which language the programs of a home speak: of the environment, the settings file, the system."""

import pytest

from papertray.daemon.language import choose_language
from papertray.daemon.places import Places, find_places
from papertray.daemon.settings import load_settings


@pytest.fixture
def here() -> Places:
    places = find_places()
    places.make()
    return places


def test_a_setting_comes_before_the_system(here: Places) -> None:
    german = {"LANG": "de_DE.UTF-8"}
    assert choose_language(here, german) == "de"
    here.settings_file.write_bytes(b'\xef\xbb\xbflanguage = "lt"\n')
    assert (choose_language(here, german), load_settings(here).language) == ("lt", "lt")
    assert choose_language(here, german | {"PAPERTRAY_LANGUAGE": "zh"}) == "zh"
    here.settings_file.write_text('# language = "lt"\nlanguage = "auto"\n')
    assert choose_language(here, german) == "de"


def test_a_mistake_in_the_settings_is_not_told_by_the_language(here: Places) -> None:
    here.settings_file.write_text('language = "lt"\nlanguage = [')
    assert choose_language(here, {"LANG": "C"}) == "en"
