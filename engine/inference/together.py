"""Several pages read together: each goes its own way, and all say their next tokens in one step.

A page's way (asked, perhaps asked again, converted) runs in a thread of its own, which waits while the model
is at work. The model is asked from the caller's thread alone, the only one that touches a tensor: a page that
has just begun joins the others at their next token, and one that has ended makes room for the next at once.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import Any

from papertray.engine.errors import Cancelled
from papertray.engine.inference.decode import Decoder, DecodingPage, ended_answer, say_next_tokens
from papertray.engine.inference.drafts.lengths import StepCosts
from papertray.engine.inference.open_answer import DecodedTokens

BeginPage = Callable[[], DecodingPage]
"""Looks at the page, so it is called on the thread of the model."""

LOOKS_AGAIN = 32
"""Steps until it is asked again whether there is another page."""


@dataclass(frozen=True, slots=True)
class PageWay:
    """`go` is called in a thread of its own, `ended` on the thread of the model."""

    go: Callable[[], Any]
    ended: Callable[[Future[Any]], None]


class PagesTogether:
    """At most `room` at a time."""

    def __init__(self, decoder: Decoder, costs: StepCosts, room: int) -> None:
        self._decoder = decoder
        self._costs = costs
        self._room = room
        self._under_way = 0
        self._steps_to_look = 0
        self._asked: SimpleQueue[_Asked | _Ended] = SimpleQueue()
        self._speaking: list[tuple[DecodingPage, Future[DecodedTokens]]] = []

    def ask(self, begin: BeginPage) -> DecodedTokens:
        """Called on a page's way: what the model says, when it has said it."""
        asked = _Asked(begin, Future())
        self._asked.put(asked)
        return asked.answer.result()

    def run(self, next_way: Callable[[], PageWay | None]) -> None:
        """Until there is none and all have ended; where this thread is interrupted, none is left waiting."""
        with ThreadPoolExecutor(self._room) as threads:
            try:
                while self._start_way(threads, next_way) or self._under_way:
                    if not (self._speaking and self._asked.empty()):
                        self._hear()
                    if self._speaking:
                        self._step()
            except BaseException as problem:
                self._end_all(problem if isinstance(problem, Exception) else Cancelled())
                raise

    def _start_way(self, threads: Executor, next_way: Callable[[], PageWay | None]) -> bool:
        """At most one, so that the others go on between two."""
        if self._under_way >= self._room or self._steps_to_look > 0:
            return False
        way = next_way()
        if way is None:
            self._steps_to_look = LOOKS_AGAIN
            return False
        self._under_way += 1
        threads.submit(way.go).add_done_callback(partial(self._hear_end, way))
        return True

    def _hear_end(self, way: PageWay, read: Future[Any]) -> None:
        self._asked.put(_Ended(way, read))

    def _hear(self) -> None:
        """One page that wants to begin, or the end of a way."""
        heard = self._asked.get()
        if isinstance(heard, _Ended):
            self._under_way -= 1
            self._steps_to_look = 0
            heard.way.ended(heard.read)
            return
        try:
            self._speaking.append((heard.begin(), heard.answer))
        except BaseException as problem:
            heard.answer.set_exception(problem if isinstance(problem, Exception) else Cancelled())
            if not isinstance(problem, Exception):
                raise

    def _step(self) -> None:
        self._steps_to_look -= 1
        try:
            say_next_tokens(self._decoder, [page for page, _ in self._speaking], self._costs)
        except Exception as problem:
            self._fail_speaking(problem)
        for page, answer in self._speaking:
            if not page.answer.wants_token():
                answer.set_result(ended_answer(page))
        self._speaking = [(page, answer) for page, answer in self._speaking if not answer.done()]

    def _fail_speaking(self, problem: Exception) -> None:
        speaking, self._speaking = self._speaking, []
        for _, answer in speaking:
            answer.set_exception(problem)

    def _end_all(self, problem: Exception) -> None:
        """Nobody hears of the ways that end now."""
        self._fail_speaking(problem)
        while self._under_way:
            heard = self._asked.get()
            if isinstance(heard, _Ended):
                self._under_way -= 1
            else:
                heard.answer.set_exception(problem)


@dataclass(frozen=True, slots=True)
class _Asked:
    begin: BeginPage
    answer: Future[DecodedTokens]


@dataclass(frozen=True, slots=True)
class _Ended:
    way: PageWay
    read: Future[Any]
