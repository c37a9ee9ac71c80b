"""How long the pages may take that wait, from how long the last ones took."""

from papertray.daemon.desk.pace import ReadingPace


def test_what_is_left_is_told_from_the_pace_of_the_last_pages_without_pauses() -> None:
    pace = ReadingPace()
    assert pace.seconds_left(10, True, 0.0) is None
    assert pace.seconds_left(10, True, 2.0) is None
    assert pace.seconds_left(9, True, 4.0) == 36.0
    assert pace.seconds_left(9, True, 5.0) == 36.0  # the same until a page is done
    assert pace.seconds_left(9, False, 6.0) == 36.0  # paused from here on
    assert pace.seconds_left(9, True, 1000.0) == 36.0
    assert pace.seconds_left(8, True, 1002.0) == 32.0
    assert pace.seconds_left(20, True, 1003.0) == 80.0  # more have come
    assert pace.seconds_left(0, False, 1100.0) is None
