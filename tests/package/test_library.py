"""papertray as another program uses it, with the quick reader itself."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import papertray
from papertray import library
from papertray.daemon.places import find_places
from papertray.engine.models.weights import Weights
from tests.hub.models import checkpoint
from tests.package import scans

HEAVY = ("torch", "transformers", "numpy", "PIL", "onnxruntime", "pydantic", "fastapi", "httpx")


@pytest.fixture(scope="module")
def reader() -> Iterator[papertray.DocumentReader]:
    with papertray.open_reader("quick") as reader:
        yield reader


def test_a_file_becomes_markdown_in_one_line(tmp_path: Path) -> None:
    assert scans.INVOICE in papertray.read(str(scans.letter(tmp_path))).markdown


def test_a_document_has_pages_and_blocks_with_boxes(reader: papertray.DocumentReader, tmp_path: Path) -> None:
    document = reader.read(scans.correspondence(tmp_path))
    assert (document.kind, document.reader.name, document.failed_pages) == ("pdf", "quick", ())
    assert [page.markdown for page in document.pages] == [scans.INVOICE, scans.REMINDER]
    for page in document.pages:
        (block,) = page.blocks
        assert block.kind is papertray.BlockKind.TEXT
        assert block.box is not None
        assert 0 < block.box.left < block.box.right < 1
        assert 0.2 < block.box.top < block.box.bottom < 0.8
    assert document.markdown == f"{scans.INVOICE}\n\n<!-- page 2 of 2 -->\n\n{scans.REMINDER}"


def test_what_was_read_can_be_had_in_other_forms_with_each_word_in_its_place(
    reader: papertray.DocumentReader, tmp_path: Path
) -> None:
    file = scans.letter(tmp_path)
    document = reader.read(file)
    pdf, text = papertray.export(document, file, "pdf,txt")
    assert (pdf.ending, pdf.remark, text.content.decode()) == (".searchable.pdf", "", f"{scans.INVOICE}\n")
    (page,) = document.pages
    assert isinstance(page, papertray.PageText)
    assert " ".join(line.text for line in page.lines) == scans.INVOICE
    assert all(len(line.spans) == 2 * len(line.text.split()) for line in page.lines)
    with pytest.raises(papertray.PapertrayError, match="epub"):
        papertray.export(document, file, "epub")


def test_a_device_that_cannot_be_had_is_refused_even_where_the_quick_reader_reads(tmp_path: Path) -> None:
    with pytest.raises(papertray.ReaderError, match=r"npu cannot be used: No Ascend NPU was found\."):
        papertray.read(str(scans.letter(tmp_path)), device="npu")


def test_progress_is_told_page_by_page(reader: papertray.DocumentReader, tmp_path: Path) -> None:
    progress: list[tuple[int, int]] = []
    reader.read(scans.correspondence(tmp_path), progress=lambda done, pages: progress.append((done, pages)))
    assert progress == [(0, 2), (1, 2), (2, 2)]


def test_reading_can_be_cancelled_and_the_reader_used_again(
    reader: papertray.DocumentReader, tmp_path: Path
) -> None:
    cancel, progress = threading.Event(), list[int]()

    def stop_after_the_first(done: int, _pages: int) -> None:
        progress.append(done)
        if done == 1:
            cancel.set()

    file = scans.correspondence(tmp_path)
    with pytest.raises(papertray.Cancelled):
        reader.read(file, progress=stop_after_the_first, cancel=cancel)
    assert progress == [0, 1]
    assert len(reader.read(file).pages) == 2


def test_a_page_that_cannot_be_read_is_there_with_its_sentence(
    reader: papertray.DocumentReader, tmp_path: Path
) -> None:
    document = reader.read(scans.half_a_plan(tmp_path))
    (failed,) = document.failed_pages
    assert failed is document.pages[1]
    assert (failed.number, failed.blocks, failed.figures) == (2, (), ())
    assert failed.sentence.startswith("Page 2 of plan.pdf is ")
    assert f"> Page 2 could not be read. {failed.sentence}" in document.markdown
    assert scans.INVOICE in document.markdown


def test_what_cannot_be_read_at_all_raises_what_is_wrong(
    reader: papertray.DocumentReader, tmp_path: Path
) -> None:
    (tmp_path / "odd.pdf").write_text("no document at all")
    with pytest.raises(papertray.PdfLocked, match=r"secret\.pdf needs a password"):
        reader.read(scans.locked(tmp_path))
    with pytest.raises(papertray.NoSuchFile, match=r"nothing\.pdf"):
        reader.read(tmp_path / "nothing.pdf")
    with pytest.raises(papertray.NotADocument, match=r"odd\.pdf is neither") as caught:
        reader.read(tmp_path / "odd.pdf")
    assert isinstance(caught.value, papertray.DocumentError)
    assert caught.value.advice == "Save it as PDF, PNG, JPEG or TIFF."


def test_a_reader_that_was_closed_says_so(tmp_path: Path) -> None:
    with papertray.open_reader("quick") as reader:
        pass
    reader.close()
    with pytest.raises(papertray.ReaderError, match="This reader is closed"):
        reader.read(scans.letter(tmp_path))


def test_limits_are_those_that_the_caller_names(tmp_path: Path) -> None:
    limits = papertray.DocumentLimits(max_pages=1)
    with (
        papertray.open_reader("quick", limits=limits) as reader,
        pytest.raises(papertray.DocumentError, match="more than 1 pages"),
    ):
        reader.read(scans.correspondence(tmp_path))


def test_a_model_or_device_that_does_not_exist_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    with pytest.raises(papertray.UnknownModel, match="Did you mean dots-ocr"):
        papertray.read(tmp_path / "nothing.pdf", model="dot-ocr")
    with pytest.raises(papertray.ReaderError, match="no device called gpu"):
        papertray.open_reader(device="gpu")


def test_a_model_is_found_where_papertray_keeps_it(tmp_path: Path) -> None:
    models, name = find_places().models, "deepseek-ocr"
    with pytest.raises(papertray.ReaderError, match="its files are not in") as caught:
        papertray.read(scans.letter(tmp_path), model=name)
    assert str(models) in caught.value.sentence

    Weights(models).add(name, checkpoint(name))
    cancel = threading.Event()  # set once the model is loaded: its random weights have nothing to say
    with pytest.raises(papertray.Cancelled):
        papertray.read(
            scans.letter(tmp_path), model=name, device="cpu", progress=lambda *_: cancel.set(), cancel=cancel
        )


def test_settings_are_not_asked_and_nothing_is_left_behind(
    tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERTRAY_ENGINE__MODEL", "dots-ocr")
    settings = find_places().settings_file
    settings.parent.mkdir(parents=True)
    settings.write_text("this is no TOML")
    papertray.read(scans.letter(tmp_path))
    assert [path for path in own_home.rglob("*") if path.is_file()] == [settings]


def test_importing_papertray_costs_nothing_before_something_is_read() -> None:
    program = (
        "import sys, papertray; alone = [name for name in sys.modules if name.startswith('papertray')]; "
        "import papertray.engine.pages, papertray.engine.errors; early = 'papertray.library' in sys.modules; "
        "papertray.read, papertray.PdfLocked; "
        f"print(alone, early, [name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "['papertray'] False []\n"


def test_every_name_that_is_offered_is_there_and_says_what_it_is() -> None:
    assert sorted({*papertray.__all__} - {"__version__"}) == sorted(library.__all__)
    assert {*papertray.__all__} <= {*dir(papertray)}
    for name in library.__all__:
        assert getattr(papertray, name).__doc__, name
    assert papertray.__version__


def test_a_name_that_is_not_offered_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'raed'"):
        papertray.raed  # noqa: B018
