"""RapidOCR behind two questions: where is text, and what does this piece of the page say?

The models lie in the installation and are named by their files, so that RapidOCR never looks for them
anywhere else. It is told to keep silent: its log would carry what it reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papertray.engine.errors import ReaderError

if TYPE_CHECKING:
    import numpy as np
    from rapidocr import RapidOCR

    Pixels = np.ndarray[Any, Any]

DETECTION, RECOGNITION = "PP-OCRv6_det_small", "PP-OCRv6_rec_small"

LONGEST_SIDE = 1280
"""Text is looked for in the page made this large. Recognition sees the page's own pixels."""

REINSTALL = "Install papertray again: pip install --force-reinstall papertray."


@dataclass(frozen=True, slots=True)
class RecognisedText:
    """What a piece says and how sure that is.

    `places` tells how far along the piece each letter stands, blanks left out; `certain` has one number for
    each letter and blank.
    """

    text: str
    score: float
    places: tuple[float, ...] = ()
    certain: tuple[float, ...] = ()


NOTHING = RecognisedText("", 0.0)


@dataclass(frozen=True, slots=True)
class RapidEngine:
    """`pixels` are BGR, as OpenCV has them; corners run clockwise from the top left of the text."""

    engine: RapidOCR

    @property
    def revision(self) -> str:
        return f"rapidocr {version('rapidocr')}, {DETECTION}, {RECOGNITION}"

    def find(self, pixels: Pixels) -> Pixels | None:
        try:
            corners: Pixels | None = self.engine(pixels, use_det=True, use_cls=False, use_rec=False).boxes
        except Exception as problem:
            raise _stumbled(problem) from problem
        return corners

    def piece(self, pixels: Pixels, corners: Pixels) -> Pixels:
        """Cut a piece out and lay it level; one that is much higher than wide is turned to the left."""
        from rapidocr.utils.process_img import get_rotate_crop_image

        piece: Pixels = get_rotate_crop_image(pixels, corners.astype("float32"))
        return piece

    def read(self, piece: Pixels) -> RecognisedText:
        from rapidocr.ch_ppocr_rec.typings import TextRecInput

        try:
            found = self.engine.text_rec(TextRecInput(img=piece, return_word_box=True))
        except Exception as problem:
            raise _stumbled(problem) from problem
        if not found.txts:
            return NOTHING
        words = found.word_results[0]
        steps = max(float(words.line_txt_len), 1.0)
        places = tuple((step + 0.5) / steps for word in words.word_cols for step in word)
        return RecognisedText(found.txts[0], float(found.scores[0]), places, tuple(words.confs))


def load(threads: int | None = None) -> RapidEngine:
    """Left to themselves, onnxruntime and OpenVINO both take as many threads as there are physical cores."""
    det, rec = (_model(name) for name in (DETECTION, RECOGNITION))
    try:
        import numpy as np
        import onnxruntime
        from rapidocr import EngineType, RapidOCR

        onnxruntime.disable_telemetry_events()  # Windows, where the system collects them, has no other switch
        runtime = EngineType.OPENVINO if find_spec("openvino") else EngineType.ONNXRUNTIME
        engine = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Global.use_preprocess_img": False,
                "Det.engine_type": runtime,
                "Det.model_path": str(det),
                "Det.limit_type": "max",
                "Det.limit_side_len": LONGEST_SIDE,
                "Rec.engine_type": runtime,
                "Rec.model_path": str(rec),
                "Rec.rec_batch_num": 1,
                "EngineConfig.onnxruntime.intra_op_num_threads": threads or -1,
                "EngineConfig.openvino.inference_num_threads": threads or -1,
            }
        )
        speck = np.full((32, 32, 3), 255, np.uint8)  # RapidOCR opens its models when they are first asked
        engine(speck, use_det=True, use_cls=False, use_rec=False)
        engine(speck, use_det=False, use_cls=False, use_rec=True)
    except Exception as problem:
        raise ReaderError(f"The quick reader could not be loaded: {problem}.", REINSTALL) from problem
    return RapidEngine(engine)


def _model(name: str) -> Path:
    package = find_spec("rapidocr")
    folder = Path(package.origin or "").parent / "models" if package else Path("rapidocr")
    if not (folder / f"{name}.onnx").is_file():
        raise ReaderError(f"The quick reader's model {name} is missing from {folder}.", REINSTALL)
    return folder / f"{name}.onnx"


def _stumbled(problem: Exception) -> ReaderError:
    kind = type(problem).__name__
    return ReaderError(
        f"The quick reader stumbled over this page ({kind}).", "Scan it again, or try a large model."
    )
