"""Which documents a pile is, by what its sheets are. Pure: numbers of pages in and out, counted from 1."""

from collections.abc import Sequence

from papertray.engine.stacks.sheets import SheetKind

Part = tuple[int, ...]
"""The pages of one document."""


def part_at_blanks(sheets: Sequence[SheetKind]) -> list[Part]:
    """Blank sheets belong to no part."""
    return _part([sheet is not SheetKind.PAGE for sheet in sheets])


def part_at_separators(sheets: Sequence[SheetKind]) -> list[Part]:
    """Separators belong to no part, nor does the back of one: a blank sheet behind it. Other blanks stay."""
    before = (SheetKind.PAGE, *sheets)
    return _part(
        [
            sheet is SheetKind.SEPARATOR or (sheet is SheetKind.BLANK and last is SheetKind.SEPARATOR)
            for last, sheet in zip(before, sheets, strict=False)
        ]
    )


def _part(between: Sequence[bool]) -> list[Part]:
    parts: list[list[int]] = [[]]
    for number, is_between in enumerate(between, start=1):
        if not is_between:
            parts[-1].append(number)
        elif parts[-1]:
            parts.append([])
    return [tuple(part) for part in parts if part]
