"""dots.ocr's vision tower, under the names that its checkpoint uses.

Patches of pixels come in, as many pages as wanted; one vector for every 2×2 patches goes out, in the text
model's width. Pages do not see each other. Works in the dtype of its weights, except for the angles of the
rotary positions, which need float32.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

Grid = tuple[int, int]
"""Patches down and across one page."""

_ROWS_AT_ONCE = 8192  # patches; the feed-forward layers are the widest, and a page may have 57,000 patches
_ROTARY_BASE = 10000.0


@dataclass(frozen=True, slots=True)
class TowerSizes:
    """The `vision_config` of a checkpoint, as far as the tower needs it."""

    embed_dim: int
    hidden_size: int
    intermediate_size: int
    num_hidden_layers: int
    num_attention_heads: int
    num_channels: int
    patch_size: int
    spatial_merge_size: int
    rms_norm_eps: float

    @classmethod
    def of(cls, vision_config: dict[str, Any]) -> "TowerSizes":
        return cls(**{name: vision_config[name] for name in cls.__dataclass_fields__})


class Patchifier(nn.Module):
    def __init__(self, sizes: TowerSizes) -> None:
        super().__init__()
        self.proj = nn.Conv2d(sizes.num_channels, sizes.embed_dim, sizes.patch_size, sizes.patch_size)
        self.norm = nn.RMSNorm(sizes.embed_dim, eps=sizes.rms_norm_eps)

    def forward(self, pixels: Tensor) -> Tensor:
        """A convolution whose windows do not overlap is a product, which every device has."""
        patches: Tensor = self.norm(functional.linear(pixels, self.proj.weight.flatten(1), self.proj.bias))
        return patches


def attend(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """All of them [heads, patches, depth]."""
    return functional.scaled_dot_product_attention(query[None], key[None], value[None])[0]


class VisionAttention(nn.Module):
    """`attend` may be exchanged for what gives the same numbers by other means: see `engine.patches`."""

    def __init__(self, sizes: TowerSizes) -> None:
        super().__init__()
        self.attend: Callable[[Tensor, Tensor, Tensor], Tensor] = attend
        self.heads = sizes.num_attention_heads
        self.qkv = nn.Linear(sizes.embed_dim, 3 * sizes.embed_dim, bias=False)
        self.proj = nn.Linear(sizes.embed_dim, sizes.embed_dim, bias=False)

    def forward(self, patches: Tensor, angles: Sequence[Tensor]) -> Tensor:
        """Page by page: that is the block-diagonal attention, without its mask of patches × patches."""
        qkv = self.qkv(patches).unflatten(-1, (3, self.heads, -1)).permute(1, 2, 0, 3)
        lengths = [len(page) for page in angles]
        pages = zip(torch.split(qkv, lengths, 2), angles, strict=True)
        mixed: Tensor = self.proj(torch.cat([self._page(page, angle) for page, angle in pages]))
        return mixed

    def _page(self, qkv: Tensor, angle: Tensor) -> Tensor:
        query, key, value = qkv
        mixed = self.attend(_rotate(query, angle), _rotate(key, angle), value)
        return mixed.transpose(0, 1).flatten(1)


class FeedForward(nn.Module):
    def __init__(self, sizes: TowerSizes) -> None:
        super().__init__()
        self.fc1 = nn.Linear(sizes.embed_dim, sizes.intermediate_size, bias=False)
        self.fc2 = nn.Linear(sizes.intermediate_size, sizes.embed_dim, bias=False)
        self.fc3 = nn.Linear(sizes.embed_dim, sizes.intermediate_size, bias=False)

    def forward(self, patches: Tensor) -> Tensor:
        pieces = torch.split(patches, _ROWS_AT_ONCE)
        return torch.cat([self.fc2(functional.silu(self.fc1(rows)) * self.fc3(rows)) for rows in pieces])


class VisionBlock(nn.Module):
    def __init__(self, sizes: TowerSizes) -> None:
        super().__init__()
        self.norm1 = nn.RMSNorm(sizes.embed_dim, eps=sizes.rms_norm_eps)
        self.attn = VisionAttention(sizes)
        self.norm2 = nn.RMSNorm(sizes.embed_dim, eps=sizes.rms_norm_eps)
        self.mlp = FeedForward(sizes)

    def forward(self, patches: Tensor, angles: Sequence[Tensor]) -> Tensor:
        patches = patches + self.attn(self.norm1(patches), angles)
        addition: Tensor = self.mlp(self.norm2(patches))
        return patches + addition


class PatchMerger(nn.Module):
    """Neighbouring patches, which stand one after the other, become one vector."""

    def __init__(self, sizes: TowerSizes) -> None:
        super().__init__()
        self.width = sizes.embed_dim * sizes.spatial_merge_size**2
        self.ln_q = nn.LayerNorm(sizes.embed_dim, eps=1e-6)
        self.mlp = nn.Sequential(
            nn.Linear(self.width, self.width), nn.GELU(), nn.Linear(self.width, sizes.hidden_size)
        )

    def forward(self, patches: Tensor) -> Tensor:
        merged: Tensor = self.mlp(self.ln_q(patches).view(-1, self.width))
        return merged


class DotsVisionTower(nn.Module):
    def __init__(self, sizes: TowerSizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.patch_embed = nn.ModuleDict({"patchifier": Patchifier(sizes)})
        self.blocks = nn.ModuleList(VisionBlock(sizes) for _ in range(sizes.num_hidden_layers))
        self.post_trunk_norm = nn.RMSNorm(sizes.embed_dim, eps=sizes.rms_norm_eps)
        self.merger = PatchMerger(sizes)

    def forward(self, pixels: Tensor, grids: Sequence[Grid], between: Callable[[], None]) -> Tensor:
        """`pixels` are the patches of all pages, flattened; those of one page in 2×2 order.

        A large page takes minutes on a processor: `between` is called before each block, and may raise.
        """
        angles = [self._angles(grid, pixels.device) for grid in grids]
        patches = self.patch_embed["patchifier"](pixels)
        for block in self.blocks:
            between()
            patches = block(patches, angles)
        merged: Tensor = self.merger(self.post_trunk_norm(patches))
        return merged

    def _angles(self, grid: Grid, device: torch.device) -> Tensor:
        """The rotary angles of a page's patches: half of a head turns with the row, half with the column."""
        quarter = self.sizes.embed_dim // self.sizes.num_attention_heads // 4
        steps = torch.arange(quarter, dtype=torch.float32, device=device) / quarter
        speeds = 1.0 / _ROTARY_BASE**steps
        places = [_in_merge_order(place, self.sizes.spatial_merge_size) for place in _places(grid, device)]
        half = torch.cat([place[:, None] * speeds for place in places], 1)
        return torch.cat([half, half], 1)


def _places(grid: Grid, device: torch.device) -> tuple[Tensor, ...]:
    down, across = (torch.arange(count, dtype=torch.float32, device=device) for count in grid)
    return torch.meshgrid(down, across, indexing="ij")


def _in_merge_order(place: Tensor, merge: int) -> Tensor:
    down, across = (count // merge for count in place.shape)
    return place.reshape(down, merge, across, merge).transpose(1, 2).flatten()


def _rotate(heads: Tensor, angle: Tensor) -> Tensor:
    exact = heads.float()
    left, right = exact.chunk(2, -1)
    return (exact * angle.cos() + torch.cat([-right, left], -1) * angle.sin()).to(heads.dtype)
