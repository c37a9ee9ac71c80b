"""Pages a minute of the quick reader against a bare RapidOCR loop with the same models.

    python -m tests.bench.quick_speed [PAGES]

Both read the same pages in turn, page by page, so that a busy machine slows both. Prints one JSON object.
Asked for: a ratio of at least 0.9.
"""

import json
import sys
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import rapidocr
from rapidocr import RapidOCR

from papertray.engine.pages import PageImage, Watch
from papertray.engine.readers.quick import rapid
from papertray.engine.readers.quick import reader as quick
from tests.bench.forty_pages import pages


def load_bare() -> RapidOCR:
    """As it comes, with the quick reader's models: threads inside them, one line at a time."""
    det, rec = (
        Path(rapidocr.__file__).parent / "models" / f"{name}.onnx"
        for name in (rapid.DETECTION, rapid.RECOGNITION)
    )
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Det.model_path": str(det),
            "Det.limit_type": "max",
            "Det.limit_side_len": rapid.LONGEST_SIDE,
            "Rec.model_path": str(rec),
            "Rec.rec_batch_num": 1,
        }
    )


def main(count: int) -> None:
    reader, bare = quick.load(languages=()), load_bare()
    spent, core = {"quick": 0.0, "bare": 0.0}, {"quick": 0.0, "bare": 0.0}
    drawn = [page.image for _, _, page in pages()][:count]
    reader.read([PageImage(drawn[0])], Watch())
    bare(drawn[0], use_det=True, use_cls=False, use_rec=True)
    for number, image in enumerate(drawn):
        for name in ("quick", "bare") if number % 2 else ("bare", "quick"):
            began, before = perf_counter(), process_time()
            if name == "quick":
                reader.read([PageImage(image)], Watch())
            else:
                bare(np.asarray(image)[:, :, ::-1], use_det=True, use_cls=False, use_rec=True)
            spent[name] += perf_counter() - began
            core[name] += process_time() - before
    print(
        json.dumps(
            {
                "pages": len(drawn),
                "quick, pages a minute": round(60 * len(drawn) / spent["quick"], 1),
                "bare rapidocr, pages a minute": round(60 * len(drawn) / spent["bare"], 1),
                "ratio": round(spent["bare"] / spent["quick"], 3),
                "quick, seconds of the processor a page": round(core["quick"] / len(drawn), 2),
                "bare rapidocr, seconds of the processor a page": round(core["bare"] / len(drawn), 2),
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
