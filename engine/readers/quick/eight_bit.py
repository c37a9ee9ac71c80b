"""A network in whole numbers of 8 bits, for processors that multiply these faster than fractions.

Takes a model's file; gives the same model in which the large products have weights of 8 bits, with a scale
for each of their rows. What they are multiplied with is rounded by onnxruntime while it reads, by the reach
that it has on this line: nothing has to be known beforehand, and no file is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papertray.engine.readers.quick.network import Network

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

CHANNELS = 96
"""Convolutions of fewer channels, in or out, are not worth the rounding."""

LETTERS = 10_000
"""A product with so many columns has one for each letter."""

FOREIGN = "com.microsoft"
"""Where onnxruntime keeps operators of its own."""

SMALLEST = 1e-9
"""A row of zeros has a step as well."""

LAST, SECOND = (0, 2, 3, 1), (0, 3, 1, 2)
"""Where the channels of a picture go for a product, and from there to their own place."""


@dataclass(frozen=True, slots=True)
class Mixing:
    """A convolution that looks at a single place of a picture at a time, with what is added: a product."""

    node: Any
    weights: Numbers
    added: Numbers
    result: str
    """Of the addition, where there is one."""


def round_network(file: bytes) -> bytes:
    network = Network.parse(file)
    constants = network.constants()
    mixings = {mixing.result: mixing for mixing in _find_mixings(network, constants)}
    gone = {mixing.node.output[0] for mixing in mixings.values()}
    nodes: list[Any] = []
    for node in network.nodes:
        result = node.output[0]
        if result in mixings:
            nodes.extend(_mix(network, mixings[result]))
        elif node.op_type == "MatMul" and _is_last(constants.get(node.input[1])):
            nodes.append(_multiply(network, node.input[0], constants[node.input[1]].T, None, result))
        elif result not in gone:
            nodes.append(node)
    network.replace_nodes(nodes)
    network.use_operators(FOREIGN)
    return network.to_bytes()


def _find_mixings(network: Network, constants: dict[str, Numbers]) -> Iterator[Mixing]:
    import numpy as np

    takers = network.takers()
    for node in network.nodes:
        weights = constants.get(node.input[1]) if node.op_type == "Conv" and len(node.input) == 2 else None
        if weights is None or weights.shape[2:] != (1, 1) or min(weights.shape[:2]) < CHANNELS:
            continue
        behind = takers[node.output[0]]
        added = constants.get(behind[0].input[1]) if len(behind) == 1 and behind[0].op_type == "Add" else None
        if added is not None and added.shape == (1, len(weights), 1, 1):
            yield Mixing(node, weights, added.ravel(), behind[0].output[0])
        else:
            yield Mixing(node, weights, np.zeros(len(weights), np.float32), node.output[0])


def _is_last(weights: Numbers | None) -> bool:
    return weights is not None and weights.shape[-1] > LETTERS


def _mix(network: Network, mixing: Mixing) -> Iterator[Any]:
    rows = mixing.weights.reshape(len(mixing.weights), -1)
    turned, product = f"{mixing.result} turned", f"{mixing.result} product"
    yield network.make_node("Transpose", [mixing.node.input[0]], turned, perm=LAST)
    yield _multiply(network, turned, rows, mixing.added, product)
    yield network.make_node("Transpose", [product], mixing.result, perm=SECOND)


def _multiply(network: Network, source: str, rows: Numbers, added: Numbers | None, result: str) -> Any:
    import numpy as np

    steps = np.maximum(np.abs(rows).max(axis=1) / 127, SMALLEST).astype(np.float32)
    rounded = np.rint(rows / steps[:, None]).astype(np.int8)
    sources = [
        source,
        network.add_constant(f"{result} weights", np.ascontiguousarray(rounded.T)),
        network.add_constant(f"{result} steps", steps),
        network.add_constant(f"{result} zeros", np.zeros(len(steps), np.int8)),
    ]
    if added is not None:
        sources.append(network.add_constant(f"{result} added", added))
    return network.make_node("DynamicQuantizeMatMul", sources, result, domain=FOREIGN)
