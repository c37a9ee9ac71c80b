"""Program text keeps its indentation and blanks; typed prose does not become program text."""

from dataclasses import replace

from papertray.engine.layout.lines import Line, Word
from tests.engine.layout.lines_made import LETTER, PROSE, STEP, column, shown, worded

CODE = """for ship in the harbour:
    if ship.name == "Rope":
        cargo = ship.load(tar, 12)
    count += 1"""


def typed(text: str, top: float = 500) -> list[Line]:
    return [
        worded(row.strip(), 100 + LETTER * (len(row) - len(row.lstrip())), top + STEP * at)
        for at, row in enumerate(text.splitlines())
        if row
    ]


def test_lines_of_code_in_letters_of_one_width_stand_in_a_fence_as_they_were_set() -> None:
    assert shown(*column(PROSE), *typed(CODE))[1] == f"```\n{CODE}\n```"


def test_typed_prose_is_no_code() -> None:
    assert not any(block.startswith("```") for block in shown(*typed(PROSE)))


def test_two_lines_that_the_file_calls_monospaced_are_enough() -> None:
    lines = typed("$ cd harbour\n$ make all")
    assert not shown(*lines)[0].startswith("```")
    assert shown(*(replace(line, mono=True) for line in lines)) == ["```\n$ cd harbour\n$ make all\n```"]


def mono(text: str, top: float) -> list[Line]:
    return [replace(line, mono=True) for line in typed(text, top)]


def test_what_the_file_sets_in_letters_of_one_width_is_a_listing_whatever_white_stands_in_it() -> None:
    text = [replace(line, mono=False) for line in column(PROSE + "\n" + PROSE)]
    assert shown(*text, *mono("exit\nshutdown the rope", 1000))[1] == "```\nexit\nshutdown the rope\n```"
    assert shown(*text, *mono("$ make all", 1000))[1] == "```\n$ make all\n```"
    assert not any(block.startswith("```") for block in shown(*text, *mono("the rope", 1000)))


def test_chinese_letters_that_all_have_one_width_are_no_listing() -> None:
    text = [replace(line, mono=False) for line in column(PROSE + "\n" + PROSE)]
    assert not any(
        block.startswith("```") for block in shown(*text, *mono("港口管理员每天\n记录进入海湾", 1000))
    )


def test_empty_lines_of_a_listing_stay_in_it_and_the_text_before_it_does_not_come_in() -> None:
    program = f"{CODE}\n\n{CODE}\n\n{CODE}"
    text = [replace(each, mono=False) for each in typed("The whole program is here", 400)]
    assert shown(*text, *mono(program, 500)) == ["The whole program is here", f"```\n{program}\n```"]


def test_a_heading_in_letters_of_one_width_is_no_part_of_the_listing_above_it() -> None:
    heading = replace(mono("2.3 harbour", 640)[0], size=36.0)
    found = shown(*column(PROSE), *mono("$ cd harbour\n$ make all", 500), heading, *column(PROSE, top=700))
    assert found[1] == "```\n$ cd harbour\n$ make all\n```"
    assert "2.3 harbour" in found[2]


def test_dots_that_lead_nowhere_are_left_out() -> None:
    assert shown(*column(PROSE), *column("......................", top=420))[1:] == []


def test_numbers_that_are_set_beside_the_lines_of_a_listing_stay_beside_them() -> None:
    rows = ("sail = {", "    tar,", "", "}")
    code = [replace(line, mono=True, words=_in_one_width(line)) for line in typed("\n".join(rows), 1000)]
    numbers = [
        replace(line, mono=False)
        for at in range(4)
        for line in [worded(str(98 + at), 40 if at < 2 else 30, 1000 + STEP * at)]
    ]
    text = [replace(line, mono=False) for line in column(PROSE + "\n" + PROSE)]
    found = shown(*text, *code, *numbers)[1]
    assert found == "```\n 98 sail = {\n 99     tar,\n100\n101 }\n```"


def test_numbers_that_do_not_count_are_no_part_of_a_listing() -> None:
    text = [replace(line, mono=False) for line in column(PROSE + "\n" + PROSE)]
    prices = [
        replace(worded(price, 40, 1000 + STEP * at), mono=False) for at, price in enumerate(("7", "12"))
    ]
    found = shown(*text, *mono("   $ make all\n   $ make tar", 1000), *prices)
    assert not any("7 " in block and block.startswith("```") and "12" in block for block in found)


def _in_one_width(line: Line) -> tuple[Word, ...]:
    return tuple(replace(word, mono=True) for word in line.words)


def test_a_command_behind_a_prompt_that_stands_apart_is_a_listing() -> None:
    text = [replace(line, mono=False) for line in column(PROSE + "\n" + PROSE)]
    (prompt,), (command,) = mono("$", 1000), mono("make", 1000)
    command = replace(
        command,
        rect=replace(
            command.rect, left=command.rect.left + 2 * LETTER, right=command.rect.right + 2 * LETTER
        ),
        words=tuple(
            replace(word, left=word.left + 2 * LETTER, right=word.right + 2 * LETTER)
            for word in command.words
        ),
    )
    narrow = replace(prompt, rect=replace(prompt.rect, right=prompt.rect.left + LETTER / 2))
    assert shown(*text, narrow, command)[1] == "```\n$ make\n```"


def test_a_page_of_nothing_but_a_counted_listing_is_one() -> None:
    rows = [f"{row}{at} = {at}" for at, row in enumerate(["tar", "  rope", "sail", "  hull", "mast", "oar"])]
    code = [replace(each, mono=True, words=_in_one_width(each)) for each in typed("\n".join(rows), 500)]
    numbers = [replace(worded(str(at + 1), 40, 500 + STEP * at), mono=False) for at in range(len(rows))]
    listing = "\n".join(f"{at} {row}" for at, row in enumerate(rows, start=1))
    assert shown(*code, *numbers) == [f"```\n{listing}\n```"]
