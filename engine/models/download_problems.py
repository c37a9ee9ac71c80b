"""What goes wrong with a download wherever it comes from, as sentences: what happened, and what to do.

An order names where things come from (`endpoint`), the variable that names another place (`mirror`), the
model (`name`), its files and the folder that they go into.
"""

import errno
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from papertray.engine.models.manifest import ModelFile

Order = Mapping[str, Any]
Explanation = tuple[str, str]
Explanations = Sequence[tuple[Any, Callable[[Any, Order], Explanation]]]
"""Of a kind of fault, or several, what there is to say."""

_DISK = {
    errno.ENOSPC: "The disk that holds {folder} is full.",
    errno.EDQUOT: "Your share of the disk that holds {folder} is used up.",
    errno.EFBIG: "The file system that holds {folder} cannot hold a file that large.",
}


def explain_by(explanations: Explanations, fault: Exception, order: Order) -> Explanation:
    """By the first that fits: what happened, and what to do."""
    for kind, explain in explanations:
        if isinstance(fault, kind):
            return explain(fault, order)
    return (f"The download failed: {type(fault).__name__}: {fault}", explain_rest(order))


def explain_rest(order: Order) -> str:
    """How to go on."""
    return f"What arrived is kept; `papertray models pull {order['name']}` goes on from there."


def name_missing(order: Order) -> list[str]:
    files = [ModelFile(**file) for file in order["files"]]
    return [file.path for file in files if not (Path(order["into"]) / file.path).exists()]


def explain_cut(_fault: Any, order: Order) -> Explanation:
    return (f"The connection to {order['endpoint']} was cut, again and again.", explain_rest(order))


def explain_damage(fault: Any, order: Order) -> Explanation:
    return (
        f"{fault} arrived with wrong bytes and was deleted.",
        f"{explain_rest(order)} If it happens again, name another place in {order['mirror']}.",
    )


def explain_disk(fault: Any, order: Order) -> Explanation:
    sentence = _DISK.get(fault.errno, "").format(folder=order.get("into"))
    if sentence:
        return sentence, f"Make room or choose another disk. {explain_rest(order)}"
    if fault.errno is None:  # how the hub's library says that a body ended too early
        return explain_cut(fault, order)
    return (f"{fault.strerror}: {fault.filename or order.get('into')}.", explain_rest(order))
