"""`papertray read FILE…`: read files now, without the daemon.

Markdown goes to stdout, or notes into a folder; sentences and a progress bar go to stderr. With `--into` many
files are read at once, and those whose notes are there are skipped.
"""

from pathlib import Path
from typing import Annotated

import typer

from papertray.daemon.cli.read.files import open_document_reader, read_files
from papertray.daemon.cli.read.forms import FormsOutput
from papertray.daemon.cli.read.outputs import STDOUT, Output, choose_output
from papertray.daemon.cli.read.reproduction import Reproduction
from papertray.daemon.places import find_places
from papertray.daemon.settings import Settings, load_settings
from papertray.daemon.settings.sections import AUTO
from papertray.engine.documents import DocumentLimits
from papertray.engine.models.catalog import find_entry
from papertray.engine.outputs.formats import FORMAT_NAMES, OutputFormat, parse_formats

MODEL, NUMBERS = "Which model and how", "Reproducing a publisher's numbers"

Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE", readable=False, help="Images or PDFs; with --into also folders."),
]
Folder = Annotated[
    Path, typer.Option("--output", "-o", metavar="DIR", help="Write notes into this folder; - is stdout.")
]
MassFolder = Annotated[
    Path | None,
    typer.Option(
        "--into", metavar="DIR", help="Many files at once, or folders; those with a note in DIR are skipped."
    ),
]
Jobs = Annotated[int, typer.Option(min=1, help="With --into: the most files that are open at once.")]
PagesAsJson = Annotated[bool, typer.Option("--json", help="Pages, texts and problems as JSON.")]
Forms = Annotated[
    list[str] | None,
    typer.Option(
        "--as", metavar="FORMAT[,FORMAT…]", help=f"In place of Markdown: {', '.join(FORMAT_NAMES)}."
    ),
]
ModelName = Annotated[
    str | None, typer.Option(help="auto, quick, or a name of `models list`.", rich_help_panel=MODEL)
]
DeviceName = Annotated[str | None, typer.Option(help="auto, cpu, cuda, mps or npu.", rich_help_panel=MODEL)]
Mode = Annotated[
    str | None, typer.Option(help="One of the model's modes, like base or tiles.", rich_help_panel=MODEL)
]
Prompt = Annotated[
    str | None, typer.Option(help="document, text, figure, or a prompt of your own.", rich_help_panel=MODEL)
]
MaxTokens = Annotated[
    int | None, typer.Option(min=1, help="The most a page may take.", rich_help_panel=MODEL)
]
MaxImageSize = Annotated[
    int | None,
    typer.Option(min=256, help="The longest side of a page, in pixels.", rich_help_panel=MODEL),
]
Checkpoint = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="A checkpoint's own folder; --model names it.", rich_help_panel=NUMBERS),
]
NumberFormat = Annotated[
    str | None, typer.Option(help="float32, float16 or bfloat16.", rich_help_panel=NUMBERS)
]
NgramRule = Annotated[
    int | None,
    typer.Option(min=0, help="This n-gram rule and no other guard; 0: none.", rich_help_panel=NUMBERS),
]
Raw = Annotated[
    bool, typer.Option("--raw", help="What the model said, before any conversion.", rich_help_panel=NUMBERS)
]


def read(
    files: Files,
    output: Folder = STDOUT,
    forms: Forms = None,
    into: MassFolder = None,
    jobs: Jobs = 64,
    as_json: PagesAsJson = False,
    model: ModelName = None,
    device: DeviceName = None,
    mode: Mode = None,
    prompt: Prompt = None,
    max_tokens: MaxTokens = None,
    max_image_size: MaxImageSize = None,
    weights: Checkpoint = None,
    dtype: NumberFormat = None,
    no_repeat_ngram: NgramRule = None,
    raw: Raw = False,
) -> None:
    """Read files now and print their Markdown. Nothing is overwritten, the files stay as they are.

    With --as they are written in other forms, `scan.searchable.pdf` for one, into DIR or where you are.
    """
    wanted = parse_formats(forms or ())
    if into is not None:
        _refuse_beside_into(output, wanted, as_json)
    if model not in (None, AUTO):
        find_entry(model)
    settings = load_settings(
        find_places(),
        engine__model=model,
        engine__device=device,
        engine__mode=mode,
        engine__prompt=prompt,
        engine__max_tokens=max_tokens,
        engine__longest_side=max_image_size,
        engine__dtype=dtype,
    )
    if into is not None:
        from papertray.daemon.cli.read.into import read_into

        raise typer.Exit(read_into(files, into, jobs, settings))
    reproduction = Reproduction(settings, weights, no_repeat_ngram)
    if raw:
        reproduction.print_raw(files, as_json)
        return
    if weights is None and no_repeat_ngram is None:
        reader = open_document_reader(settings)
    else:
        reader = reproduction.document_reader()
    single = len(files) == 1
    if wanted:
        answers: Output = _other_forms(output, wanted, settings)
    else:
        answers = choose_output(output, as_json, settings.notes, single)
    raise typer.Exit(read_files(files, reader, answers))


def _refuse_beside_into(output: Path, wanted: tuple[OutputFormat, ...], as_json: bool) -> None:
    if wanted:
        raise typer.BadParameter("--as writes into the folder of --output, not of --into.")
    if output != STDOUT:
        raise typer.BadParameter("--into and --output both name the folder for the notes: give one of them.")
    if as_json:
        raise typer.BadParameter("--json prints what is read, and --into writes notes: give one of them.")


def _other_forms(output: Path, wanted: tuple[OutputFormat, ...], settings: Settings) -> FormsOutput:
    limits = DocumentLimits(**settings.documents.model_dump())
    return FormsOutput(Path() if output == STDOUT else output, wanted, limits)
