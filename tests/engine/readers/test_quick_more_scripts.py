"""Recognisers for other scripts, where some were fetched.

The bundled one stands for them: it knows the capitals of Greek as signs, which are not called read.
"""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from papertray.engine.errors import NothingRead
from papertray.engine.layout.lines import Line
from papertray.engine.models.recognisers import Recogniser, find_recogniser
from papertray.engine.pages import PageImage, PageText, TextSource, Watch
from papertray.engine.readers.quick import rapid
from papertray.engine.readers.quick import reader as quick
from papertray.engine.readers.quick.more_scripts import MoreScripts, OpenRecogniser, suggest_recogniser
from papertray.engine.readers.quick.other_scripts import NOTHING_ELSE, OtherReading
from papertray.engine.rectangles import Rect
from tests.engine import pages_made as made
from tests.engine.reading import plain
from tests.hub.recognisers import bundled_model

GREEK, ARABIC = find_recogniser("quick-greek"), find_recogniser("quick-arabic")
CAPITALS = ("ΨΥΧΗ ΦΩΣ ΓΛΩΣΣΑ ΔΕΛΤΑ ΞΕΝΟΣ ΘΑΛΑΣΣΑ ΠΛΟΙΑ ΛΙΜΑΝΙ ΣΟΦΙΑ ΩΔΗ ΦΙΛΙΑ ΓΗ ΛΟΓΟΣ ΔΡΑΜΑ",)


@pytest.fixture(scope="module")
def engine() -> rapid.RapidEngine:
    return rapid.load(1)


def read(engine: rapid.RapidEngine, files: dict[Recogniser, Path]) -> tuple[quick.QuickReader, PageText]:
    """A page of Greek capitals, without Tesseract."""
    reader = quick.QuickReader(engine, more=MoreScripts(files, engine.at_once))
    page = PageImage(made.one_column(CAPITALS, made.SERIF, (1240, 620)).image)
    return reader, reader.read([page], Watch())[0]


def test_a_page_in_another_script_is_read_by_the_recogniser_that_was_fetched(
    engine: rapid.RapidEngine, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(b"no model")
    reader, text = read(engine, {ARABIC: bundled_model(), GREEK: bundled_model()})
    assert "ΦΩΣ" in plain(text.markdown)
    assert "ΣOΦIA" in plain(text.markdown)
    assert (text.source, text.warnings) == (TextSource.RECOGNISED, ())
    assert reader.identity.revision.endswith(f"{ARABIC.model}, {GREEK.model}")
    with pytest.raises(NothingRead):
        read(engine, {ARABIC: bundled_model(), GREEK: damaged})


def relabelled(path: Path, first: str) -> Path:
    """The bundled model, whose small Latin letters have other names: a second list is behind its first."""
    known = list(OpenRecogniser.open(bundled_model()).letters[1:-1])
    letters = [chr(ord(first) + ord(one) - ord("a")) if "a" <= one <= "z" else one for one in known]
    said = "\n".join(letters).encode()
    entry = b"\x0a\x09character\x12" + varint(len(said)) + said
    path.write_bytes(bundled_model().read_bytes() + b"\x72" + varint(len(entry)) + entry)
    return path


def varint(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + varint(rest) if rest else bytes([low])


def test_what_is_seen_from_left_to_right_is_read_from_right_to_left(
    engine: rapid.RapidEngine, tmp_path: Path
) -> None:
    model = relabelled(tmp_path / "arabic.onnx", "\u0628")
    pixels = np.asarray(made.one_column(("harbour",) * 3, made.SANS, (1240, 620)).image.convert("RGB"))
    corners = list(engine.find(np.ascontiguousarray(pixels)).sure)
    lines = [Line(Rect(0, 60.0 * at, 240, 60.0 * at + 40), ".", 0.5) for at in range(len(corners))]
    cut = {id(line): partial(engine.piece, pixels, place) for line, place in zip(lines, corners, strict=True)}
    more = MoreScripts({ARABIC: model}, engine.at_once)
    other = more.read_rest(lines, NOTHING_ELSE, lambda line: cut[id(line)](), Watch())
    assert len(other.lines) == len(lines)
    expected = "".join(chr(ord("\u0628") + ord(letter) - ord("a")) for letter in reversed("harbour"))
    assert {line.text for line in other.lines.values()} == {expected}
    assert all(line.right_to_left for line in other.lines.values())
    read_already = OtherReading(dict(other.lines), "Arabic")
    assert more.read_rest(lines, read_already, lambda line: cut[id(line)](), Watch()) is read_already


def test_what_to_fetch_is_named_for_the_script_or_for_any() -> None:
    assert "papertray models pull quick-greek" in suggest_recogniser("Greek", ())
    assert "papertray models pull quick-cyrillic" in suggest_recogniser("", ())
    assert suggest_recogniser("Hebrew", ()) == ""
    assert suggest_recogniser("Greek", ("quick-greek",)) == ""
