"""A checkpoint's tokenizer, without any template: what is given goes in, nothing is put before or behind it.

Ids are looked up by the text of a token: they differ between checkpoints of one model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tokenizers import Tokenizer

from papertray.engine.inference.checkpoint import TOKENIZER, Checkpoint


@dataclass(frozen=True, slots=True)
class Vocabulary:
    tokenizer: Any

    @classmethod
    def of(cls, checkpoint: Checkpoint, *needed: str) -> "Vocabulary":
        """Refuses a tokenizer that is damaged, or has not each of these tokens."""
        try:
            words = cls(Tokenizer.from_file(str(checkpoint.folder / TOKENIZER)))
        except Exception as fault:  # the library raises Exception itself
            raise checkpoint.misfit(f"{TOKENIZER} is damaged") from fault
        if len(words.known(*needed)) < len(needed):
            raise checkpoint.misfit(f"{TOKENIZER} lacks one of {', '.join(needed)}")
        return words

    def token(self, text: str) -> int:
        (number,) = self.known(text)
        return number

    def known(self, *texts: str) -> frozenset[int]:
        ids = (self.tokenizer.token_to_id(text) for text in texts)
        return frozenset(number for number in ids if number is not None)

    def ids(self, text: str) -> tuple[int, ...]:
        return tuple(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def text(self, ids: Sequence[int]) -> str:
        said: str = self.tokenizer.decode(list(ids), skip_special_tokens=False)
        return said

    def piece(self, token: int) -> str:
        return self.text((token,))
