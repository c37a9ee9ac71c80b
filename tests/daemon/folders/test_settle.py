"""When a dropped file has stopped changing: told by a clock of our own."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.daemon.folders.settle import EMPTY_PATIENCE, LONG, SettleTracker, Sighting
from papertray.engine.documents import Fingerprint

SCAN = Path("/in/scan.pdf")


def seen(size: int = 10, mtime_ns: int = 1, path: Path = SCAN) -> Sighting:
    return Sighting(path, Fingerprint(size, mtime_ns))


def test_a_still_file_is_ready_after_the_settle_time_and_given_once() -> None:
    settle = SettleTracker(2)
    settle.record(seen(), 100)
    assert settle.next_time() == 102
    assert settle.take_still(101.9) == []
    assert settle.take_still(102) == [seen()]
    assert settle.take_still(110) == []
    assert settle.next_time() is None


def test_a_file_still_growing_is_not_given() -> None:
    settle = SettleTracker(2)
    for second in range(30):
        settle.record(seen(size=second + 1), second)
        assert settle.take_still(second) == []
    assert settle.take_still(31) == [seen(size=30)]


def test_a_file_rewritten_at_the_same_size_waits_again() -> None:
    settle = SettleTracker(2)
    settle.record(seen(mtime_ns=1), 0)
    settle.record(seen(mtime_ns=2), 1.5)
    assert settle.take_still(3.4) == []
    assert settle.take_still(3.5) == [seen(mtime_ns=2)]


def test_seeing_the_same_again_does_not_start_the_wait_anew() -> None:
    settle = SettleTracker(2)
    for moment in (0, 0.5, 1, 1.5):
        settle.record(seen(), moment)
    assert settle.take_still(2) == [seen()]


def test_a_time_of_change_in_the_future_strands_nothing() -> None:
    settle = SettleTracker(2)
    settle.record(seen(mtime_ns=10**20), 0)
    assert settle.take_still(2) == [seen(mtime_ns=10**20)]


def test_an_empty_file_waits_longer_for_its_writer() -> None:
    settle = SettleTracker(2)
    settle.record(seen(size=0), 0)
    assert settle.take_still(2 * EMPTY_PATIENCE - 0.1) == []
    assert settle.take_still(2 * EMPTY_PATIENCE) == [seen(size=0)]


def test_a_vanished_file_is_not_waited_for() -> None:
    settle = SettleTracker(2)
    settle.record(seen(), 0)
    settle.drop(SCAN)
    settle.drop(SCAN)
    assert settle.take_still(10) == []


def test_a_file_growing_for_a_minute_is_told_once_and_read_when_it_is_complete() -> None:
    settle = SettleTracker(2)
    told = []
    for second in range(300):
        settle.record(seen(size=second + 1), second)
        told += [(second, sighting.path) for sighting in settle.take_slow(second)]
    assert told == [(LONG, SCAN)]
    assert [sighting.path for sighting in settle.all_slow(299)] == [SCAN]
    assert settle.take_still(301) == [seen(size=300)]
    assert settle.all_slow(301) == []


def test_a_file_that_only_waits_is_not_called_growing() -> None:
    settle = SettleTracker(200)
    settle.record(seen(), 0)
    assert settle.take_slow(199) == []


@settings(derandomize=True, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"), st.integers(1, 3), st.floats(0, 5, allow_nan=False, allow_subnormal=False)
        ),
        max_size=40,
    )
)
def test_no_file_is_given_before_it_was_still_and_none_is_kept_for_ever(
    events: list[tuple[str, int, float]],
) -> None:
    settle, now = SettleTracker(2), 0.0
    changed: dict[Path, tuple[float, int]] = {}
    for name, size, wait in events:
        now += wait
        path = Path(name)
        if changed.get(path, (0, 0))[1] != size:
            changed[path] = now, size
        settle.record(seen(size, path=path), now)
        for sighting in settle.take_still(now):
            since, _ = changed.pop(sighting.path)
            assert now >= since + 2
    assert {sighting.path for sighting in settle.take_still(now + 2)} == set(changed)
    assert settle.next_time() is None
