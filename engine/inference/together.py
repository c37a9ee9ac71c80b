"""Several pages read together: each goes its own way, and all say their next tokens in one step.

A page's way (asked, perhaps asked again, converted) runs in a thread of its own, which waits while the model
is at work. The model is asked from the caller's thread alone, the only one that touches a tensor: a page that
has just begun joins the others at their next token, and one that has ended leaves them.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

from papertray.engine.inference.decode import Decoder, DecodingPage, ended_answer, say_next_tokens
from papertray.engine.inference.drafts.lengths import StepCosts
from papertray.engine.inference.open_answer import DecodedTokens

T = TypeVar("T")
BeginPage = Callable[[], DecodingPage]
"""Looks at the page, so it is called on the thread of the model."""


class PagesTogether:
    def __init__(self, decoder: Decoder, costs: StepCosts) -> None:
        self._decoder = decoder
        self._costs = costs
        self._asked: SimpleQueue[tuple[BeginPage, Future[DecodedTokens]] | None] = SimpleQueue()
        self._speaking: list[tuple[DecodingPage, Future[DecodedTokens]]] = []

    def ask(self, begin: BeginPage) -> DecodedTokens:
        """Called on a page's way: what the model says, when it has said it."""
        answer: Future[DecodedTokens] = Future()
        self._asked.put((begin, answer))
        return answer.result()

    def run(self, ways: Sequence[Callable[[], T]]) -> list[T]:
        """What each way comes to. The first fault is raised, after the other ways have come to their ends."""
        with ThreadPoolExecutor(len(ways)) as threads:
            running = [threads.submit(way) for way in ways]
            for each in running:
                each.add_done_callback(lambda _: self._asked.put(None))
            self._serve(len(ways))
        return [each.result() for each in running]

    def _serve(self, ways: int) -> None:
        """Until all ways have ended, also where this thread is interrupted: none is left waiting."""
        try:
            while ways:
                if not (self._speaking and self._asked.empty()):
                    ways -= self._hear()
                if self._speaking:
                    self._step()
        except BaseException as problem:
            self._fail_speaking(problem)
            while ways:
                asked = self._asked.get()
                if asked is None:
                    ways -= 1
                else:
                    asked[1].set_exception(problem)
            raise

    def _hear(self) -> int:
        """One page that wants to begin, so that the others go on between two; or the end of a way: 1."""
        asked = self._asked.get()
        if asked is None:
            return 1
        begin, answer = asked
        try:
            self._speaking.append((begin(), answer))
        except BaseException as problem:
            answer.set_exception(problem)
            if not isinstance(problem, Exception):
                raise
        return 0

    def _step(self) -> None:
        try:
            say_next_tokens(self._decoder, [page for page, _ in self._speaking], self._costs)
        except Exception as problem:
            self._fail_speaking(problem)
        for page, answer in self._speaking:
            if not page.answer.wants_token():
                answer.set_result(ended_answer(page))
        self._speaking = [(page, answer) for page, answer in self._speaking if not answer.done()]

    def _fail_speaking(self, problem: BaseException) -> None:
        speaking, self._speaking = self._speaking, []
        for _, answer in speaking:
            answer.set_exception(problem)
