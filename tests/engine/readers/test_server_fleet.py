"""Which server gets a page, and how many are with it: decided by a clock that the test turns."""

from papertray.engine.readers.server.fleet import Fleet
from papertray.engine.readers.server.pace import FIRST, Pace
from papertray.engine.server_address import ServerAddress


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def make_fleet(clock: Clock, *most: int) -> Fleet:
    return Fleet([ServerAddress(f"http://{number}/v1", "m", in_flight=number) for number in most], clock)


def settle(pace: Pace, clock: Clock, slots: int, rounds: int) -> list[int]:
    """The limits that it comes to with a server that reads so many pages at once, a second each."""
    limits = []
    for _ in range(rounds):
        for _ in range(pace.limit):
            clock.now += 1 / min(pace.limit, slots)
            pace.answered(500, full=True)
        limits.append(pace.limit)
    return limits


def test_pages_go_to_the_least_busy_server_by_what_each_is_able_to() -> None:
    fleet = make_fleet(Clock(), 4, 12)
    assert all(fleet.take() for _ in range(16))
    assert fleet.take() is None
    assert [server.busy for server in fleet.servers] == [4, 12]


def test_fewer_pages_go_out_after_too_many_and_more_again_when_all_is_well() -> None:
    clock = Clock()
    fleet = make_fleet(clock, 4, 12)
    for _ in range(16):
        fleet.take()
    small, large = fleet.servers
    clock.now = 1.0
    fleet.failed(small, 0.0, 7.0, 0.5)
    assert (small.pace.limit, large.pace.limit, fleet.limit) == (2, 12, 14)
    fleet.refused(large)
    assert fleet.take() is large  # the other asked to be left alone
    clock.now = 8.0
    for _ in range(3):
        fleet.refused(small)
    assert fleet.take() is small
    assert fleet.take() is None  # one page shows first whether it is able again
    fleet.answered(small, 100)
    assert [fleet.take(), fleet.take()] == [small, small]
    for _ in range(20):
        fleet.answered(small, 100)
        fleet.take()
    assert small.pace.limit == 3


def test_what_fails_together_counts_once() -> None:
    clock = Clock()
    fleet = make_fleet(clock, 16)
    (server,) = fleet.servers
    for _ in range(16):
        fleet.take()
    clock.now = 1.0
    for _ in range(16):
        fleet.failed(server, 0.0, None, 0.5)
    assert (server.failures, server.rests_until, server.pace.limit) == (1, 2.0, 8)
    clock.now = 3.0
    fleet.take()
    fleet.failed(server, 3.0, None, 0.5)
    assert (server.failures, server.rests_until) == (2, 5.0)


def test_where_nothing_is_set_more_pages_go_out_while_that_reads_more() -> None:
    clock = Clock()
    assert 90 <= settle(Pace(None, clock), clock, slots=100, rounds=14)[-1] <= 200
    few = settle(Pace(None, clock), clock, slots=4, rounds=14)
    assert few[0] > FIRST  # tried once,
    assert few[-1] == FIRST  # and found to bring nothing
    assert settle(Pace(5, clock), clock, slots=100, rounds=5)[-1] == 5
