"""Plain text: what a person would read aloud, pages parted by a form feed, running heads left out."""

from papertray.engine.outputs.plain import markdown_as_text
from papertray.engine.outputs.reading import FinishedReading, OutputFile

PAGE_BREAK = "\f"


def write_text_file(reading: FinishedReading) -> list[OutputFile]:
    pages = (markdown_as_text(page.markdown) for page in reading.pages)
    return [OutputFile(".txt", (f"\n{PAGE_BREAK}".join(pages) + "\n").encode("utf-8", "replace"))]
