"""A page whose regions are being read: what is to be asked of it, and what becomes of the answers.

Lives on the model's thread. Tells the page's flow once: all that was read, or the first fault.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial

from papertray.engine.dialects import Conversion
from papertray.engine.inference.model_reader import ModelReader
from papertray.engine.inference.readings import Attempt, EmptyAnswer, ReadAnswer, remark_on_loop
from papertray.engine.page_flow import PageFlow, PageRequest
from papertray.engine.pages import Ending, PageImage, PageText, Watch
from papertray.engine.readers.regions.choosing import Region
from papertray.engine.readers.regions.composing import RegionText, compose_page
from papertray.engine.readers.regions.cutting import cut_region

WHOLE_PAGE = ""
"""The label of a page that is read as a whole."""
WORST = (Ending.LOOP_CUT, Ending.TOKEN_LIMIT, Ending.FINISHED)


class OpenPage:
    """`asked` are the numbers of those that a model is asked for."""

    def __init__(
        self,
        flow: PageFlow,
        request: PageRequest,
        page: PageImage,
        regions: list[Region],
        model: ModelReader,
        elements: Collection[str],
    ) -> None:
        self._flow, self._request, self._page = flow, request, page
        self._regions, self._model = regions, model
        self._answers: dict[int, ReadAnswer] = {}
        self._tokens: dict[int, int] = {}
        self.asked = [number for number, each in enumerate(regions) if each.element in elements]
        self.warnings: list[str] = []
        self.ended = False

    def question(
        self, number: int, attempts: Mapping[str, tuple[Attempt, ...]]
    ) -> tuple[PageImage, tuple[Attempt, ...], Watch]:
        region = self._regions[number]
        watch = replace(self._request.watch, progress=partial(self._count, number))
        if region.label == WHOLE_PAGE:
            return self._page, self._model.attempts, watch
        assert region.element is not None
        cut = cut_region(self._page.image, region)
        return replace(self._page, picture=cut), attempts[region.element], watch

    def take(self, number: int, answer: ReadAnswer) -> None:
        self._answers[number] = answer
        if not self.ended and len(self._answers) == len(self.asked):
            self.answer()

    def answer(self) -> None:
        self.ended = True
        try:
            text = self._text()
        except Exception as problem:
            self._flow.fail(self._request, problem)
        else:
            self._flow.answer(self._request, text)

    def fail(self, problem: Exception) -> None:
        """Once; what else was asked of this page is heard to its end, and dropped."""
        if not self.ended:
            self.ended = True
            self._flow.fail(self._request, problem)

    def _text(self) -> PageText:
        page, answers = self._conversion(), [self._answers[number] for number in self.asked]
        if not page.blocks and not page.figures:
            raise EmptyAnswer
        warnings = [*self.warnings, *(said for read in answers for said in read.warnings), *page.warnings]
        endings = {read.answer.ending for read in answers} or {Ending.FINISHED}
        return PageText(
            blocks=page.blocks,
            ending=next(ending for ending in WORST if ending in endings),
            figures=page.figures,
            warnings=tuple(dict.fromkeys(warnings)),
            tokens=sum(read.tokens for read in answers),
        )

    def _conversion(self) -> Conversion:
        if self._regions[0].label != WHOLE_PAGE:
            return compose_page(
                [self._region_text(number) for number in range(len(self._regions))], self._page
            )
        answer = self._answers[0].answer
        page = self._model.model_format.convert_answer(answer.text, self._page)
        return replace(page, blocks=(*page.blocks, *remark_on_loop(answer)))

    def _region_text(self, number: int) -> RegionText:
        read = self._answers.get(number)
        if read is None:
            return RegionText(self._regions[number])
        remark = "\n\n".join(block.markdown for block in remark_on_loop(read.answer))
        return RegionText(self._regions[number], read.answer.text, remark)

    def _count(self, number: int, tokens: int) -> None:
        self._tokens[number] = tokens
        self._request.watch.progress(sum(self._tokens.values()))
