"""Corrections of single quirks, one file each: applied to a loaded model, or to its weights as they load.

A patch raises `PatchDoesNotFit` when what it corrects is no longer there, so that none is carried along.
"""

from collections.abc import Callable, Collection, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, cast

from papertray.engine.errors import ReaderError

if TYPE_CHECKING:
    from torch import nn


class PatchDoesNotFit(ReaderError):
    def __init__(self, patch: str, missing: str) -> None:
        super().__init__(
            f"The correction {patch.rpartition('.')[2]} does not fit: {missing}.",
            "The installed torch or transformers is not one that this papertray knows: install it afresh.",
        )


def apply_patches(model: "nn.Module", names: Sequence[str], quirks: Collection[str]) -> None:
    """Correct a loaded model. `names` are the device row's: files here that have a `patch(model)`.

    `quirks` are those of these names that this model has, as its reader says; the others do not concern it.
    """
    for name in names:
        if name in quirks:
            patch = import_module(f"papertray.engine.patches.{name}").patch
            cast(Callable[["nn.Module"], None], patch)(model)
