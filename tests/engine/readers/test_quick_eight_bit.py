"""Where the processor is made for it, lines are read in 8 bits, and say the same."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from papertray.engine.readers.quick import eight_bit, rapid, sessions
from papertray.engine.readers.quick.network import Network
from tests.engine import pages_made as made

READABLE = (
    (made.ENGLISH[0], made.SERIF, "black", "white"),
    (made.GERMAN[1], made.SANS, "white", "navy"),
    (made.CHINESE[2], made.HAN, "dimgray", "whitesmoke"),
    ("07-441   1,234.50   12.03.2026", made.SANS_BOLD, "maroon", "white"),
)


def pieces() -> Iterator[Any]:
    for text, font, ink, paper in READABLE:
        face = made.font(font, 30)
        piece = Image.new("RGB", (int(face.getlength(text)) + 16, 48), paper)
        ImageDraw.Draw(piece).text((8, 4), text, fill=ink, font=face)
        yield np.ascontiguousarray(np.asarray(piece)[:, :, ::-1])


@pytest.fixture(scope="module")
def whole() -> Iterator[rapid.RapidEngine]:
    """On a processor that has no instructions for 8 bits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rapid, "multiplies_eight_bits", lambda: False)
        engine = rapid.load(threads=1)
    yield engine
    engine.close()


def test_a_processor_that_is_not_made_for_8_bits_reads_as_the_models_are(whole: rapid.RapidEngine) -> None:
    assert not whole.eight_bit
    assert whole.revision.endswith(rapid.RECOGNITION)


@pytest.mark.skipif(not sessions.multiplies_eight_bits(), reason="this processor is not made for 8 bits")
def test_lines_say_the_same_in_8_bits(whole: rapid.RapidEngine) -> None:
    engine = rapid.load(threads=1)
    if hasattr(engine.engine.text_rec.session.session, "get_compiled_model"):
        pytest.skip("OpenVINO has a way of its own")
    assert engine.revision.endswith("in 8 bits")
    for piece in pieces():
        one, other = whole.read(piece), engine.read(piece)
        assert SequenceMatcher(None, one.text, other.text, autojunk=False).ratio() > 0.98
        assert other.score == pytest.approx(one.score, abs=0.03)
    engine.close()


def test_large_products_are_rounded_and_the_file_is_left_alone() -> None:
    file = rapid._model(rapid.RECOGNITION).read_bytes()
    rounded = eight_bit.round_network(file)
    kinds = [node.op_type for node in Network.parse(rounded).nodes]
    assert kinds.count("DynamicQuantizeMatMul") > 20
    assert len(rounded) < 0.4 * len(file)
    assert rapid._model(rapid.RECOGNITION).read_bytes() == file


def test_a_row_of_weights_has_a_scale_of_its_own_and_one_of_zeros_too() -> None:
    network = Network.parse(b"")
    rows = np.array([[0.5, -1.0, 0.25], [0.0, 0.0, 0.0], [1000.0, 10.0, -500.0]], np.float32)
    node = eight_bit._multiply(network, "in", rows, None, "out")
    weights, steps, _ = network.model.graph.initializer
    assert list(node.input)[1:3] == [weights.name, steps.name]
    back = (
        np.frombuffer(weights.raw_data, np.int8).reshape(3, 3).T
        * np.frombuffer(steps.raw_data, "f4")[:, None]
    )
    assert (np.abs(back - rows).max(axis=1) <= np.abs(rows).max(axis=1) / 200).all()
