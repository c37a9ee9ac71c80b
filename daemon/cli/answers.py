"""Where the answers of `papertray read` go: Markdown or JSON on stdout, or notes in a folder."""

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from papertray.daemon.cli.screen import named, out, out_json, out_text
from papertray.daemon.files import put
from papertray.daemon.notes.names import assets_of, candidates
from papertray.engine.errors import PapertrayError
from papertray.engine.markdown import FailedPage, Origin, compose, figure_file
from papertray.engine.one_shot import Whole
from papertray.engine.pages import PageText


@dataclass(frozen=True, slots=True)
class Answer:
    """A file that was read."""

    file: Path
    sha256: str
    whole: Whole
    read_at: datetime

    def note(self, *, front_matter: bool, figures: str = "") -> str:
        origin = Origin(self.file.name, self.sha256, self.whole.reader, self.read_at)
        return compose(origin, self.whole.pages, front_matter=front_matter, figures=figures)


class Answers(ABC):
    @abstractmethod
    def add(self, answer: Answer) -> None: ...

    def refuse(self, file: Path, problem: PapertrayError) -> None:  # noqa: B027
        """For those that keep a record; the person was told on stderr."""

    def finish(self) -> None:  # noqa: B027
        """For those that answer only when everything is read."""


@dataclass(frozen=True, slots=True)
class Markdown(Answers):
    """Onto stdout; each of several documents begins with a comment that names its file."""

    front_matter: bool
    separate: bool

    def add(self, answer: Answer) -> None:
        if self.separate:
            name = named(answer.file).replace("--", "- -")  # two dashes would end the comment
            out(f"<!-- {name} -->\n")
        out_text(answer.note(front_matter=self.front_matter) + "\n" * self.separate)


@dataclass(frozen=True, slots=True)
class Folder(Answers):
    """Into a folder, named as the daemon names them, never over a file that is there."""

    folder: Path
    front_matter: bool

    def add(self, answer: Answer) -> None:
        scratch = f".papertray-{os.getpid()}.tmp"
        for note in candidates(answer.file, self.folder):
            if note.exists() or note.is_symlink() or assets_of(note).exists():
                continue
            try:
                put(self._content(answer, note), note, scratch, over=False)
            except FileExistsError:  # it came while this was read
                continue
            self._figures(answer.whole, note, scratch)
            out(named(note))
            return

    def _content(self, answer: Answer, note: Path) -> bytes:
        text = answer.note(front_matter=self.front_matter, figures=assets_of(note).name)
        return text.encode("utf-8", errors="replace")

    def _figures(self, whole: Whole, note: Path, scratch: str) -> None:
        for number, page in enumerate(whole.pages, start=1):
            for figure in page.figures if isinstance(page, PageText) else ():
                put(figure.png, assets_of(note) / figure_file(number, figure.name), scratch, over=True)


class Json(Answers):
    """All documents as one JSON value, at the end."""

    def __init__(self) -> None:
        self._documents: list[dict[str, Any]] = []

    def add(self, answer: Answer) -> None:
        whole = answer.whole
        self._documents.append(
            {
                "file": str(answer.file),
                "sha256": answer.sha256,
                "kind": whole.kind,
                "reader": whole.reader.name,
                "revision": whole.reader.revision,
                "device": whole.reader.device,
                "pages": [_page(number, page) for number, page in enumerate(whole.pages, start=1)],
            }
        )

    def refuse(self, file: Path, problem: PapertrayError) -> None:
        self._documents.append({"file": str(file), "problem": problem.sentence, "advice": problem.advice})

    def finish(self) -> None:
        out_json({"documents": self._documents})


def _page(number: int, page: PageText | FailedPage) -> dict[str, Any]:
    if isinstance(page, FailedPage):
        return {"number": number, "problem": page.sentence, "advice": page.advice}
    return {
        "number": number,
        "markdown": page.markdown,
        "ending": page.ending,
        "blank": page.blank,
        "warnings": page.warnings,
        "tokens": page.tokens,
    }
