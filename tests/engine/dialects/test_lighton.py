"""LightOnOCR's answers: Markdown, with or without a mark of its place before each block."""

from PIL import Image

from papertray.engine.dialects.lighton import parse_lighton
from papertray.engine.pages import BlockKind, Box, PageImage

PAGE = PageImage(Image.new("RGB", (400, 500), "white"))
ANSWER = """![header](100,10,900,30) Report 2026
![title](100,100,900,130) # Yearly report
![text](100,150,480,300) The first column ends in the mid-
![image](100,320,480,500) A photograph of a harbour with three ships.
![text+](520,150,900,300) dle of a sentence.
![section](520,310,900,330) ## Numbers
![table](520,340,900,500) <table><tr><th>Year</th><th>Sum</th></tr><tr><td>2026</td><td>12</td></tr></table>
![caption](520,505,900,520) Table 1
![list](100,600,900,650) - one
- two
![formula](100,660,900,700) $$x^2$$
![chart](100,710,900,900) <table><tr><td>Jan</td><td>10</td></tr></table>
![page_number](480,950,520,970) 7<|im_end|>"""


def test_each_block_has_its_kind_and_place() -> None:
    blocks = parse_lighton(ANSWER, PAGE).blocks
    assert [block.kind for block in blocks][:2] == [BlockKind.TITLE, BlockKind.TEXT]
    assert blocks[0].markdown == "# Yearly report"
    assert blocks[0].box == Box(0.1, 0.1, 0.9, 0.13)
    text = "\n\n".join(block.markdown for block in blocks)
    assert "## Numbers" in text
    assert "| Year | Sum |" in text
    assert "- one\n- two" in text
    assert "$$\nx^2\n$$" in text
    assert "Report 2026" not in text, "running heads are left out"


def test_a_picture_is_cut_out_and_its_description_left_out_and_a_charts_numbers_are_kept() -> None:
    conversion = parse_lighton(ANSWER, PAGE)
    text = "\n\n".join(block.markdown for block in conversion.blocks)
    assert len(conversion.figures) == 2
    assert "harbour" not in text
    assert "| Jan | 10 |" in text


def test_a_text_that_goes_on_in_the_next_column_is_one_block() -> None:
    first = ANSWER.splitlines()[2].replace("mid-", "middle")
    (block,) = parse_lighton(f"{first}\n![text+](520,150,900,300) of a sentence.", PAGE).blocks
    assert block.markdown == "The first column ends in the middle of a sentence."
    assert block.box == Box(0.1, 0.15, 0.9, 0.3)


def test_an_answer_without_marks_is_plain_markdown() -> None:
    blocks = parse_lighton("# Title\n\nSome *text* and ![a picture](image.png)<|im_end|>", PAGE).blocks
    assert blocks[0].markdown == "# Title"
    assert blocks[1].box is None


def test_damaged_marks_lose_no_words() -> None:
    for mark in ("![text](1,2)", "![text](,,,)", "![unheard](1,2,3,4)", "![text](9999999999999,0,-5,1)"):
        (block,) = parse_lighton(f"{mark} The words stay.", PAGE).blocks
        assert "The words stay." in block.markdown, mark


def test_pictures_of_its_second_version_are_cut_out_and_the_text_behind_them_stays() -> None:
    raw = "Before.\n\n![image](image_1.png)100,100,900,500\n\nAfter.\n\n![image](image_2.png)\n\nThe end."
    conversion = parse_lighton(raw, PAGE)
    assert [block.markdown for block in conversion.blocks] == [
        "Before.",
        "![Figure 1](figure:figure-1.png)",
        "After.",
        "The end.",
    ]
    assert len(conversion.figures) == 1
    assert "missing" in conversion.warnings[0]
