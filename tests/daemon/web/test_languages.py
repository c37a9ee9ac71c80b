"""Which language the page is in."""

import pytest

from papertray.daemon.api.page import page_catalogue
from papertray.daemon.places import find_places


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
