"""A checkpoint's tokenizer, without any template: a text goes in as it is, with nothing before or behind it.

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
    def of(cls, checkpoint: Checkpoint, *required: str) -> "Vocabulary":
        """Refuses a tokenizer that is damaged, or lacks one of these tokens."""
        try:
            vocabulary = cls(Tokenizer.from_file(str(checkpoint.folder / TOKENIZER)))
        except Exception as fault:  # the library raises Exception itself
            raise checkpoint.misfit(f"{TOKENIZER} is damaged") from fault
        if len(vocabulary.tokens(*required)) < len(required):
            raise checkpoint.misfit(f"{TOKENIZER} lacks one of {', '.join(required)}")
        return vocabulary

    def token(self, text: str) -> int:
        (number,) = self.tokens(text)
        return number

    def tokens(self, *texts: str) -> frozenset[int]:
        """Of these texts, those that are a token here."""
        ids = (self.tokenizer.token_to_id(text) for text in texts)
        return frozenset(number for number in ids if number is not None)

    def ids(self, text: str) -> tuple[int, ...]:
        return tuple(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def text(self, ids: Sequence[int]) -> str:
        text: str = self.tokenizer.decode(list(ids), skip_special_tokens=False)
        return text

    def piece(self, token: int) -> str:
        """What a token adds to a text: alone, some tokenizers take away the blank before it."""
        return self.text((token, token))[len(self.text((token,))) :]
