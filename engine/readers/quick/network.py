"""A model's file as a graph that can be read and changed.

Takes and gives the bytes of an ONNX file. Only the parts of the format that are needed here have names; all
others travel along untouched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

FIELDS: dict[str, tuple[tuple[str, int, str, bool], ...]] = {  # name, number, kind, repeated
    "Attribute": (
        ("name", 1, "string", False),
        ("ints", 8, "int64", True),
        ("type", 20, "int32", False),
    ),
    "Node": (
        ("input", 1, "string", True),
        ("output", 2, "string", True),
        ("name", 3, "string", False),
        ("op_type", 4, "string", False),
        ("attribute", 5, "Attribute", True),
        ("domain", 7, "string", False),
    ),
    "Tensor": (
        ("dims", 1, "int64", True),
        ("data_type", 2, "int32", False),
        ("name", 8, "string", False),
        ("raw_data", 9, "bytes", False),
    ),
    "Value": (("name", 1, "string", False),),
    "Graph": (("node", 1, "Node", True), ("initializer", 5, "Tensor", True), ("output", 12, "Value", True)),
    "Operators": (("domain", 1, "string", False), ("version", 2, "int64", False)),
    "Model": (("graph", 7, "Graph", False), ("opset_import", 8, "Operators", True)),
}
NUMBERS = {"float32": 1, "int8": 3}
"""What the format calls the kinds of numbers that a constant is made of."""

WHOLE_NUMBERS = 7
"""And an attribute that is a row of them."""


@cache
def _pool() -> Any:
    from google.protobuf import descriptor_pb2, descriptor_pool

    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="papertray/network.proto", package="papertray")
    for message, fields in FIELDS.items():
        entry = file.message_type.add(name=message)
        for name, number, kind, repeated in fields:
            label = kinds.LABEL_REPEATED if repeated else kinds.LABEL_OPTIONAL
            field = entry.field.add(name=name, number=number, label=label)
            if kind in FIELDS:
                field.type, field.type_name = kinds.TYPE_MESSAGE, f".papertray.{kind}"
            else:
                field.type = getattr(kinds, f"TYPE_{kind.upper()}")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool


@cache
def _message_class(name: str) -> Any:
    from google.protobuf import message_factory

    return message_factory.GetMessageClass(_pool().FindMessageTypeByName(f"papertray.{name}"))


@dataclass(frozen=True, slots=True)
class Network:
    """`nodes` are in the order in which they are worked. What only gives a value another name is left out."""

    model: Any

    @classmethod
    def parse(cls, file: bytes) -> Network:
        network = cls(_message_class("Model").FromString(file))
        network._use_first_names()
        return network

    @property
    def nodes(self) -> Any:
        return self.model.graph.node

    def constants(self) -> dict[str, Numbers]:
        """Those that are made of plain numbers."""
        import numpy as np

        return {
            one.name: np.frombuffer(one.raw_data, np.float32).reshape(list(one.dims))
            for one in self.model.graph.initializer
            if one.data_type == NUMBERS["float32"] and one.raw_data
        }

    def takers(self) -> dict[str, list[Any]]:
        """The nodes that a value goes into."""
        found = defaultdict(list)
        for node in self.nodes:
            for name in node.input:
                found[name].append(node)
        return found

    def add_constant(self, name: str, values: Numbers) -> str:
        self.model.graph.initializer.add(
            name=name, data_type=NUMBERS[values.dtype.name], dims=values.shape, raw_data=values.tobytes()
        )
        return name

    def make_node(
        self, kind: str, sources: Sequence[str], result: str, *, domain: str = "", perm: Sequence[int] = ()
    ) -> Any:
        """It is not among the others yet. `perm` is the order in which a Transpose puts its axes."""
        node = _message_class("Node")(op_type=kind, name=result, input=sources, domain=domain)
        node.output.append(result)
        if perm:
            node.attribute.add(name="perm", ints=perm, type=WHOLE_NUMBERS)
        return node

    def replace_nodes(self, nodes: Iterable[Any]) -> None:
        """Constants that no node takes any more go as well."""
        _refill(self.nodes, nodes)
        needed = self.takers()
        _refill(
            self.model.graph.initializer, (one for one in self.model.graph.initializer if one.name in needed)
        )

    def use_operators(self, domain: str) -> None:
        """Some that are not of the format itself."""
        self.model.opset_import.add(domain=domain, version=1)

    def to_bytes(self) -> bytes:
        file: bytes = self.model.SerializeToString()
        return file

    def _use_first_names(self) -> None:
        firsts: dict[str, str] = {}
        last = {value.name for value in self.model.graph.output}
        kept = []
        for node in self.nodes:
            _refill(node.input, [firsts.get(name, name) for name in node.input])
            if node.op_type == "Identity" and node.output[0] not in last:
                firsts[node.output[0]] = node.input[0]
            else:
                kept.append(node)
        _refill(self.nodes, kept)


def _refill(field: Any, values: Iterable[Any]) -> None:
    kept = list(values)
    del field[:]
    field.extend(kept)
