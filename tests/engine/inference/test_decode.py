"""A model is let speak until it ends or is stopped; greedily, as transformers' own generate does it."""

import threading
from dataclasses import dataclass, field
from typing import Any

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from papertray.engine.inference.decode import decode
from papertray.engine.inference.loops import LoopGuard
from papertray.engine.inference.open_answer import DecodedTokens
from papertray.engine.pages import Ending, Watch

END = 1


@dataclass
class Script:
    """A model that says what is written, whatever it is asked; a dict gives scores of its own."""

    says: list[Any]
    steps: list[dict[str, Any]] = field(default_factory=list)
    past_key_values: str = "the cache"
    logits: Any = None

    def __call__(self, **inputs: Any) -> "Script":
        said = self.says[len(self.steps)]
        self.steps.append(inputs)
        self.logits = torch.zeros(1, 1, 16)
        for token, score in (said if isinstance(said, dict) else {said: 1.0}).items():
            self.logits[0, -1, token] = score
        return self


def spoken(script: Script, **options: Any) -> DecodedTokens:
    settings: dict[str, Any] = {"eos": frozenset({END}), "max_tokens": 20, "watch": Watch(), **options}
    return decode(script, {"inputs_embeds": "a page"}, **settings)


def test_it_ends_with_the_end_token_which_is_not_kept() -> None:
    assert spoken(Script([5, 6, END])) == DecodedTokens((5, 6), Ending.FINISHED, (5, 6, END))


def test_it_ends_with_any_of_several_end_tokens() -> None:
    assert spoken(Script([5, 3]), eos=frozenset({1, 3})).ending is Ending.FINISHED


def test_it_ends_at_the_budget() -> None:
    assert spoken(Script([5] * 9), max_tokens=4) == DecodedTokens((5,) * 4, Ending.TOKEN_LIMIT, (5,) * 4)


def test_the_inputs_go_to_the_first_step_and_the_last_token_to_each_other() -> None:
    script = Script([5, 6, END])
    spoken(script)
    first, second, third = script.steps
    assert (first["inputs_embeds"], first["past_key_values"]) == ("a page", None)
    assert "inputs_embeds" not in second
    assert (second["input_ids"].tolist(), second["past_key_values"]) == ([[5]], "the cache")
    assert third["input_ids"].tolist() == [[6]]


class NewerScript(Script):
    """As transformers has it since its version 5.24."""

    cache = "the newer cache"

    def forward(self, cache: Any = None) -> None: ...


def test_what_is_kept_has_the_name_that_the_installed_library_gives_it() -> None:
    script = NewerScript([5, END])
    spoken(script)
    assert [step["cache"] for step in script.steps] == [None, "the newer cache"]
    assert not any("past_key_values" in step for step in script.steps)


def test_it_stops_within_one_token_of_a_cancel() -> None:
    cancel, seen = threading.Event(), list[int]()

    def progress(tokens: int) -> None:
        seen.append(tokens)
        if tokens == 3:
            cancel.set()

    answer = spoken(Script([5] * 20), watch=Watch(cancel, progress))
    assert answer == DecodedTokens((5,) * 3, Ending.CANCELLED, (5,) * 3)
    assert seen == [1, 2, 3]


def test_it_does_not_begin_when_cancelled_before() -> None:
    cancel = threading.Event()
    cancel.set()
    script = Script([5])
    assert spoken(script, watch=Watch(cancel)).ending is Ending.CANCELLED
    assert not script.steps


def test_a_loop_is_cut_and_what_came_before_is_kept() -> None:
    guard = LoopGuard(lambda token: f"{'abcdefghijklmnop'[token]}word ")
    answer = spoken(Script([4, 5, 6] + [7] * 300), max_tokens=300, guard=guard)
    assert (answer.ids, answer.ending) == ((4, 5, 6, 7), Ending.LOOP_CUT)
    assert len(answer.generated_ids) < 150


def test_a_token_that_would_repeat_an_ngram_is_passed_over() -> None:
    again = {5: 1.0, 6: 0.5}
    assert spoken(Script([5, 5, again, END]), no_repeat_ngram=2).ids == (5, 5, 6)


def test_within_a_window_only_what_was_said_of_late_is_passed_over() -> None:
    again = {5: 1.0, 6: 0.5}
    said = [5, 5, 7, 7, 5, again, END]
    assert spoken(Script(said), no_repeat_ngram=2, ngram_window=5).ids == (5, 5, 7, 7, 5, 6)
    assert spoken(Script(said), no_repeat_ngram=2, ngram_window=4).ids == (5, 5, 7, 7, 5, 5)


def test_no_token_comes_twice_under_a_rule_of_one() -> None:
    assert spoken(Script([5, {5: 1.0, 6: 0.5}, END]), no_repeat_ngram=1).ids == (5, 6)


@pytest.mark.parametrize("none", [None, 0])
def test_without_a_rule_any_token_may_come_again(none: int | None) -> None:
    assert spoken(Script([5, 5, 5, END]), no_repeat_ngram=none).ids == (5, 5, 5)


def test_the_prompt_counts_as_said_before() -> None:
    script = Script([4, {5: 1.0, 6: 0.5}, END])
    assert spoken(script, no_repeat_ngram=2, prompt_ids=[4, 5]).ids == (4, 6)


def test_whitelisted_tokens_may_come_again() -> None:
    answer = spoken(Script([5, 5, {5: 1.0, 6: 0.5}, END]), no_repeat_ngram=2, whitelist=frozenset({5}))
    assert answer.ids == (5, 5, 5)


@pytest.fixture(scope="module")
def llama() -> LlamaForCausalLM:
    torch.manual_seed(11)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = LlamaConfig(vocab_size=12, **sizes, bos_token_id=0, eos_token_id=None, pad_token_id=0)
    return LlamaForCausalLM(config).eval()


@pytest.mark.parametrize("ngram", [None, 1, 2, 3, 5])
def test_it_says_what_transformers_generates(llama: LlamaForCausalLM, ngram: int | None) -> None:
    """A vocabulary this small repeats itself at once, so the rule is at work in every run."""
    prompt, tokens = [3, 4, 5, 3, 4], 6 if ngram == 1 else 60
    rule = {"no_repeat_ngram_size": ngram} if ngram else {}
    theirs = llama.generate(
        torch.tensor([prompt]),
        attention_mask=torch.ones(1, 5),
        max_new_tokens=tokens,
        do_sample=False,
        **rule,
    )
    ours = decode(
        llama,
        {"input_ids": torch.tensor([prompt])},
        prompt_ids=prompt,
        eos=frozenset(),
        max_tokens=tokens,
        no_repeat_ngram=ngram,
        watch=Watch(),
    )
    assert list(ours.ids) == theirs[0, 5:].tolist()


def test_embeddings_say_the_same_as_their_token_ids(llama: LlamaForCausalLM) -> None:
    ids = torch.tensor([[3, 4, 5]])
    options: dict[str, Any] = {"eos": frozenset(), "max_tokens": 20, "watch": Watch()}
    embedded = {"inputs_embeds": llama.get_input_embeddings()(ids)}
    assert decode(llama, embedded, **options) == decode(llama, {"input_ids": ids}, **options)
