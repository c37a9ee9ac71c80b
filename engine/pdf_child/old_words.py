"""Take out the invisible words that another program has put on a scanned page before.

Where a page was recognised anew, they would be found twice. What one sees of the page stays as it is.
"""

import pikepdf

_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_INVISIBLE = 3


def remove_invisible_words(pdf: pikepdf.Pdf, page: pikepdf.Page) -> bool:
    """Whether there were any. Those within a form that the page draws are left."""
    kept, mode, modes, removed = [], 0, [], False
    try:
        instructions = pikepdf.parse_content_stream(page)
    except pikepdf.PdfError:
        return False
    for instruction in instructions:
        name = str(instruction.operator)
        if name == "q":
            modes.append(mode)
        elif name == "Q" and modes:
            mode = modes.pop()
        elif name == "Tr":
            mode = int(instruction.operands[0])
        if name in _SHOWING and mode == _INVISIBLE:
            removed = True
        else:
            kept.append(instruction)
    if removed:
        page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))
    return removed
