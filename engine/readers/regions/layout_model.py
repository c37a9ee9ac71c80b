"""PP-DocLayoutV3: where the regions of a page are, of which sort each is, and in which order they are read.

A picture comes in; regions go out, in reading order, none of them judged. The class is transformers' own; its
pixels are prepared here, for the library's processor needs torchvision. Knows no text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor
from transformers.models.pp_doclayout_v3.configuration_pp_doclayout_v3 import PPDocLayoutV3Config
from transformers.models.pp_doclayout_v3.modeling_pp_doclayout_v3 import PPDocLayoutV3ForObjectDetection
from transformers.utils import logging as transformers_logging

from papertray.engine.devices.rows import DeviceRow
from papertray.engine.inference.checkpoint import open_weights
from papertray.engine.inference.paper import put_on_paper
from papertray.engine.inference.publishers_files import load_config
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.pages import Box, Watch
from papertray.engine.readers.regions.choosing import TEXT, Region

SIDE = 800
"""Pixels: every page is made a square of this size, as in the publisher's code."""
SCORE = 0.3
"""What is less likely is no region."""
UNCOUNTED = "num_batches_tracked"
"""Counters of the training that a checkpoint may lack."""


@dataclass(slots=True)
class LayoutModel:
    model: Any
    labels: Mapping[int, str]

    @classmethod
    def open(cls, folder: Path, entry: CatalogEntry, row: DeviceRow) -> "LayoutModel":
        """On a card that has room enough, else on the processor: other devices lack its steps."""
        checkpoint = open_weights(folder, entry)
        config = load_config(checkpoint, PPDocLayoutV3Config)
        transformers_logging.disable_progress_bar()
        try:
            model, report = PPDocLayoutV3ForObjectDetection.from_pretrained(
                folder,
                config=config,
                dtype=torch.float32,
                use_safetensors=True,
                local_files_only=True,
                output_loading_info=True,
            )
        except (KeyError, ValueError, RuntimeError) as fault:
            raise checkpoint.misfit(f"transformers does not understand it ({fault})") from fault
        missing = [name for name in report["missing_keys"] if not name.endswith(UNCOUNTED)]
        if faults := [*missing, *report["mismatched_keys"], *report["error_msgs"]]:
            raise checkpoint.misfit(f"transformers did not load {faults[0]}")
        device = row.device if row.device.startswith("cuda") and row.longest_side is None else "cpu"
        return cls(model.eval().to(device), {int(number): name for number, name in config.id2label.items()})

    def close(self) -> None:
        self.model = None

    @torch.inference_mode()
    def find(self, page: Image.Image, _watch: Watch = Watch()) -> list[Region]:
        seen = self.model(pixel_values=prepare_square(page).to(self.model.device))
        number, label, score = _likely(seen.logits[0])
        rank = rank_regions(seen.order_logits[0])[number]
        order = torch.argsort(rank, stable=True)
        return [
            Region(
                self.labels.get(int(label[at]), TEXT), _box(seen.pred_boxes[0, number[at]]), float(score[at])
            )
            for at in order.tolist()
        ]


def prepare_square(page: Image.Image) -> Tensor:
    """[1, 3, side, side], from 0 to 1: bicubic without smoothing, rounded as a picture is."""
    paper = put_on_paper(page)
    pixels = torch.frombuffer(bytearray(paper.tobytes()), dtype=torch.uint8)
    colours = pixels.view(paper.height, paper.width, 3).permute(2, 0, 1)[None].float()
    square = torch.nn.functional.interpolate(colours, (SIDE, SIDE), mode="bicubic", align_corners=False)
    return square.round().clamp(0, 255) / 255


def rank_regions(order: Tensor) -> Tensor:
    """Where in the reading order each stands, from the scores [i, j > i] that i is read before j."""
    before = order.sigmoid().triu(1)
    count = len(order)
    later = torch.arange(count - 1, -1, -1, device=order.device) - before.sum(1)
    return (before.sum(0) + later).argsort().argsort()


def _likely(logits: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Which boxes are of which sort, and how likely: at most as many as there are boxes."""
    scores, places = logits.sigmoid().flatten().topk(len(logits))
    places, scores = places[scores >= SCORE], scores[scores >= SCORE]
    return places // logits.shape[1], places % logits.shape[1], scores


def _box(centred: Tensor) -> Box:
    x, y, width, height = centred.tolist()
    left, right = (min(1.0, max(0.0, side)) for side in (x - width / 2, x + width / 2))
    top, bottom = (min(1.0, max(0.0, side)) for side in (y - height / 2, y + height / 2))
    return Box(left, top, right, bottom)
