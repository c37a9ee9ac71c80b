"""What `papertray read --as …` writes: files in other forms, into a folder, over nothing that is there."""

from dataclasses import dataclass
from pathlib import Path

from papertray.daemon.cli.read.outputs import FileAnswer, Output
from papertray.daemon.cli.screen import print_line, print_message, printable_name
from papertray.daemon.outputs.exporting import export_files, list_remarks
from papertray.engine.beneath import NamedFile
from papertray.engine.documents import DocumentLimits
from papertray.engine.outputs.formats import OutputFormat, write_output
from papertray.engine.outputs.reading import FinishedReading
from papertray.engine.renderer import Renderer


@dataclass(frozen=True, slots=True)
class FormsOutput(Output):
    folder: Path
    forms: tuple[OutputFormat, ...]
    limits: DocumentLimits

    def add(self, answer: FileAnswer) -> None:
        reading = self._reading(answer)
        for form in self.forms:
            files = write_output(reading, form)
            for place in export_files(files, answer.file.stem, self.folder):
                print_line(printable_name(place))
            for remark in list_remarks(files, printable_name(answer.file.name)):
                print_message(remark)

    def _reading(self, answer: FileAnswer) -> FinishedReading:
        with Renderer(self.limits, ahead=0) as renderer:
            sheets = renderer.inspect(answer.file).pages
        figures = {
            (number, figure.name): figure.png
            for number, page in enumerate(answer.whole.pages, start=1)
            for figure in page.figures
        }
        return FinishedReading(
            answer.file.name,
            answer.sha256,
            answer.whole.reader,
            answer.read_at,
            answer.whole.pages,
            figures,
            NamedFile(answer.file),
            sheets,
            self.limits,
        )
