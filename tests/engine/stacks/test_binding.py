"""A long pile is cut a few documents at a time."""

from papertray.engine.stacks.binding import group_parts


def test_only_as_many_parts_are_made_at_once_as_have_so_many_pages() -> None:
    parts = [[(0, number) for number in range(1, count + 1)] for count in (2, 3, 1, 9, 1)]
    assert [[len(part) for part in group] for group in group_parts(parts, 5)] == [[2, 3], [1], [9], [1]]
    assert [*group_parts([], 5)] == []
