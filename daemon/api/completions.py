"""Questions and answers in OpenAI's shape: the part of them that means something here."""

import re
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from papertray.daemon.api.events import format_event
from papertray.daemon.api.reading import plain_text
from papertray.daemon.api.uploads import UploadResult
from papertray.daemon.api.values import Name
from papertray.daemon.wire import Answer


class ChatMessage(BaseModel):
    model_config = ConfigDict(extra="allow")

    role: str
    content: str | list[dict[str, Any]] | None = None


class StreamOptions(BaseModel):
    model_config = ConfigDict(extra="allow")

    include_usage: bool = False


class AskingPapertray(BaseModel):
    """Said by another papertray that asks: it wants to know of its pages what goes beyond their text."""

    model_config = ConfigDict(extra="allow")

    version: int = Field(ge=1)


class CompletionRequest(BaseModel):
    """The part of OpenAI's request that means something here; the rest is let pass."""

    model_config = ConfigDict(extra="allow")

    model: Name = ""
    messages: list[ChatMessage] = Field(min_length=1, max_length=1000)
    stream: bool = False
    stream_options: StreamOptions | None = None
    papertray: AskingPapertray | None = None


@dataclass(frozen=True, slots=True)
class ChatText(Answer):
    content: str
    role: Literal["assistant"] = "assistant"


@dataclass(frozen=True, slots=True)
class ChatChoice(Answer):
    message: ChatText
    index: int = 0
    finish_reason: Literal["stop"] = "stop"


@dataclass(frozen=True, slots=True)
class TokenUsage(Answer):
    """What a request took: one for each page that was asked about, and the tokens that the model wrote.

    For readers that know no tokens, words and signs count.
    """

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int

    @classmethod
    def of(cls, results: Iterable[UploadResult]) -> "TokenUsage":
        texts = [page.text for result in results for page in result.pages if page.text]
        written = sum(text.tokens or len(_PIECES.findall(text.markdown)) for text in texts)
        return cls(len(texts), written, len(texts) + written)


_PIECES = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionAnswer(Answer):
    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: tuple[ChatChoice, ...]
    usage: TokenUsage


@dataclass(frozen=True, slots=True)
class CompletionWriter:
    """Writes the answer to one request in OpenAI's shape: whole, or in chunks."""

    model: str
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, results: Sequence[UploadResult]) -> CompletionAnswer:
        text = ChatText("\n\n".join(map(plain_text, results)))
        usage = TokenUsage.of(results)
        return CompletionAnswer(
            id=self.id, created=self.created, model=self.model, choices=(ChatChoice(text),), usage=usage
        )

    def chunk(self, delta: dict[str, str], finish: str | None = None) -> str:
        return self._event(choices=[{"index": 0, "delta": delta, "finish_reason": finish}])

    def details(self, results: Sequence[UploadResult]) -> str:
        """In the last piece of a stream, for another papertray; a page beyond all measure goes without."""
        from papertray.engine.readers.server.page_details import FIELD, describe_pages

        try:
            told = describe_pages([page.text for one in results for page in one.pages if page.text])
        except ValueError:
            return self.chunk({}, "stop")
        choices = [{"index": 0, "delta": {}, "finish_reason": "stop"}]
        return self._event(choices=choices, **{FIELD: told.model_dump(mode="json")})

    def last(self, results: Sequence[UploadResult]) -> str:
        return self._event(choices=[], usage=TokenUsage.of(results))

    def _event(self, **more: object) -> str:
        kind = "chat.completion.chunk"
        return format_event({**asdict(self), "object": kind, **more})
