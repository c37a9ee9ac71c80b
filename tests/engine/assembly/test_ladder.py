"""Headings of a document stand on one ladder, whatever page they are on."""

from papertray.engine.pages import Block, BlockKind
from tests.engine.assembly.pages import assembled, block, heading

STORY = "The harbour master kept a careful journal of every vessel that entered the bay."


def levels(*pages: list[Block]) -> list[str]:
    lines = "\n".join(assembled(*pages)).split("\n")
    return [line for line in lines if line.startswith("#")]


def test_one_size_has_one_level_on_all_pages() -> None:
    shown = levels(
        [heading("Winter", 0.1, 18, 1), block(STORY, 0.2)],
        [heading("Ice", 0.1, 14, 3), block(STORY, 0.2), heading("Wind", 0.4, 14, 2), block(STORY, 0.5)],
        [heading("Summer", 0.1, 18.2, 2), block(STORY, 0.2)],
    )
    assert shown == ["# Winter", "## Ice", "## Wind", "# Summer"]


def test_levels_do_not_jump_and_siblings_stay_beside_each_other() -> None:
    shown = levels(
        [heading("Journal", 0.1, 24, 1), block(STORY, 0.2)],
        [heading("1.1 Ice", 0.1, 12, 4), block(STORY, 0.2), heading("1.2 Wind", 0.4, 12, 4)],
        [
            block(STORY, 0.2),
            heading("1.2.1 Gales", 0.4, 12, 4),
            heading("1.3 Fog", 0.6, 12, 4),
            block(STORY, 0.8),
        ],
    )
    assert shown == ["# Journal", "## 1.1 Ice", "## 1.2 Wind", "### 1.2.1 Gales", "## 1.3 Fog"]


def test_the_files_own_outline_gives_the_levels() -> None:
    shown = levels(
        [heading("The Journal", 0.1, 24, 1), block(STORY, 0.2)],
        [heading("Winter", 0.1, 12, 4, depth=1), block(STORY, 0.2), heading("Ice", 0.4, 12, 4, depth=2)],
        [block(STORY, 0.2), heading("Summer", 0.4, 12, 4, depth=1), block(STORY, 0.8)],
    )
    assert shown == ["# The Journal", "## Winter", "### Ice", "## Summer"]


def test_the_number_of_a_chapter_stands_as_high_as_its_name() -> None:
    shown = levels(
        [heading("Chapter 1", 0.1, 18), heading("Winter", 0.2, 24, 1), block(STORY, 0.3)],
        [heading("Chapter 2", 0.1, 18), heading("Summer", 0.2, 24, 1), block(STORY, 0.3)],
    )
    assert {line.split()[0] for line in shown} == {"#"}


def test_a_word_over_a_chapters_name_leaves_no_empty_section() -> None:
    shown = levels(
        [heading("ONE", 0.1, 12), heading("Winter", 0.2, 24, 1, depth=1), block(STORY, 0.3)],
        [heading("Ice", 0.1, 18, 2, depth=2), block(STORY, 0.3)],
    )
    assert shown == ["# ONE", "# Winter", "## Ice"]


def test_a_title_on_a_page_of_its_own_is_one() -> None:
    alone = [block("The Journal of the Harbour", 0.4, size=24.0), block("by its master", 0.5, size=14.0)]
    shown = levels(alone, [heading("Winter", 0.1, 14), block(STORY, 0.2)])
    assert shown == ["# The Journal of the Harbour", "## Winter"]


def test_what_a_model_called_headings_keeps_its_level_without_jumps() -> None:
    def said(text: str) -> Block:
        return Block(BlockKind.HEADING, text)

    assert levels([said("## Winter")], [said("#### Ice"), said("## Summer")]) == [
        "## Winter",
        "### Ice",
        "## Summer",
    ]


def test_numbers_of_one_depth_have_one_level_on_a_single_page_whatever_was_measured() -> None:
    sizes = (11.5, 10.5, 11.0, 10.5)
    parts = [
        each
        for at, size in enumerate(sizes)
        for each in (
            heading(f"{at + 1} Ships", 0.2 * at + 0.1, size, 2 + at % 3),
            block(STORY, 0.2 * at + 0.2),
        )
    ]
    shown = levels([heading("The Journal", 0.05, 17, 1), *parts])
    assert shown == ["# The Journal", "## 1 Ships", "## 2 Ships", "## 3 Ships", "## 4 Ships"]
