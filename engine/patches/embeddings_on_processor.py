"""Keep a language model's embeddings in the processor's memory, where a card has no room for them.

Of half a gigabyte one row is looked up for each token; the numbers are the same. It costs a second read of
the device for each token, for the token goes back to the processor, so it is for the smallest cards alone.
"""

from typing import Any

from torch import Tensor, nn
from torch.nn import functional

from papertray.engine.patches import PatchDoesNotFit


class EmbeddingsOnProcessor(nn.Embedding):
    """`table` is no parameter, so that the model as a whole counts as lying on its device."""

    table: Tensor
    place: Any

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (torch names it so)
        return functional.embedding(input.to(self.table.device), self.table).to(self.place)


def patch(model: nn.Module) -> None:
    get_embeddings: Any = getattr(model, "get_input_embeddings", None)
    embeddings = get_embeddings() if get_embeddings else None
    head: Any = getattr(model, "lm_head", None)
    if type(embeddings) is not nn.Embedding or head is None or head.weight is embeddings.weight:
        raise PatchDoesNotFit(__name__, "the model has no embeddings of its own")
    held: Any = embeddings
    weight: Any = held._parameters.pop("weight")
    held.place = weight.device
    held.__dict__["table"] = weight.detach().cpu()
    held.__class__ = EmbeddingsOnProcessor
