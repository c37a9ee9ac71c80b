"""What DeepSeek's models are asked, and the token ids of it: no chat template, one image.

The texts are the publisher's, to the letter: the models know these.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import ReaderError

IMAGE = "<image>"
BEGIN, END = "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"

PROMPTS = {
    "document": "<image>\n<|grounding|>Convert the document to markdown. ",
    "text": "<image>\nFree OCR. ",
    "places": "<image>\n<|grounding|>OCR this image. ",
    "figure": "<image>\nParse the figure. ",
    "description": "<image>\nDescribe this image in detail. ",
}


class NoSuchPrompt(ReaderError):
    def __init__(self, name: str, known: Mapping[str, str]) -> None:
        super().__init__(
            f"This model was not taught the prompt {name}.",
            f"It knows {', '.join(known)}; any other text is given to it as it is.",
        )


class ImageTwice(ReaderError):
    def __init__(self) -> None:
        super().__init__(f"A prompt can have {IMAGE} only once.", "A page is one image: take the others out.")


def prompt_text(asked: str, known: Mapping[str, str]) -> str:
    """A name of the table, or a text of one's own; the image comes first if the text does not place it."""
    if asked in PROMPTS and asked not in known:
        raise NoSuchPrompt(asked, known)
    text = known.get(asked, asked)
    if text.count(IMAGE) > 1:
        raise ImageTwice
    return text if IMAGE in text else f"{IMAGE}\n{text}"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A checkpoint's tokenizer. Ids are looked up by the text of a token: they differ between checkpoints."""

    tokenizer: Any

    def token(self, text: str) -> int:
        number: int = self.tokenizer.token_to_id(text)
        return number

    def known(self, *texts: str) -> frozenset[int]:
        ids = (self.tokenizer.token_to_id(text) for text in texts)
        return frozenset(number for number in ids if number is not None)

    def text(self, ids: tuple[int, ...]) -> str:
        said: str = self.tokenizer.decode(list(ids), skip_special_tokens=False)
        return said

    def piece(self, token: int) -> str:
        return self.text((token,))

    def around_image(self, prompt: str) -> tuple[list[int], list[int]]:
        """The ids before and after the image."""
        before, after = prompt.strip().split(IMAGE)
        return [self.token(BEGIN), *self._ids(before)], self._ids(after)

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return ids
