"""What DeepSeek's models are asked, and the token ids of it: no chat template, one image.

The texts are the publisher's, to the letter: the models know these.
"""

from collections.abc import Mapping

from papertray.engine.errors import ReaderError
from papertray.engine.inference.vocabulary import Vocabulary

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
    def __init__(self, name: str, prompts: Mapping[str, str]) -> None:
        super().__init__(
            f"This model was not taught the prompt {name}.",
            f"It knows {', '.join(prompts)}; any other text is given to it as it is.",
        )


class ImageTwice(ReaderError):
    def __init__(self) -> None:
        super().__init__(f"A prompt can have {IMAGE} only once.", "A page is one image: take the others out.")


def prompt_text(prompt: str, prompts: Mapping[str, str]) -> str:
    """A name of the table, or a text of one's own; the image comes first if the text does not place it."""
    if prompt in PROMPTS and prompt not in prompts:
        raise NoSuchPrompt(prompt, prompts)
    text = prompts.get(prompt, prompt)
    if text.count(IMAGE) > 1:
        raise ImageTwice
    return text if IMAGE in text else f"{IMAGE}\n{text}"


def prompt_around_image(vocabulary: Vocabulary, prompt: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The token ids before and after the image."""
    before, after = prompt.strip().split(IMAGE)
    return (vocabulary.token(BEGIN), *vocabulary.ids(before)), vocabulary.ids(after)
