"""RapidOCR behind two questions: where is text, and what does this piece of the page say?

The models lie in the installation and are named by their files, so that RapidOCR never looks for them
anywhere else. It is told to keep silent: its log would carry what it reads.

A line is read by one thread, several lines at once: threads inside a model wait for each other, and spin
while they do.
"""

from __future__ import annotations

import copy
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from papertray.engine.errors import ReaderError
from papertray.engine.readers.quick.blanks import WhiteBetween
from papertray.engine.readers.quick.eight_bit import round_network
from papertray.engine.readers.quick.finding import FAINT, FoundPlaces, find_text
from papertray.engine.readers.quick.sessions import multiplies_eight_bits, open_session
from papertray.engine.readers.quick.steps import RecognisedText, spell_steps
from papertray.engine.readers.quick.white import inked_columns, widest_white

if TYPE_CHECKING:
    import numpy as np
    from rapidocr import RapidOCR

    Pixels = np.ndarray[Any, Any]

Item = TypeVar("Item")
Answer = TypeVar("Answer")

DETECTION, RECOGNITION = "PP-OCRv6_det_small", "PP-OCRv6_rec_small"

LONGEST_SIDE = 1280
"""Text is looked for in the page made this large. Recognition sees the page's own pixels."""

NARROWEST = [3, 48, 192]
"""Colours, height and least width of a line as the model sees it. What is narrower is widened with grey; the
model's own 320 makes pages of figures cost a third more, and with 96 single figures are lost."""

MOST_THREADS = 16
"""One page seldom has work for more, and each needs memory."""

REINSTALL = "Install papertray again: pip install --force-reinstall papertray."


@dataclass(frozen=True, slots=True)
class RapidEngine:
    """`pixels` are BGR, as OpenCV has them; corners run clockwise from the top left of the text."""

    engine: RapidOCR
    threads: ThreadPoolExecutor
    eight_bit: bool = False
    _own: threading.local = field(default_factory=threading.local)

    @property
    def revision(self) -> str:
        recognition = f"{RECOGNITION} in 8 bits" if self.eight_bit else RECOGNITION
        return f"rapidocr {version('rapidocr')}, {DETECTION}, {recognition}"

    def find(self, pixels: Pixels) -> FoundPlaces:
        try:
            return find_text(self.engine, pixels)
        except Exception as problem:
            raise _stumbled(problem) from problem

    def piece(self, pixels: Pixels, corners: Pixels) -> Pixels:
        """Cut a piece out and lay it level; one that is much higher than wide is turned to the left."""
        from rapidocr.utils.process_img import get_rotate_crop_image

        piece: Pixels = get_rotate_crop_image(pixels, corners.astype("float32"))
        return piece

    def at_once(self, work: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[Answer]:
        """The answers in the order of the items, several worked on at once. The first that fails ends it."""
        return self.threads.map(work, items)

    def close(self) -> None:
        self.threads.shutdown(cancel_futures=True)

    def read(self, piece: Pixels) -> RecognisedText:
        recogniser = self._recogniser()
        ratio = piece.shape[1] / piece.shape[0]
        widest = max(ratio, NARROWEST[2] / NARROWEST[1])
        try:
            chances = recogniser.session(recogniser.resize_norm_img(piece, widest)[None])[0]
        except Exception as problem:
            raise _stumbled(problem) from problem
        filled = ratio / widest
        white_between = _measure_white(piece, len(chances) * filled)
        return spell_steps(chances, recogniser.postprocess_op.character, filled, white_between)

    def _recogniser(self) -> Any:
        """onnxruntime's session serves all threads; of OpenVINO's model each needs a request of its own."""
        shared: Any = self.engine.text_rec
        if not hasattr(shared.session.session, "get_compiled_model"):
            return shared
        if not hasattr(self._own, "recogniser"):
            own = copy.copy(shared)
            own.session = copy.copy(shared.session)
            own.session.session = shared.session.session.get_compiled_model().create_infer_request()
            self._own.recogniser = own
        return self._own.recogniser


def load(threads: int | None = None) -> RapidEngine:
    """So many lines are read at once; without a wish as many as there are processors for us."""
    threads = min(threads or _count_processors(), MOST_THREADS)
    det, rec = (_model(name) for name in (DETECTION, RECOGNITION))
    try:
        import numpy as np
        import onnxruntime
        from rapidocr import EngineType, RapidOCR

        onnxruntime.disable_telemetry_events()  # Windows, where the system collects them, has no other switch
        eight_bit = multiplies_eight_bits()
        search = EngineType.OPENVINO if find_spec("openvino") else EngineType.ONNXRUNTIME
        recognition = EngineType.ONNXRUNTIME if eight_bit else search  # OpenVINO does not round as it goes
        engine = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Global.use_preprocess_img": False,
                "Det.engine_type": search,
                "Det.model_path": str(det),
                "Det.limit_type": "max",
                "Det.limit_side_len": LONGEST_SIDE,
                "Det.box_thresh": FAINT,
                "Rec.engine_type": recognition,
                "Rec.model_path": str(rec),
                "Rec.rec_batch_num": 1,
                "Rec.rec_img_shape": NARROWEST,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.openvino.inference_num_threads": threads,
                "EngineConfig.openvino.num_streams": threads,
            }
        )
        speck = np.full((32, 32, 3), 255, np.uint8)  # RapidOCR opens its models when they are first asked
        engine(speck, use_det=True, use_cls=False, use_rec=False)
        engine(speck, use_det=False, use_cls=False, use_rec=True)
        if search is EngineType.ONNXRUNTIME:
            engine.text_det.session.session = open_session(str(det), threads)
        if eight_bit:
            engine.text_rec.session.session = open_session(round_network(rec.read_bytes()), 1)
    except Exception as problem:
        raise ReaderError(f"The quick reader could not be loaded: {problem}.", REINSTALL) from problem
    return RapidEngine(engine, ThreadPoolExecutor(threads, thread_name_prefix="lines"), eight_bit)


def _measure_white(piece: Pixels, steps: float) -> WhiteBetween:
    """Most lines never ask: their blanks are beyond doubt."""
    inked = cache(lambda: inked_columns(piece))
    width = piece.shape[1] / max(steps, 1.0)

    def white_between(left: int, right: int) -> float:
        return widest_white(inked(), (left + 0.5) * width, (right + 0.5) * width) / float(piece.shape[0])

    return white_between


def _count_processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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
