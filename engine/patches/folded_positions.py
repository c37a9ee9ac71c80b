"""Fold SAM's relative positions into its attention, which then is one fused call without a mask.

The mask has a number for each pair of patches and each head, 400 MB in 16 bit for the whole page alone. A
pair's number is a sum of two products, so it fits into longer queries and keys: the answer is the same to
rounding. Longer ones cost a processor without matrix units more time than the mask does, so this is for
devices that are short of memory.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from papertray.engine.patches import PatchDoesNotFit

ATTENTION_CLASSES = {"UnlimitedOcrSamVisionSdpaAttention", "DeepseekOcr2SamVisionSdpaAttention"}


class FoldedAttention(nn.Module):
    """The attention of a SAM layer, with the weights it has."""

    num_attention_heads: int
    scale: float
    qkv: nn.Linear
    proj: nn.Linear
    rel_pos_h: Tensor
    rel_pos_w: Tensor

    def forward(self, hidden_states: Tensor) -> tuple[Tensor, None]:
        count, height, width, channels = hidden_states.shape
        heads, depth = self.num_attention_heads, channels // self.num_attention_heads
        split = self.qkv(hidden_states).view(count, height * width, 3, heads, depth).permute(2, 0, 3, 1, 4)
        query, key, value = split.unbind(0)
        places = weigh_places(query.unflatten(2, (height, width)), self.rel_pos_h, self.rel_pos_w)
        answer = attend_folded(query * self.scale, key, value, *places)
        return self.proj(answer.transpose(1, 2).reshape(count, height, width, channels)), None


def attend_folded(query: Tensor, key: Tensor, value: Tensor, down: Tensor, across: Tensor) -> Tensor:
    """All [pictures, heads, patches, depth]; the query is scaled."""
    height, width = down.shape[-1], across.shape[-1]
    marks = _marks(height, width, key).expand(*key.shape[:2], -1, -1)
    answer = functional.scaled_dot_product_attention(
        torch.cat([query, down, across], -1),
        torch.cat([key, marks], -1),
        functional.pad(value, (0, height + width)),  # as deep as the keys, which the fused call wants
        scale=1.0,
    )
    return answer[..., : value.shape[-1]]


def weigh_places(query: Tensor, table_down: Tensor, table_across: Tensor) -> tuple[Tensor, Tensor]:
    """What rows and columns of patches weigh for each patch [pictures, heads, patches, height or width].

    `query` is [pictures, heads, height, width, depth].
    """
    down = query @ _distances(table_down, query.shape[2]).mT
    across = query.transpose(2, 3) @ _distances(table_across, query.shape[3]).mT
    return down.flatten(2, 3), across.transpose(2, 3).flatten(2, 3)


def _distances(table: Tensor, size: int) -> Tensor:
    """The learned vector for every pair of rows (or columns) [size, size, depth]."""
    reach = 2 * size - 1
    if len(table) != reach:
        table = functional.interpolate(table.T[None], size=reach, mode="linear")[0].T
    place = torch.arange(size, device=table.device)
    return table[place[:, None] - place[None, :] + size - 1]


def _marks(height: int, width: int, like: Tensor) -> Tensor:
    """For every patch, which row and which column it is in [height · width, height + width]."""
    rows = torch.eye(height, dtype=like.dtype, device=like.device).repeat_interleave(width, 0)
    columns = torch.eye(width, dtype=like.dtype, device=like.device).repeat(height, 1)
    return torch.cat([rows, columns], 1)


def patch(model: nn.Module) -> None:
    attentions = [module for module in model.modules() if type(module).__name__ in ATTENTION_CLASSES]
    if not attentions:
        raise PatchDoesNotFit(__name__, "the model has no attention of SAM's sort")
    for attention in attentions:
        require_positions(attention, __name__)
        attention.__class__ = FoldedAttention


def require_positions(attention: nn.Module, patch: str) -> None:
    if not {"rel_pos_h", "rel_pos_w"} <= dict(attention.named_parameters()).keys():
        raise PatchDoesNotFit(patch, "the attention has no relative positions")
