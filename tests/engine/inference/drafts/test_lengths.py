"""Drafts are as long as pays: short where few of them hold, none where steps of many rows are dear."""

import pytest

from papertray.engine.inference.drafts.lengths import EXPONENT, StepCosts, choose_lengths


def falling(chance: float, tokens: int = 32) -> list[float]:
    return [chance**number for number in range(1, tokens + 1)]


def test_good_drafts_are_asked_in_full_and_poor_ones_not_at_all() -> None:
    lengths = choose_lengths([falling(0.99), falling(0.1)], lambda rows: rows**0.5)
    assert lengths[0] > 24
    assert lengths[1] == 0


def test_the_fewer_hold_the_less_is_asked() -> None:
    lengths = [choose_lengths([falling(chance)], lambda rows: rows**0.6)[0] for chance in (0.95, 0.8, 0.5)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] > lengths[1] > 0


def test_nothing_is_asked_where_every_row_costs_as_much_as_the_first() -> None:
    assert choose_lengths([falling(0.9), []], float) == [0, 0]


@pytest.mark.parametrize("exponent", [0.1, 0.5, 0.9])
def test_costs_are_learned_from_the_steps_that_were_made(exponent: float) -> None:
    costs = StepCosts()
    assert costs.of(4) == pytest.approx(4**EXPONENT)
    for _ in range(10):
        costs.learn(1, 0.1)
    assert costs.of(4) == pytest.approx(4**EXPONENT)
    for rows in (1, 4, 16, 1, 8) * 20:
        costs.learn(rows, 0.1 * rows**exponent)
    assert costs.of(8) == pytest.approx(8**exponent, rel=0.1)
