"""What travels between the API and those who ask it: each value declared once, for both ends.

A `Status` or a `Block` travels as the daemon and the engine have it; what looks different on the way is
declared here. Names of files may hold bytes that are no UTF-8. Python's strings carry them as lone
surrogates, which pydantic can neither write nor read as JSON: it makes plain values of ours and back, and the
json module writes them in ASCII.
"""

import json
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter
from pydantic_core import to_jsonable_python

from papertray.daemon.records import DocumentGroups, DocumentRecord, FoundPage, PageRecord, SnippetPart
from papertray.engine.pages import Block, Box, DoubtfulWord, Ending, PageText, TextSource

T = TypeVar("T")


class Answer:
    """A value that is answered whole: also what has a default here is always there."""

    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = {"json_schema_serialization_defaults_required": True}


@dataclass(frozen=True, slots=True)
class Done(Answer):
    """It was done, or will be at once."""

    ok: bool = True


@dataclass(frozen=True, slots=True)
class Count(Answer):
    queued: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAnswer(Answer, DocumentRecord):
    """A dropped file. Times are seconds since 1970; `pages` is 0 until it was opened.

    `exit_code` is 0 unless it failed.
    """

    name: str

    @classmethod
    def of(cls, document: DocumentRecord, **more: Any) -> Self:
        values: dict[str, Any] = {
            field.name: getattr(document, field.name) for field in fields(DocumentRecord)
        }
        return cls(**values, name=document.path.name, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedAnswer(DocumentAnswer):
    """A document that has ended, and the files that stand beside its note."""

    outputs: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class DocumentList(Answer):
    documents: tuple[DocumentAnswer, ...]
    before: Annotated[
        int | None, Field(description="Give this as `before` for the next ones; null: there are no more.")
    ]
    total: Annotated[int, Field(description="How many the whole list has, from `offset` 0 on.")] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedDocument(Answer):
    """A file that was put into a folder to stay; under this number it is known from now on."""

    id: int
    path: Path
    folder: Path


@dataclass(frozen=True, slots=True)
class DocumentNumbers(Answer):
    documents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GroupsAnswer(Answer, DocumentGroups):
    """Folders and readers, the most documents first; `doubtful` is how many have doubtful pages."""

    @classmethod
    def of(cls, groups: DocumentGroups) -> Self:
        return cls(groups.folders, groups.readers, groups.doubtful)


@dataclass(frozen=True, slots=True)
class TextAnswer(Answer):
    """A page's text. The figures that it links are answered by themselves.

    `confidence` is how much of it is likely to be right, from 0 to 1; null where the reader cannot tell.
    """

    markdown: str
    blocks: tuple[Block, ...]
    ending: Ending
    warnings: tuple[str, ...]
    blank: bool
    tokens: int
    source: TextSource
    confidence: float | None
    is_doubtful: bool
    doubtful_words: tuple[DoubtfulWord, ...]

    @classmethod
    def of(cls, text: PageText) -> "TextAnswer":
        return cls(**{field.name: getattr(text, field.name) for field in fields(cls)})


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAnswer(Answer):
    number: int
    state: str
    attempts: int
    seconds: float
    problem: str
    advice: str
    text: TextAnswer | None

    @classmethod
    def of(cls, page: PageRecord, **more: Any) -> Self:
        return cls(
            number=page.number,
            state=page.state,
            attempts=page.attempts,
            seconds=page.seconds,
            problem=page.sentence,
            advice=page.advice,
            text=None if page.text is None else TextAnswer.of(page.text),
            **more,
        )


@dataclass(frozen=True, slots=True)
class FigureName(Answer):
    page: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeDocument(DocumentAnswer):
    """With its pages and the text of its note as it stands now, null where there is none."""

    each_page: tuple[PageAnswer, ...]
    figures: tuple[FigureName, ...]
    note_text: str | None


@dataclass(frozen=True, slots=True)
class FormatAnswer(Answer):
    """A form in which a document can be had."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class FormatList(Answer):
    formats: tuple[FormatAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit(Answer):
    """A page that has what was looked for. `box` is where its snippet stands, null where nobody knows."""

    document: DocumentAnswer
    page: int
    snippet: tuple[SnippetPart, ...]
    box: Box | None

    @classmethod
    def of(cls, found: FoundPage) -> Self:
        document = DocumentAnswer.of(found.document)
        return cls(document=document, page=found.page, snippet=found.snippet, box=found.box)


@dataclass(frozen=True, slots=True)
class SearchAnswer(Answer):
    """Where there are no pages, `nearest` is what was probably meant, with words that some page has."""

    pages: tuple[SearchHit, ...]
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class LoginCode(Answer):
    code: str
    url: str
    seconds: float


def dumps(value: object) -> str:
    """As JSON in ASCII."""
    return json.dumps(
        value, default=to_jsonable_python, ensure_ascii=True, allow_nan=False, separators=(",", ":")
    )


def loads(kind: type[T], text: str | bytes) -> T:
    """The value that this JSON is, without what is not known of it; raises ValueError where it is none."""
    value: T = _adapter(kind).validate_python(json.loads(text))  # type: ignore[arg-type]  # a class has a hash
    return value


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
