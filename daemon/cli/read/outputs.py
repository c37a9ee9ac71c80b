"""Where the answers of `papertray read` go: Markdown or JSON on stdout, or notes in a folder."""

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from papertray.daemon.cli.screen import print_json, print_line, print_text, printable_name
from papertray.daemon.files import put_file
from papertray.daemon.notes.names import assets_folder, note_candidates
from papertray.daemon.settings.sections import NoteSettings
from papertray.engine.document_reader import Document
from papertray.engine.errors import PapertrayError
from papertray.engine.markdown import FailedPage, NoteOrigin, compose_note
from papertray.engine.pages import PageText

STDOUT = Path("-")


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """A file that was read."""

    file: Path
    sha256: str
    whole: Document
    read_at: datetime

    def note(self, *, front_matter: bool, keep_running_heads: bool = False, figures: str = "") -> str:
        origin = NoteOrigin(self.file.name, self.sha256, self.whole.reader, self.read_at)
        return compose_note(
            origin,
            self.whole.pages,
            front_matter=front_matter,
            keep_running_heads=keep_running_heads,
            figures=figures,
        )


class Output(ABC):
    @abstractmethod
    def add(self, answer: FileAnswer) -> None: ...

    def refuse(self, file: Path, problem: PapertrayError) -> None:  # noqa: B027
        """For those that keep a record; the person was told on stderr."""

    def finish(self) -> None:  # noqa: B027
        """For those that answer only when everything is read."""


@dataclass(frozen=True, slots=True)
class MarkdownOutput(Output):
    """Onto stdout; each of several documents begins with a comment that names its file."""

    front_matter: bool
    separate: bool
    keep_running_heads: bool = False

    def add(self, answer: FileAnswer) -> None:
        if self.separate:
            name = printable_name(answer.file).replace("--", "- -")  # two dashes would end the comment
            print_line(f"<!-- {name} -->\n")
        note = answer.note(front_matter=self.front_matter, keep_running_heads=self.keep_running_heads)
        print_text(note + "\n" * self.separate)


@dataclass(frozen=True, slots=True)
class FolderOutput(Output):
    """Into a folder, named as the daemon names them, never over a file that is there."""

    folder: Path
    front_matter: bool
    keep_running_heads: bool = False

    def add(self, answer: FileAnswer) -> None:
        for note in note_candidates(answer.file, self.folder):
            if note.exists() or note.is_symlink() or assets_folder(note).exists():
                continue
            try:
                put_file(self._content(answer, note), note, over=False, root=self.folder)
            except FileExistsError:  # it came while this was read
                continue
            self._figures(answer.whole, note)
            print_line(printable_name(note))
            return

    def _content(self, answer: FileAnswer, note: Path) -> bytes:
        text = answer.note(
            front_matter=self.front_matter,
            keep_running_heads=self.keep_running_heads,
            figures=assets_folder(note).name,
        )
        return text.encode("utf-8", errors="replace")

    def _figures(self, whole: Document, note: Path) -> None:
        for figure in whole.figures:
            put_file(figure.png, assets_folder(note) / figure.name, over=True, root=self.folder)


class JsonOutput(Output):
    """All documents as one JSON value, at the end."""

    def __init__(self) -> None:
        self._documents: list[dict[str, Any]] = []

    def add(self, answer: FileAnswer) -> None:
        whole = answer.whole
        self._documents.append(
            {
                "file": str(answer.file),
                "sha256": answer.sha256,
                "kind": whole.kind,
                "reader": whole.reader.name,
                "revision": whole.reader.revision,
                "device": whole.reader.device,
                "pages": [_page_data(number, page) for number, page in enumerate(whole.pages, start=1)],
            }
        )

    def refuse(self, file: Path, problem: PapertrayError) -> None:
        self._documents.append({"file": str(file), "problem": problem.sentence, "advice": problem.advice})

    def finish(self) -> None:
        print_json({"documents": self._documents})


def choose_output(folder: Path, as_json: bool, notes: NoteSettings, single: bool) -> Output:
    """`single`: one file is read, so its note can stand on stdout as it would in a folder."""
    if as_json:
        return JsonOutput()
    if folder == STDOUT:
        return MarkdownOutput(notes.front_matter and single, not single, notes.keep_running_heads)
    return FolderOutput(folder, notes.front_matter, notes.keep_running_heads)


def _page_data(number: int, page: PageText | FailedPage) -> dict[str, Any]:
    if isinstance(page, FailedPage):
        return {"number": number, "problem": page.sentence, "advice": page.advice}
    return {
        "number": number,
        "markdown": page.markdown,
        "ending": page.ending,
        "blank": page.blank,
        "warnings": page.warnings,
        "tokens": page.tokens,
        "source": page.source,
        "confidence": page.confidence,
        "doubtful_words": [asdict(word) for word in page.doubtful_words],
    }
