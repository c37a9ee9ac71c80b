"""Running heads and page numbers are known by their repetition and place over a document."""

from papertray.engine.pages import Block, BlockKind
from tests.engine.assembly.pages import assembled, block, heading

STORY = "The harbour master kept a careful journal of every vessel that entered the bay."


def pages(*heads: list[Block]) -> list[list[Block]]:
    return [[*head, block(STORY, 0.3), block(STORY, 0.5)] for head in heads]


def test_what_is_repeated_at_the_edge_of_pages_is_left_out() -> None:
    shown = assembled(*pages(*([block("The Harbour", 0.05), block(f"– {n} –", 0.94)] for n in range(4, 9))))
    assert not any("Harbour" in page or "–" in page for page in shown)
    assert all(page.count(STORY) == 2 for page in shown)


def test_a_setting_keeps_running_heads() -> None:
    shown = assembled(*pages(*([block("The Harbour", 0.05)] for _ in range(3))), keep=True)
    assert all(page.count("The Harbour") == 1 for page in shown)


def test_left_and_right_pages_have_heads_of_their_own() -> None:
    odd, even = [block("2 The Winter", 0.05)], [block("The Harbour 3", 0.05)]
    shown = assembled(
        *pages(*[[block(f"{n} The Harbour" if n % 2 else f"Winter {n}", 0.05)] for n in range(8)])
    )
    assert not any("Harbour" in page or "Winter" in page for page in shown)
    assert assembled(*pages(odd, even))[0].startswith("2 The Winter")


def test_numbers_that_do_not_count_as_pages_do_belong_to_the_text() -> None:
    shown = assembled(*pages(*([block(f"Ship {n}", 0.05)] for n in (4, 91, 7, 30, 12))))
    assert all("Ship" in page for page in shown)


def test_a_heading_that_often_begins_a_page_stays() -> None:
    heads = [[heading("Description", 0.1, 14)], [], [], [], [heading("Description", 0.1, 14)], [], []]
    shown = assembled(*pages(*heads, [heading("Description", 0.1, 14)]))
    assert sum("Description" in page for page in shown) == 3


def test_another_text_on_the_line_of_the_heads_is_one_of_them() -> None:
    names = ["Harbour", "Harbour", "Harbour", "Harbour", "Winter", "Ice"]
    shown = assembled(*pages(*([block(f"The {name}", 0.05)] for name in names)))
    assert not any("Ice" in page or "Winter" in page for page in shown)


def test_what_one_page_alone_took_for_a_head_comes_back() -> None:
    lost = block("Nobody was hurt.", 0.08, kind=BlockKind.HEADER)
    heads = [block("The Harbour", 0.03, kind=BlockKind.HEADER)]
    shown = assembled(*pages(heads, heads, [lost], heads, heads))
    assert "Nobody was hurt." in shown[2]
    assert not any("The Harbour" in page for page in shown)


def test_pages_without_places_are_left_as_they_are() -> None:
    shown = assembled(*([block("Harbour", 0, box=None), block(STORY, 0, box=None)] for _ in range(4)))
    assert all("Harbour" in page for page in shown)
