"""The device rows: which device, number format and corrections a model gets, and why.

A row is a value. Nothing here imports torch or looks at the machine; what it has is measured in `machine`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile

from papertray.engine.devices.survey import Device, Survey
from papertray.engine.errors import ReaderError
from papertray.engine.language import translatable

GIB = 1 << 30
SMALL_SIDE = 1288
"""Pixels up to which a page counts as a small one."""
BITS = {"int8": " with 8-bit weights", "nf4": " with 4-bit weights"}
INT8 = 1 / 2
"""What an 8-bit weight takes, as a part of the same weight in 16 bit."""
NF4 = (4 + 8 / 64 + 32 / (64 * 256)) / 16
"""What a 4-bit weight with double quantisation takes, as a part of the same weight in 16 bit."""


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One way of running a model. `dtype` is torch's name for it; `patches` are names in `engine.patches`.

    `native` rows want a device that computes in their dtype itself; `above` is how many bytes of memory the
    device must have altogether. `wider` are formats with more range, to go on in when numbers overflow.
    """

    device: str
    dtype: str
    weights: str = "plain"  # or "int8", "nf4"
    longest_side: int | None = None
    patches: tuple[str, ...] = ()
    reason: str = ""
    native: bool = False
    above: int = 0
    wider: tuple[str, ...] = ()
    decoding: str = "library"  # or by our own loop: "layers", or "graphs" that a card plays

    def __str__(self) -> str:
        weights = BITS.get(self.weights, "")
        cap = f", pages up to {self.longest_side} pixels" if self.longest_side else ""
        return f"{self.device} in {self.dtype}{weights}{cap}"


@dataclass(frozen=True, slots=True)
class ModelMemory:
    """How large a model is, in bytes with 16-bit numbers.

    `in_16_bit` is the part of `weights` that 4-bit leaves alone: vision tower, embeddings, head. `page` is
    what reading one page takes besides, `small_page` the same with the longest side capped at `SMALL_SIDE`.
    `side_on_cpu` caps the pages of a model that would look at them for longer on a processor than it writes.
    `embeddings` are those that a card can do without: one row of them is looked up for each token.
    `head_again` is what a head that is tied to the embeddings takes in 8 bits beside them.
    """

    weights: int
    in_16_bit: int
    page: int
    small_page: int
    side_on_cpu: int | None = None
    embeddings: int = 0
    head_again: int = 0

    def scale_to(self, weights: int) -> "ModelMemory":
        """The same shape of model with so many bytes of weights: for a checkpoint of another size."""
        share = weights / self.weights
        return replace(
            self,
            weights=weights,
            in_16_bit=int(self.in_16_bit * share),
            page=int(self.page * share),
            small_page=int(self.small_page * share),
            embeddings=int(self.embeddings * share),
            head_again=int(self.head_again * share),
        )


@dataclass(frozen=True, slots=True)
class DeviceOptions:
    """What the user asked for; "auto" and None leave it to the table."""

    device: str = "auto"
    dtype: str = "auto"
    four_bit: str = "auto"  # or "on", "off"
    longest_side: int | None = None


WIDER = ("bfloat16", "float32")
"""What float16 gives way to: the first of them that the device has and can hold."""
CUDA_PATCHES = ("gathered_experts",)
CUDA_4BIT_PATCHES = ("gathered_experts_4bit",)
SMALL_PATCHES = ("folded_positions", *CUDA_4BIT_PATCHES)
SMALLEST_PATCHES = (*SMALL_PATCHES, "embeddings_on_processor")
"""The first saves memory and costs a processor time: it is for small cards only."""
MPS_PATCHES = ("gathered_experts", "remembered_positions", "range_in_float32")
"""The last corrects models in float16 only."""
NPU_PATCHES = ("convolution_as_matmul", *MPS_PATCHES)
NEEDED_WITHOUT = {"convolution_as_matmul": "convolution"}
"""Patches that stand in for an operator, and are left out where the device has it."""
CPU_PATCHES = ("attention_by_head", "sam_by_head", "tower_by_head")

_cpu = partial(DeviceRow, "cpu", patches=CPU_PATCHES, decoding="layers")
CPU_FLOAT32 = _cpu("float32", reason="float32 runs on every processor")

_card = partial(DeviceRow, "cuda", "bfloat16", native=True, decoding="graphs")
CARD_ROWS = (
    _card(patches=CUDA_PATCHES, reason="the whole model fits the card", above=8 * GIB),
    _card("nf4", None, CUDA_4BIT_PATCHES, "4-bit weights fit the card", above=8 * GIB),
    _card("nf4", 1024, SMALL_PATCHES, "4-bit weights and small pages fit the card"),
    _card("nf4", 896, SMALLEST_PATCHES, "4-bit weights, smaller pages and no embeddings fit the card"),
)


def _in_float16(row: DeviceRow) -> DeviceRow:
    """For cards older than Ampere."""
    return replace(row, dtype="float16", native=False, wider=WIDER)


ROWS = (  # best first; the last row needs least
    *(each for row in CARD_ROWS for each in (row, _in_float16(row))),
    DeviceRow(
        "mps",
        "float32",
        patches=MPS_PATCHES,
        reason="float32 is the format that Apple's GPU computes evenly",
    ),
    DeviceRow(
        "mps",
        "float16",
        patches=MPS_PATCHES,
        reason="float16 takes half the memory of float32, and what needs its range stays in float32",
        wider=WIDER,
    ),
    DeviceRow(
        "npu",
        "float16",
        patches=NPU_PATCHES,
        reason="float16 is the format that it computes in, with the operators that it lacks replaced",
        wider=WIDER,
    ),
    _cpu(
        "bfloat16", "int8", reason="a token waits for weights, and 8-bit ones take half as long", native=True
    ),
    _cpu("float32", "int8", reason="a token waits for weights, and 8-bit ones take a quarter as long"),
    _cpu("bfloat16", reason="this processor computes bfloat16 itself", native=True),
    CPU_FLOAT32,
    _cpu("bfloat16", "nf4", reason="4-bit weights fit a small memory", native=True),
    _cpu("float32", "nf4", reason="4-bit weights fit a small memory"),
)
_TAKE_ANOTHER = translatable(
    "`papertray device auto` takes the best that works; `papertray doctor` tells which do."
)
DEVICES = tuple(dict.fromkeys(row.device for row in ROWS))


def require_device(name: str) -> None:
    """Whether the machine has it is another question."""
    if name not in ("auto", *DEVICES):
        raise ReaderError(f"There is no device called {name}.", f"Choose auto, {', '.join(sorted(DEVICES))}.")


def require_usable(survey: Survey, name: str) -> None:
    """Refuse a device that is not here, or does not work, with what to do about it."""
    device = survey.device(name)
    if name != "auto" and not device.usable:
        raise ReaderError(f"{device.name} cannot be used: {device.why}", device.advice or _TAKE_ANOTHER)


def choose_row(survey: Survey, size: ModelMemory, options: DeviceOptions = DeviceOptions()) -> DeviceRow:
    """The best row that the free memory holds, with the reason for it and against the better ones."""
    return candidate_rows(survey, size, options)[0]


def candidate_rows(
    survey: Survey, size: ModelMemory, options: DeviceOptions = DeviceOptions()
) -> tuple[DeviceRow, ...]:
    """Every row that would do, best first: what the memory ladder may step down to."""
    rows = tuple(_rows_for(survey, size, options))
    against = [(row, _objection(row, survey.device(row.device), size)) for row in rows]
    fitting = [
        _as_on_device(row, survey.device(row.device), size) for row, objection in against if not objection
    ]
    if not fitting:
        against_all, advice = _sentences(survey, against), _advice(survey, rows)
        if any(device.usable for device in survey.devices):
            raise ReaderError(f"No device can hold this model. {against_all}", advice)
        raise ReaderError(f"No device can run this model yet. {against_all}", advice)
    best = fitting[0]
    better = takewhile(lambda pair: pair[1], against)
    passed_over = _sentences(survey, list(better))
    reason = f"{best} because {best.reason}. {passed_over}".strip()
    return (replace(best, reason=reason), *fitting[1:])


def memory_needed(row: DeviceRow, size: ModelMemory) -> int:
    """How many bytes a model takes in this row while it reads a page."""
    width = 2 if row.dtype == "float32" else 1
    small = row.longest_side is not None and row.longest_side <= SMALL_SIDE
    page = (size.small_page if small else size.page) * width
    if row.weights != "plain":
        share, again = (NF4, 0) if row.weights == "nf4" else (INT8, size.head_again)
        elsewhere = size.embeddings if "embeddings_on_processor" in row.patches else 0
        whole = size.in_16_bit - elsewhere
        return int(whole * width + (size.weights - size.in_16_bit) * share + again + page)
    return size.weights * width + page


def _rows_for(survey: Survey, size: ModelMemory, options: DeviceOptions) -> Iterator[DeviceRow]:
    """The rows as the user wants them; a wish that no machine can follow is said at once."""
    require_device(options.device)
    rows = [row for row in ROWS if options.device in ("auto", row.device)]
    require_usable(survey, options.device)
    if options.four_bit != "auto":
        rows = [row for row in rows if (row.weights == "nf4") == (options.four_bit == "on")]
    if options.dtype != "auto":
        rows = [row for row in rows if row.weights != "int8"]  # the format is meant for the weights as well
    if not rows:
        raise ReaderError(
            f"4-bit weights do not run on {options.device}.",
            "Set engine.four_bit to auto, or choose another device.",
        )
    different: dict[tuple[str, str, str, int | None], DeviceRow] = {}
    for row in (_with_options(with_page_cap(row, size), options) for row in rows):
        different.setdefault((row.device, row.dtype, row.weights, row.longest_side), row)
    yield from different.values()


def with_page_cap(row: DeviceRow, size: ModelMemory) -> DeviceRow:
    """The row as this model gets it where nobody says otherwise."""
    return replace(row, longest_side=size.side_on_cpu) if row.device == "cpu" else row


def _with_options(row: DeviceRow, options: DeviceOptions) -> DeviceRow:
    """A forced dtype or cap replaces the row's own, and with it the row's conditions."""
    if options.dtype != "auto":
        wider = WIDER if options.dtype == "float16" else ()
        reason = f"{options.dtype} was asked for"
        row = replace(row, dtype=options.dtype, native=False, reason=reason, wider=wider)
    if options.longest_side is not None:
        row = replace(row, longest_side=options.longest_side, above=0)
    return row


def _objection(row: DeviceRow, device: Device, size: ModelMemory) -> str:
    """Why this device cannot run this row, or nothing."""
    need = memory_needed(row, size)
    objections = (
        (not device.usable, f"{row.device} cannot be used: {device.why}"),
        (row.dtype not in device.dtypes, f"{row.device} has no {row.dtype} here."),
        (row.weights == "int8" and not device.eight_bit, f"8-bit weights do not run on this {row.device}."),
        (row.weights == "nf4" and not device.four_bit, f"4-bit weights on {row.device} need bitsandbytes."),
        (row.native and row.dtype not in device.native, f"{row.device} has {row.dtype} only by detours."),
        (device.total <= row.above, f"{row} wants a card of more than {_gb(row.above)}."),
        (need > device.free, f"{row} needs {_gb(need)}, and {_gb(device.free)} is free."),
    )
    return next((text for applies, text in objections if applies), "")


def _as_on_device(row: DeviceRow, device: Device, size: ModelMemory) -> DeviceRow:
    """The row with those wider formats that this device has and has room for, and the patches it needs."""
    in_format = {dtype: replace(row, dtype=dtype, native=False) for dtype in row.wider}
    wider = tuple(dtype for dtype, other in in_format.items() if not _objection(other, device, size))
    patches = tuple(patch for patch in row.patches if NEEDED_WITHOUT.get(patch) in (None, *device.lacks))
    return replace(row, wider=wider, patches=patches)


def _sentences(survey: Survey, against: list[tuple[DeviceRow, str]]) -> str:
    """What speaks against these rows, of devices that are there at all."""
    return " ".join(dict.fromkeys(text for row, text in against if survey.device(row.device).present))


def _advice(survey: Survey, rows: Sequence[DeviceRow]) -> str:
    """Where nothing works yet, that comes first: memory is not what is missing."""
    devices = [survey.device(name) for name in dict.fromkeys(row.device for row in rows)]
    repairs = (
        ""
        if any(device.usable for device in devices)
        else " ".join(device.advice for device in devices if device.present)
    )
    return repairs or (
        "Close other programs, choose a smaller model, or use the quick reader: `papertray model quick`."
    )


def _gb(number: int) -> str:
    return f"{number / 1e9:.1f} GB"
