"""The large models papertray can fetch, best first, and the quick reader that is always there.

Best is what reads well for what it costs: by published scores, small before large. Scores that were reached
with a step which finds the page's regions first count where that step is fetched along. A model is one row
here and one file in `engine/readers/`. Nothing is fetched or loaded by reading this table.
"""

import difflib
from dataclasses import dataclass
from typing import Literal

from papertray.engine.devices.rows import ModelMemory
from papertray.engine.errors import UnknownModel
from papertray.engine.language import translatable

QUICK, SERVER = "quick", "server"
FINDER = "pp-doclayout-v3"


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """One model. `module` has the reader; `architecture` is what the checkpoint's config.json must say.

    An empty `revision` means that none is pinned: it is looked up when the model is fetched, shown before the
    download and written down beside the weights. An empty `hub_id` means that there is nothing to fetch.
    `files` are all that it consists of; where none is named, what a reader needs.
    `size` is about how many bytes the download has. In `memory` the weights are counted, the pages estimated.
    `score` is what others measured, with the benchmark's name, and `score_source` where that is to be found.
    `pages_a_minute` were measured with papertray itself on two cores, of large models with random weights,
    which are as fast as any (docs/performance.md); None where nobody did. `finder` names the model that finds
    the regions of a page for this one, and is fetched along with it.
    """

    name: str
    title: str
    module: str
    hub_id: str = ""
    revision: str = ""
    licence: str = ""
    size: int = 0
    files: tuple[str, ...] = ()
    architecture: str = ""
    memory: ModelMemory | None = None
    behind: Literal["paper", "colour"] = "paper"  # what the publisher's code shows through transparent pixels
    dtypes: frozenset[str] = frozenset({"BF16"})  # as safetensors names them
    languages: str = ""
    good_at: str = ""
    score: str = ""
    score_source: str = ""
    pages_a_minute: float | None = None
    finder: str = ""

    @property
    def has_weights(self) -> bool:
        return bool(self.hub_id)


CATALOG = (
    CatalogEntry(
        name="paddleocr-vl-1-6",
        title="PaddleOCR-VL 1.6",
        module="papertray.engine.readers.paddleocr_vl_1_6",
        hub_id="PaddlePaddle/PaddleOCR-VL-1.6",
        revision="c5630abae1d940eafe0697512a0325494b02ab42",
        licence="Apache-2.0",
        size=1_950_000_000,
        architecture="PaddleOCRVLForConditionalGeneration",
        memory=ModelMemory(1_950_000_000, 1_100_000_000, 1_500_000_000, 600_000_000),
        dtypes=frozenset({"BF16", "F32"}),
        languages="109 and more",
        good_at="text line by line; tables, formulas, charts, seals",
        score="96.33 OmniDocBench 1.6, regions found first",
        score_source="its publisher: huggingface.co/PaddlePaddle/PaddleOCR-VL-1.6",
        pages_a_minute=0.95,
        finder=FINDER,
    ),
    CatalogEntry(
        name="lightonocr-3",
        title="LightOnOCR 3 1B",
        module="papertray.engine.readers.lighton_ocr",
        hub_id="lightonai/LightOnOCR-3-1B",
        revision="b9a2b4c17f1eee9f29058d716b66b5f8e7d8db86",
        licence="Apache-2.0",
        size=2_020_000_000,
        architecture="LightOnOCRForConditionalGeneration",
        memory=ModelMemory(
            *(2_020_000_000, 1_130_000_000, 1_500_000_000, 1_300_000_000),
            side_on_cpu=1288,
            head_again=156_000_000,
        ),
        dtypes=frozenset({"BF16", "F32"}),
        languages="11, European and East Asian",
        good_at="whole pages, tables, formulas, with places",
        score="84.0 olmOCR-bench",
        score_source="its publisher: github.com/lightonai/LightOnOCR, benchmarks/results, 8 October 2026",
        pages_a_minute=0.81,
    ),
    CatalogEntry(
        name="glm-ocr",
        title="GLM-OCR 0.9B",
        module="papertray.engine.readers.glm_ocr",
        hub_id="zai-org/GLM-OCR",
        licence="MIT",
        size=2_650_000_000,
        architecture="GlmOcrForConditionalGeneration",
        memory=ModelMemory(2_650_000_000, 1_400_000_000, 1_500_000_000, 600_000_000),
        dtypes=frozenset({"BF16", "F32"}),
        languages="8, European and East Asian",
        good_at="text; tables, formulas",
        score="95.22 OmniDocBench 1.6, regions found first",
        score_source="public tables of November 2026, mostly publishers' own runs",
        pages_a_minute=0.88,
        finder=FINDER,
    ),
    CatalogEntry(
        name="mineru-2-5-pro",
        title="MinerU 2.5 Pro",
        module="papertray.engine.readers.mineru",
        hub_id="opendatalab/MinerU2.5-Pro-2605-1.2B",
        revision="bff20d4ae2bf202df9f45284b4d43681555a97ed",
        licence="MinerU's: Apache-2.0 with terms for large companies and online services (as of its program)",
        size=2_330_000_000,
        architecture="Qwen2VLForConditionalGeneration",
        memory=ModelMemory(2_320_000_000, 1_600_000_000, 1_500_000_000, 600_000_000, head_again=137_000_000),
        dtypes=frozenset({"BF16", "F32"}),
        languages="Chinese, English, more",
        good_at="text; tables, formulas, turned tables",
        score="95.75 OmniDocBench 1.6, regions found first",
        score_source="public tables of November 2026, mostly publishers' own runs",
        pages_a_minute=0.45,
    ),
    CatalogEntry(
        name="minicpm-ocr",
        title="MiniCPM-OCR 1.0",
        module="papertray.engine.readers.minicpm.reader",
        hub_id="openbmb/MiniCPM-OCR-1.0",
        licence="Apache-2.0",
        size=2_610_000_000,
        architecture="MiniCPMOcrForConditionalGeneration",
        memory=ModelMemory(2_600_000_000, 1_610_000_000, 1_500_000_000, 600_000_000, head_again=255_000_000),
        dtypes=frozenset({"BF16", "F32"}),
        languages="Chinese, English",
        good_at="text; tables, formulas, photographed pages",
        score="93.68 Real5-OmniDocBench, regions found first",
        score_source="its publisher: github.com/OpenBMB/MiniCPM-OCR",
        pages_a_minute=0.34,
        finder=FINDER,
    ),
    CatalogEntry(
        name="paddleocr-vl",
        title="PaddleOCR-VL 0.9B",
        module="papertray.engine.readers.paddleocr_vl",
        hub_id="PaddlePaddle/PaddleOCR-VL",
        licence="Apache-2.0",
        size=1_950_000_000,
        architecture="PaddleOCRVLForConditionalGeneration",
        memory=ModelMemory(1_950_000_000, 1_100_000_000, 1_500_000_000, 600_000_000),
        dtypes=frozenset({"BF16", "F32"}),
        languages="109",
        good_at="text line by line; tables, formulas, charts",
        score="80.0 olmOCR-bench, regions found first",
        score_source="github.com/allenai/olmocr",
        pages_a_minute=0.95,
        finder=FINDER,
    ),
    CatalogEntry(
        name="unlimited-ocr",
        title="Unlimited-OCR",
        behind="colour",
        module="papertray.engine.readers.deepseek.unlimited",
        hub_id="baidu/Unlimited-OCR",
        revision="3a7f4dbbbffcc6f9282712c5b0d7cc31b3812da5",
        licence="MIT",
        size=6_700_000_000,
        architecture="UnlimitedOCRForCausalLM",
        memory=ModelMemory(6_700_000_000, 1_560_000_000, 1_500_000_000, 800_000_000, embeddings=330_956_800),
        languages="Chinese, English, more",
        good_at="layout, tables, formulas, long pages",
        score="93.92 OmniDocBench 1.6",
        score_source="its publisher, as reported: arxiv.org/abs/2606.23050",
        pages_a_minute=1.4,
    ),
    CatalogEntry(
        name="deepseek-ocr-2",
        title="DeepSeek-OCR 2",
        behind="colour",
        module="papertray.engine.readers.deepseek.ocr2",
        hub_id="deepseek-ai/DeepSeek-OCR-2",
        revision="aaa02f3811945a91062062994c5c4a3f4c0af2b0",
        licence="Apache-2.0",
        size=6_800_000_000,
        architecture="DeepseekOCR2ForCausalLM",
        memory=ModelMemory(6_800_000_000, 1_660_000_000, 1_500_000_000, 800_000_000, embeddings=330_956_800),
        languages="Chinese, English, many more",
        good_at="layout, tables, formulas, figures",
        score="90.25 OmniDocBench 1.6",
        score_source="public tables of November 2026, mostly publishers' own runs",
        pages_a_minute=1.2,
    ),
    CatalogEntry(
        name="dots-ocr",
        title="dots.ocr",
        module="papertray.engine.readers.dots.reader",
        hub_id="rednote-hilab/dots.ocr",
        revision="c0111ce6bc07803dbc267932ffef0ae3a51dc951",
        licence="MIT, with a model licence file beside it",
        size=6_100_000_000,
        architecture="DotsOCRForCausalLM",
        memory=ModelMemory(
            6_100_000_000, 3_450_000_000, 3_000_000_000, 900_000_000, side_on_cpu=1288, embeddings=466_747_392
        ),
        languages="100",
        good_at="layout, tables, small languages",
        score="90.77 OmniDocBench 1.6, 79.1 olmOCR-bench",
        score_source="public tables of November 2026, mostly publishers' own runs; github.com/allenai/olmocr",
        pages_a_minute=0.27,
    ),
    CatalogEntry(
        name="deepseek-ocr",
        title="DeepSeek-OCR",
        behind="colour",
        module="papertray.engine.readers.deepseek.ocr",
        hub_id="deepseek-ai/DeepSeek-OCR",
        revision="9f30c71f441d010e5429c532364a86705536c53a",
        licence="MIT",
        size=6_700_000_000,
        architecture="DeepseekOCRForCausalLM",
        memory=ModelMemory(6_700_000_000, 1_560_000_000, 1_500_000_000, 800_000_000, embeddings=330_956_800),
        languages="Chinese, English, some 100 more",
        good_at="layout, figures, five sizes of page",
        score="75.7 olmOCR-bench",
        score_source="github.com/allenai/olmocr",
        pages_a_minute=1.5,
    ),
    CatalogEntry(
        name=QUICK,
        title=translatable("The quick reader"),
        module="papertray.engine.readers.quick.reader",
        licence="Apache-2.0",
        languages="7, European and East Asian; more by Tesseract",
        good_at="print, at once, on any machine",
        pages_a_minute=32,  # docs/measurements.md: two cores of an AMD EPYC
    ),
)

LAYOUT = CatalogEntry(
    name=FINDER,
    title="PP-DocLayoutV3",
    module="papertray.engine.readers.regions.layout_model",
    hub_id="PaddlePaddle/PP-DocLayoutV3_safetensors",
    revision="97d101e6db2642e162a1d05392d1b0231c91033e",
    licence="Apache-2.0",
    size=133_300_000,
    architecture="PPDocLayoutV3ForObjectDetection",
    dtypes=frozenset({"F32", "I64"}),
    good_at="finding the regions of a page and their order",
)
"""Reads nothing: it helps others to."""

ELSEWHERE = CatalogEntry(
    name=SERVER,
    title=translatable("A model on a server of yours"),
    module="papertray.engine.readers.server.own_reader",
)
"""What a server reads with is the server's business."""


def find_part(name: str) -> CatalogEntry:
    """A model that helps others."""
    return {LAYOUT.name: LAYOUT}[name]


def find_entry(name: str) -> CatalogEntry:
    """The row of that name; upper case, dots and underscores are forgiven."""
    plain_name = name.lower().replace("_", "-").replace(".", "-")
    rows = {row.name: row for row in (*CATALOG, ELSEWHERE)}
    if plain_name not in rows:
        raise UnknownModel(name, *difflib.get_close_matches(plain_name, rows, n=1))
    return rows[plain_name]
