"""What a server answered, as a page: by the dialect of its model, or as another papertray tells it.

Takes the answer and the page as it was packed; asks nobody.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from papertray.engine.pages import Ending, PageImage, PageText
from papertray.engine.readers.server.exchange import ServerAnswer
from papertray.engine.readers.server.families import PAPERTRAY
from papertray.engine.readers.server.page_details import understand_page
from papertray.engine.readers.server.requests import PackedPage

CUT = "The server's model repeated itself on this page; what came after that was left out."
TOO_LONG = "The server's model wrote more than it may for one page; the end may be missing."
_WARNINGS = {Ending.LOOP_CUT: (CUT,), Ending.TOKEN_LIMIT: (TOO_LONG,)}


def cut_answer(answer: ServerAnswer, kept: Sequence[str]) -> ServerAnswer:
    """What was said before it began to repeat itself."""
    return replace(answer, text="".join(kept), ending=Ending.LOOP_CUT, details=None)


def understand_answer(
    answer: ServerAnswer, whole: PackedPage, sent: PackedPage, number: int
) -> PageText | None:
    """None where there is nothing in it. `whole` is the page as figures are cut from it."""
    image = PageImage(cache(whole.unpack), number)
    if sent.family is PAPERTRAY and (page := understand_page(answer.details, image)):
        return replace(page, tokens=answer.pieces)
    conversion = sent.family.convert(answer.text, image, sent.size)
    if not conversion.blocks and not conversion.figures:
        return None
    return PageText(
        conversion.blocks,
        answer.ending,
        conversion.figures,
        (*_WARNINGS.get(answer.ending, ()), *conversion.warnings),
        tokens=answer.pieces,
    )
