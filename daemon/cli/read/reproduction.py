"""`papertray read` with a checkpoint's own folder or rules: to set papertray's numbers beside a publisher's.

The page reaches the model as in the publisher's code, and nothing but the rule that was asked for keeps the
model from repeating itself.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papertray.daemon.cli.read.pages import draw_pages, open_renderer
from papertray.daemon.cli.screen import print_json, print_text
from papertray.daemon.places import find_places
from papertray.daemon.reading.readers import open_reader_in, read_options, rows_as_published
from papertray.daemon.settings import Settings
from papertray.engine.choice import AUTO, load_model_reader
from papertray.engine.document_reader import DocumentReader
from papertray.engine.errors import ReaderError
from papertray.engine.models.catalog import LAYOUT, CatalogEntry, find_entry
from papertray.engine.models.weights import Weights
from papertray.engine.pages import ReadOptions, Transcript, Watch
from papertray.engine.renderer import Renderer

if TYPE_CHECKING:  # torch is read when the model is
    from papertray.engine.inference.model_reader import ModelReader


@dataclass(frozen=True, slots=True)
class Reproduction:
    """`weights` is a folder, or None for the fetched model; without an n-gram rule a raw answer has none."""

    settings: Settings
    weights: Path | None
    no_repeat_ngram: int | None

    def document_reader(self) -> DocumentReader:
        """Pages read and converted as always, by this checkpoint under this rule."""
        options = replace(
            read_options(self.settings.engine),
            no_repeat_ngram=self.no_repeat_ngram,
            layout=Weights(find_places().models).path(LAYOUT),
        )
        return DocumentReader(
            self._renderer(),
            lambda: open_reader_in(self.settings.engine, self._folder(), self._entry(), options),
        )

    def print_raw(self, files: Sequence[Path], as_json: bool) -> None:
        transcripts = list(self._transcripts(files))
        if as_json:
            print_json({"pages": [_transcript_data(transcript) for transcript in transcripts]})
        else:
            print_text("\n".join(transcript.raw for transcript in transcripts) + "\n")

    def _transcripts(self, files: Sequence[Path]) -> Iterator[Transcript]:
        with self._renderer() as renderer, closing(self._model()) as model:
            for page in draw_pages(renderer, files):
                yield model.ask(page, model.attempts[0], Watch()).transcript

    def _model(self) -> "ModelReader":
        """The bare reader, which can be asked for a whole page in the first of its attempts alone."""
        folder, model = self._folder(), self._entry()
        options: ReadOptions = replace(
            read_options(self.settings.engine), no_repeat_ngram=self.no_repeat_ngram or 0
        )
        row = rows_as_published(self.settings.engine, folder, model)[0]
        return load_model_reader(model, folder, row, options)

    def _renderer(self) -> Renderer:
        return open_renderer(self.settings.documents, self._entry().behind)

    def _folder(self) -> Path:
        folder = self.weights or Weights(find_places().models).path(self._entry())
        if folder is None or not folder.is_dir():
            raise ReaderError(
                f"There is no checkpoint of {self._entry().title} at {folder or find_places().models}.",
                "Give its folder with --weights, or fetch it with `papertray models pull`.",
            )
        return folder

    def _entry(self) -> CatalogEntry:
        """The model as published: without the cap that papertray sets for pages on a slow device."""
        model = find_entry(self.settings.engine.model) if self.settings.engine.model != AUTO else None
        if model is None or model.memory is None:
            raise ReaderError("No large model was named.", "Name one: `--model deepseek-ocr`, for instance.")
        return replace(model, memory=replace(model.memory, side_on_cpu=None))


def _transcript_data(transcript: Transcript) -> dict[str, Any]:
    return {
        "prompt_ids": transcript.prompt_ids,
        "generated_ids": transcript.generated_ids,
        "raw": transcript.raw,
    }
