"""Addresses are in one piece, whatever recognition or the end of a line put into them."""

import pytest

from papertray.engine.layout.addresses import close_addresses
from papertray.engine.layout.joining import join_lines


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("Visit packages. debian. org for it.", "Visit packages.debian.org for it."),
        ("See https: //www. example. org/doc, please.", "See https://www.example.org/doc, please."),
        ("Mail jane.doe @ example. org. He wrote.", "Mail jane.doe@example.org. He wrote."),
        ("Then open readme. txt and read.", "Then open readme.txt and read."),
    ],
)
def test_blanks_leave_an_address(text: str, closed: str) -> None:
    assert close_addresses(text) == closed


@pytest.mark.parametrize(
    "text",
    [
        "We came. it was late.",
        "The end. see example. com",
        "It is so, e.g. com and net.",
        "1.5 km. Org. 7 @ 3.20",
    ],
)
def test_sentences_keep_theirs(text: str) -> None:
    assert close_addresses(text) == text


def test_an_address_goes_on_over_the_end_of_a_line() -> None:
    lines = ["The data is at https://buildd.", "debian.org/ every night."]
    assert join_lines(lines) == "The data is at https://buildd.debian.org/ every night."
