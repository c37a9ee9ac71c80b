import time

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.daemon.cli.times import format_length, format_moment, parse_seconds


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("90s", 90),
        ("15m", 900),
        ("1h", 3600),
        ("2d", 172800),
        ("1h30m", 5400),
        ("1.5h", 5400),
        (" 1 H ", 3600),
    ],
)
def test_a_length_of_time_is_understood(written: str, meant: float) -> None:
    assert parse_seconds(written) == meant


@pytest.mark.parametrize(
    "written", ["", "5", "h", "1y", "-1h", "0s", "1h and 5", "nan h", "1 2h x", "3661d", f"{10**30}d"]
)
def test_anything_else_is_refused(written: str) -> None:
    with pytest.raises(typer.BadParameter):
        parse_seconds(written)


@settings(derandomize=True, deadline=None)
@given(st.integers(1, 1000), st.sampled_from("smhd"))
def test_twice_the_number_is_twice_the_time(number: int, unit: str) -> None:
    assert parse_seconds(f"{2 * number}{unit}") == 2 * parse_seconds(f"{number}{unit}")


def test_a_moment_of_today_is_a_time_of_day_and_another_carries_its_date() -> None:
    noon = time.mktime((2026, 3, 5, 12, 0, 0, 0, 0, -1))
    assert format_moment(noon, noon - 60) == "12:00"
    assert format_moment(noon, noon + 86400) == "2026-03-05 12:00"


def test_a_length_is_told_in_the_units_that_matter() -> None:
    lengths = {40: "40 s", 89: "89 s", 700: "12 min", 3600: "1 h", 12000: "3 h 20 min", 200000: "2 d 7 h"}
    assert {seconds: format_length(seconds) for seconds in lengths} == lengths
