"""Whatever is drafted, a model says what it says word by word; it only takes fewer steps."""

import random
import threading
from collections.abc import Sequence
from functools import cache, partial
from typing import Any

import pytest
import torch
from torch import Tensor

from papertray.engine.choice import load_model_reader
from papertray.engine.devices.processor import has_eight_bit_product
from papertray.engine.devices.rows import CPU_FLOAT32, ROWS, DeviceRow
from papertray.engine.inference.decode import (
    Decoder,
    DecodingPage,
    decode_page,
    ended_answer,
    say_next_tokens,
)
from papertray.engine.inference.drafts.drafter import Drafter
from papertray.engine.inference.drafts.lengths import StepCosts
from papertray.engine.inference.loops import LoopGuard
from papertray.engine.inference.open_answer import AnswerRules, DecodedTokens, OpenAnswer
from papertray.engine.models.catalog import find_entry
from papertray.engine.pages import Ending, ReadOptions, Watch
from tests.engine.readers import references

MODELS = ("deepseek-ocr", "deepseek-ocr-2", "dots-ocr")
each_model = pytest.mark.parametrize("model", MODELS)
TOKENS = 40


class NoCosts(StepCosts):
    """As if a step of many rows took no longer: everything is drafted that can be."""

    def of(self, rows: int) -> float:
        return 1.0


@cache
def opened(model: str, row: DeviceRow = CPU_FLOAT32) -> tuple[Any, Any]:
    folder = references.checkpoint(model)
    reader = load_model_reader(find_entry(model), folder, row, ReadOptions())
    prompt = reader.encode_page(references.page("p300x200.png"), reader.attempts[0].mode, Watch())
    return reader.decoder, prompt.inputs


class Counting:
    """How many steps were made."""

    def __init__(self, decoder: Any) -> None:
        self.begin, self.forget, self.longest_draft = decoder.begin, decoder.forget, decoder.longest_draft
        self._step, self.foresee = decoder.step, decoder.foresee
        self.steps = 0

    def step(self, contexts: Sequence[Any], tokens: Sequence[Sequence[int]]) -> Any:
        self.steps += 1
        return self._step(contexts, tokens)


def open_answer(watch: Watch | None = None, guard: LoopGuard | None = None, **rules: Any) -> OpenAnswer:
    named = {"eos": frozenset[int](), "max_tokens": TOKENS, **rules}
    return OpenAnswer(AnswerRules(**named), watch or Watch(), guard)


def said(decoder: Decoder, inputs: Any, drafter: Drafter | None, answer: OpenAnswer) -> DecodedTokens:
    return decode_page(decoder, DecodingPage(inputs, answer, drafter), NoCosts())


def with_errors(tokens: Sequence[int], share: float) -> list[int]:
    """Some are others, some are left out, some stand there twice."""
    chance = random.Random(5)
    drafted: list[int] = []
    for token in tokens:
        kind = chance.randrange(3) if chance.random() < share else None
        drafted += {None: [token], 0: [token + 1], 1: [], 2: [token, token]}[kind]
    return drafted


@each_model
@pytest.mark.parametrize("ngram", [None, 2])
def test_in_float32_the_tokens_are_the_same_however_good_the_draft(model: str, ngram: int | None) -> None:
    decoder, inputs = opened(model)
    plain = said(decoder, inputs, None, open_answer(no_repeat_ngram=ngram))
    for share, fewest in ((0.0, 8), (0.2, 2), (1.0, 1)):
        counting = Counting(decoder)
        words = with_errors(plain.ids, share)
        drafter = Drafter(partial(list, words))
        drafted = said(counting, inputs, drafter, open_answer(no_repeat_ngram=ngram))
        assert drafted == plain
        assert counting.steps <= TOKENS / fewest


@pytest.mark.skipif(not has_eight_bit_product(), reason="this processor has no 8-bit product")
@pytest.mark.parametrize("model", ["deepseek-ocr", "dots-ocr"])
def test_so_are_they_with_8_bit_weights(model: str) -> None:
    rows = [row for row in ROWS if row.weights == "int8" and row.dtype == "float32"]
    decoder, inputs = opened(model, rows[0])
    plain = said(decoder, inputs, None, open_answer())
    words = with_errors(plain.ids, 0.2)
    assert said(decoder, inputs, Drafter(lambda: words), open_answer()) == plain


def test_pages_with_and_without_a_draft_are_written_together() -> None:
    decoder, inputs = opened("deepseek-ocr")
    short = {"inputs_embeds": inputs["inputs_embeds"][:, :9]}
    plain = [said(decoder, each, None, open_answer()) for each in (inputs, short, inputs)]
    drafters = [Drafter(lambda: plain[0].ids), Drafter(lambda: with_errors(plain[1].ids, 0.3)), None]
    together = [
        DecodingPage(each, open_answer(), drafter)
        for each, drafter in zip((inputs, short, inputs), drafters, strict=True)
    ]
    while any(page.answer.wants_token() for page in together):
        say_next_tokens(decoder, together, NoCosts())
    assert [ended_answer(page) for page in together] == plain


def test_a_draft_ends_where_the_answer_ends() -> None:
    """At an end token, a limit, a cancel and a loop, in the midst of what was drafted."""
    decoder, inputs = opened("deepseek-ocr")
    plain = said(decoder, inputs, None, open_answer())
    end = next(token for token in plain.ids if plain.ids.index(token) > 20)

    def drafter() -> Drafter:
        return Drafter(lambda: plain.ids)

    finished = said(decoder, inputs, drafter(), open_answer(eos=frozenset({end})))
    assert (finished.ids, finished.ending) == (plain.ids[: plain.ids.index(end)], Ending.FINISHED)
    assert said(decoder, inputs, drafter(), open_answer(max_tokens=33)).ids == plain.ids[:33]
    cancel, told = threading.Event(), list[int]()

    def progress(tokens: int) -> None:
        told.append(tokens)
        if tokens == 17:
            cancel.set()

    cancelled = said(decoder, inputs, drafter(), open_answer(Watch(cancel, progress)))
    assert (cancelled.ids, cancelled.ending) == (plain.ids[:17], Ending.CANCELLED)
    assert told == list(range(1, 18))


def test_a_loop_is_cut_at_the_same_token() -> None:
    decoder, inputs = opened("deepseek-ocr")

    def piece(token: int) -> str:
        return f"{'ab'[token % 2]}word "

    plain, drafted = (
        said(decoder, inputs, drafter, open_answer(guard=LoopGuard(piece), max_tokens=400))
        for drafter in (None, Drafter())
    )
    assert plain.ending is Ending.LOOP_CUT
    assert drafted == plain


@torch.inference_mode()
def scores_of_one_step_and_many(model: str, dtype: str) -> tuple[Tensor, Tensor]:
    tokens = [7, 31, 5, 120, 44, 9, 200, 3]
    decoder, inputs = opened(model, DeviceRow("cpu", dtype, decoding="layers"))
    context, _ = decoder.begin(inputs)
    many = decoder.step([context], [tokens]).float()
    decoder.forget(context, len(tokens))
    return many, torch.cat([decoder.step([context], [[token]]) for token in tokens]).float()


@each_model
def test_in_bfloat16_a_step_of_many_tokens_is_as_near_to_float32_as_many_steps(model: str) -> None:
    """Sums are rounded in another order, so two tokens that are about equally good may change places."""
    many, exact = scores_of_one_step_and_many(model, "float32")
    rounded, rounded_one_by_one = scores_of_one_step_and_many(model, "bfloat16")
    assert (many - exact).norm() < 1e-5 * exact.norm()
    assert (rounded - exact).norm() < 1.3 * (rounded_one_by_one - exact).norm()
