"""Which reader the settings and the machine give."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from papertray.engine.checking.checked_reader import CheckedReader
from papertray.engine.choice import AUTO, ReaderChoice, choose_reader, load_reader, load_single_reader
from papertray.engine.devices.rows import CPU_FLOAT32, DeviceRow
from papertray.engine.errors import ReaderError, UnknownModel
from papertray.engine.models.catalog import CatalogEntry, find_entry
from papertray.engine.models.weights import Weights
from papertray.engine.pages import PageImage, PdfText, ReadOptions, Watch
from papertray.engine.readers.quick.reader import QuickReader
from tests.hub.models import checkpoint


@pytest.fixture
def weights(tmp_path: Path) -> Weights:
    return Weights(tmp_path / "models")


def fits(_model: CatalogEntry) -> tuple[DeviceRow, ...]:
    return (CPU_FLOAT32,)


def fits_not(model: CatalogEntry) -> tuple[DeviceRow, ...]:
    raise ReaderError(f"No device can hold {model.name}.")


def test_while_no_large_model_is_here_the_quick_reader_serves(weights: Weights) -> None:
    assert choose_reader(AUTO, weights, fits) == ReaderChoice(find_entry("quick"))


def test_a_model_that_arrives_is_chosen_at_the_next_look(weights: Weights) -> None:
    assert choose_reader(AUTO, weights, fits).entry.name == "quick"
    weights.add("deepseek-ocr", checkpoint("deepseek-ocr"))
    assert choose_reader(AUTO, weights, fits) == ReaderChoice(find_entry("deepseek-ocr"), (CPU_FLOAT32,))
    weights.add("deepseek-ocr-2", checkpoint("deepseek-ocr-2"))
    assert choose_reader(AUTO, weights, fits) == ReaderChoice(find_entry("deepseek-ocr-2"), (CPU_FLOAT32,))
    weights.remove("deepseek-ocr-2")
    assert choose_reader(AUTO, weights, fits) == ReaderChoice(find_entry("deepseek-ocr"), (CPU_FLOAT32,))


def test_a_model_that_fits_no_device_is_passed_over_with_its_reason(weights: Weights) -> None:
    weights.add("deepseek-ocr", checkpoint("deepseek-ocr"))
    weights.add("dots-ocr", checkpoint("dots-ocr"))

    def only_small(model: CatalogEntry) -> tuple[DeviceRow, ...]:
        return fits(model) if model.name == "deepseek-ocr" else fits_not(model)

    chosen = choose_reader(AUTO, weights, only_small)
    assert chosen.entry.name == "deepseek-ocr"
    assert chosen.passed_over == ("dots.ocr: No device can hold dots-ocr.",)
    nothing_fits = choose_reader(AUTO, weights, fits_not)
    assert nothing_fits.entry.name == "quick"
    assert len(nothing_fits.passed_over) == 2


def test_a_model_the_user_named_is_not_replaced_by_another(weights: Weights) -> None:
    with pytest.raises(ReaderError, match=r"not in .*papertray models pull dots-ocr"):
        choose_reader("dots-ocr", weights, fits)
    weights.add("dots-ocr", checkpoint("dots-ocr"))
    assert choose_reader("dots-ocr", weights, fits) == ReaderChoice(find_entry("dots-ocr"), (CPU_FLOAT32,))
    with pytest.raises(ReaderError, match="No device can hold dots-ocr"):
        choose_reader("dots-ocr", weights, fits_not)


def test_quick_by_name_asks_no_device(weights: Weights) -> None:
    assert choose_reader("quick", weights, fits_not) == ReaderChoice(find_entry("quick"))


def test_an_unknown_model_is_named(weights: Weights) -> None:
    with pytest.raises(UnknownModel, match="nonsense"):
        choose_reader("nonsense", weights, fits)


def test_a_reader_is_loaded_from_its_module_with_its_weights(weights: Weights) -> None:
    weights.add("dots-ocr", checkpoint("dots-ocr"))
    options = ReadOptions(mode="layout")
    fake = replace(find_entry("dots-ocr"), module="tests.engine.fake_reader")
    reader = load_reader(ReaderChoice(fake, (CPU_FLOAT32,)), weights, options)
    (said,) = reader.read([PageImage(Image.new("RGB", (4, 4)))], Watch())
    assert said.markdown == f"{weights.folder / 'dots-ocr'} {CPU_FLOAT32} layout"


def test_the_quick_reader_checks_what_a_large_model_makes_of_a_document_and_nothing_else(
    weights: Weights,
) -> None:
    weights.add("dots-ocr", checkpoint("dots-ocr"))
    fake = ReaderChoice(replace(find_entry("dots-ocr"), module="tests.engine.fake_reader"), (CPU_FLOAT32,))
    assert isinstance(load_reader(fake, weights, ReadOptions()), CheckedReader)
    assert not isinstance(load_reader(fake, weights, ReadOptions(prompt="figure")), CheckedReader)
    assert not isinstance(load_single_reader(fake, weights, ReadOptions()), CheckedReader)


def test_the_quick_reader_is_told_what_to_do_with_a_pdfs_own_text(weights: Weights) -> None:
    reader = load_reader(ReaderChoice(find_entry("quick")), weights, ReadOptions(pdf_text=PdfText.NEVER))
    assert isinstance(reader, QuickReader)
    assert reader.pdf_text is PdfText.NEVER


def test_a_model_that_went_away_before_it_was_loaded_is_a_sentence(weights: Weights) -> None:
    with pytest.raises(ReaderError, match="papertray models pull dots-ocr"):
        load_reader(ReaderChoice(find_entry("dots-ocr"), (CPU_FLOAT32,)), weights, ReadOptions())
