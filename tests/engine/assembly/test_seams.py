"""What goes on over the end of a page is one paragraph, list or table, and the page's mark stands in it."""

import pytest
from markdown_it import MarkdownIt

from papertray.engine.assembly.document import LoosePage, assemble_pages
from papertray.engine.pages import Block, BlockKind
from tests.engine.assembly.pages import assembled, block, heading, listing, mark, table

STORY = "The harbour master kept a careful journal of every vessel."
BEGUN = "Most captains arrived before noon, because the wind turned in the afternoon and made the"
REST = "narrow passage dangerous."


def test_a_paragraph_goes_on_over_the_end_of_a_page() -> None:
    shown = assembled([block(STORY, 0.7), block(BEGUN, 0.8)], [block(REST, 0.1), block(STORY, 0.2)])
    assert shown == [f"{STORY}\n\n{BEGUN} <!-- 2 --> {REST}", STORY]


def test_a_word_cut_by_the_end_of_a_page_is_whole() -> None:
    shown = assembled([block("They were warned of the dan-", 0.8)], [block("gerous passage by then.", 0.1)])
    assert shown[0] == "They were warned of the dangerous <!-- 2 --> passage by then."


def test_footnotes_and_figures_stand_between_the_parts_of_a_paragraph() -> None:
    note = block("¹ As the log of the pilot has it.", 0.9, size=8.0)
    figure = block("![](figure:1)", 0.1, kind=BlockKind.FIGURE)
    caption = block("Figure 1: The passage", 0.3)
    shown = assembled([block(STORY, 0.7), block(BEGUN, 0.8), note], [figure, caption, block(REST, 0.4)])
    assert shown[0] == f"{STORY}\n\n{BEGUN} <!-- 2 --> {REST}\n\n{note.markdown}"
    assert shown[1] == f"{figure.markdown}\n\n{caption.markdown}"


@pytest.mark.parametrize(
    ("end", "begin"),
    [
        (block(f"{BEGUN} passage.", 0.8), block("iron and coal came later.", 0.1)),
        (block(BEGUN, 0.8), block("- narrow", 0.1, kind=BlockKind.LIST)),
        (block(BEGUN, 0.8), block(REST, 0.1, size=18.0)),
        (heading(BEGUN, 0.8, 10.0), block(REST, 0.1)),
        (block("```\nship = 1\n```", 0.8), block(REST, 0.1)),
    ],
)
def test_what_ended_does_not_go_on(end: Block, begin: Block) -> None:
    assert assembled([block(STORY, 0.2), end], [begin])[1].startswith("<!-- 2 -->")


def test_nothing_is_joined_to_a_page_that_misses_something() -> None:
    pages = [LoosePage((block(BEGUN, 0.8),)), LoosePage((block(REST, 0.1),), whole=False)]
    left_out = [pages[0], LoosePage((block(REST, 0.1),), follows=False)]
    assert not any(page.marked for page in [*assemble_pages(pages, mark), *assemble_pages(left_out, mark)])


def test_a_paragraph_over_three_pages_is_one() -> None:
    shown = assembled(
        [block(BEGUN, 0.1)], [block("narrow passage of the northern bay as", 0.1)], [block("ever.", 0.1)]
    )
    assert shown[0] == f"{BEGUN} <!-- 2 --> narrow passage of the northern bay as <!-- 3 --> ever."


def test_a_list_goes_on_as_deep_as_it_stood() -> None:
    shown = assembled([listing("- ice\n- wind", 0.6, 0.9)], [listing("  - gales\n- fog", 0.1, 0.2)])
    assert shown[0] == "- ice\n- wind <!-- 2 -->\n  - gales\n- fog"
    assert MarkdownIt().render(shown[0]).count("<ul>") == 2


def test_a_list_that_counts_anew_is_another_one() -> None:
    shown = assembled([listing("1. ice\n2. wind", 0.6, 0.9)], [listing("1. fog\n2. rain", 0.1, 0.2)])
    assert shown[1].startswith("<!-- 2 -->")


HEAD = ["Ship", "Tons"]


@pytest.mark.parametrize("continued", [[], [block("Table 3 (continued)", 0.08)]])
def test_a_table_goes_on_under_its_repeated_head(continued: list[Block]) -> None:
    first, second = table([HEAD, ["Ada", "10"]], 0.2, 0.4), table([HEAD, ["Eva", "20"]], 0.1, 0.2)
    shown = assembled([first], [*continued, second, block(STORY, 0.5)])
    assert shown[0] == "| Ship | Tons |\n| --- | --- |\n| Ada | 10 |\n| <!-- 2 --> Eva | 20 |"
    html = MarkdownIt().enable("table").render(shown[0])
    assert html.count("<tr>") == 3


def test_a_table_goes_on_without_a_head_where_its_rows_are_alike() -> None:
    first = table([HEAD, ["Ada", "10"], ["Una", "12"]], 0.2, 0.9)

    def below(*rows: list[str]) -> list[str]:
        return assembled([first], [table(list(rows), 0.1, 0.2)])

    assert "| <!-- 2 --> Eva | 20 |" in below(["Eva", "20"], ["Ida", "7"])[0]
    assert below(["Port", "Depth"], ["Ayr", "7"])[1].startswith("<!-- 2 -->")
    assert below(["a", "b", "c"], ["d", "e", "f"])[1].startswith("<!-- 2 -->")
