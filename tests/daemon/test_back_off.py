"""How long is waited between tries."""

from papertray.daemon.back_off import BackOff


def test_each_wait_is_the_next_and_the_last_one_stays() -> None:
    back_off = BackOff((1.0, 5.0, 30.0))
    assert [back_off.after(tries) for tries in range(5)] == [1.0, 5.0, 30.0, 30.0, 30.0]
