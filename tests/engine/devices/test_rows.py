"""Which row a machine gets, as a table: what the machine has, what the user wishes, what comes out."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from papertray.engine.devices.probes import lacking_operators
from papertray.engine.devices.rows import (
    CPU_FLOAT32,
    DEVICES,
    GIB,
    NF4,
    NPU_PATCHES,
    ROWS,
    SMALL_SIDE,
    DeviceOptions,
    DeviceRow,
    ModelMemory,
    candidate_rows,
    choose_row,
    memory_needed,
)
from papertray.engine.devices.survey import Device, Survey
from papertray.engine.errors import ReaderError
from papertray.engine.models.catalog import find_entry
from tests.engine.readers.pretend_npu import pretend_npu

SIZE = ModelMemory(weights=6_700_000_000, in_16_bit=1_500_000_000, page=1_500_000_000, small_page=800_000_000)
ALL = ("float32", "float16", "bfloat16")


def device(name: str, gib: float, native: tuple[str, ...] = ALL, **more: Any) -> Device:
    memory = int(gib * GIB)
    given = {"present": True, "usable": True, "four_bit": True} | more
    return Device(name, total=memory, free=memory, dtypes=ALL, native=native, **given)


def machine(*devices: Device) -> Survey:
    return Survey(devices)


OLD_CPU = device("cpu", 32, native=("float32",))
NEW_CPU = device("cpu", 32)
SMALL_CPU = device("cpu", 7, native=("float32",))
TURING = ("float32", "float16")


@pytest.mark.parametrize(
    ("survey", "row"),
    [
        (machine(device("cuda", 24), OLD_CPU), "cuda in bfloat16"),
        (machine(device("cuda", 24, TURING), OLD_CPU), "cuda in float16"),
        (
            machine(device("cuda", 6), OLD_CPU),
            "cuda in bfloat16 with 4-bit weights, pages up to 1024 pixels",
        ),
        (
            machine(device("cuda", 6, TURING), OLD_CPU),
            "cuda in float16 with 4-bit weights, pages up to 1024 pixels",
        ),
        (machine(device("cuda", 2), OLD_CPU), "cpu in float32"),
        (machine(device("mps", 24, TURING), OLD_CPU), "mps in float32"),
        (machine(device("npu", 32, TURING), OLD_CPU), "npu in float16"),
        (machine(NEW_CPU), "cpu in bfloat16"),
        (machine(OLD_CPU), "cpu in float32"),
        (machine(SMALL_CPU), "cpu in float32 with 4-bit weights"),
        (machine(replace(device("cuda", 24), usable=False), OLD_CPU), "cpu in float32"),
        (machine(replace(device("cuda", 6), four_bit=False), OLD_CPU), "cpu in float32"),
    ],
)
def test_the_best_row_that_the_free_memory_holds(survey: Survey, row: str) -> None:
    assert str(choose_row(survey, SIZE)) == row


def test_an_operator_is_replaced_only_where_the_device_lacks_it() -> None:
    old = device("npu", 64, lacks=("convolution", "masked_scatter"))
    rows = [choose_row(machine(npu, OLD_CPU), SIZE) for npu in (old, device("npu", 64))]
    assert rows[0].patches == NPU_PATCHES
    assert rows[1].patches == NPU_PATCHES[1:]


def test_what_a_device_lacks_is_tried_on_it_and_its_numbers_compared() -> None:
    with pretend_npu():
        assert lacking_operators("npu") == ("convolution", "masked_scatter")
    with pretend_npu(lacking=()):
        assert lacking_operators("npu") == ()
    assert lacking_operators("cpu") == ()


def test_dots_ocr_fits_a_card_of_6_gib_of_which_the_desktop_holds_a_part() -> None:
    """A card of 6 GiB with 4.6 free."""
    dots = find_entry("dots-ocr").memory
    assert dots is not None
    card = replace(device("cuda", 6), free=int(4.6 * GIB))
    row = choose_row(machine(card, OLD_CPU), dots)
    assert str(row) == "cuda in bfloat16 with 4-bit weights, pages up to 896 pixels"
    assert memory_needed(row, dots) < 4.6e9
    assert "pages up to 1024 pixels needs 5.0 GB, and 4.9 GB is free." in row.reason


def test_memory_that_others_hold_is_not_counted() -> None:
    busy = replace(device("cuda", 24), free=5 * GIB)
    assert choose_row(machine(busy, OLD_CPU), SIZE).weights == "nf4"


def test_the_reason_names_the_row_and_what_spoke_against_better_ones() -> None:
    reason = choose_row(machine(device("cuda", 2), OLD_CPU), SIZE).reason
    assert reason.startswith("cpu in float32 because float32 runs on every processor.")
    assert "pages up to 1024 pixels needs 3.6 GB, and 2.1 GB is free." in reason
    assert "cpu has bfloat16 only by detours." in reason
    assert "mps" not in reason


@pytest.mark.parametrize(
    ("wishes", "row"),
    [
        (DeviceOptions(device="cpu"), "cpu in float32"),
        (DeviceOptions(device="cpu", dtype="bfloat16"), "cpu in bfloat16"),
        (DeviceOptions(dtype="float16"), "cuda in float16"),
        (DeviceOptions(four_bit="on"), "cuda in bfloat16 with 4-bit weights"),
        (DeviceOptions(device="cpu", four_bit="on"), "cpu in float32 with 4-bit weights"),
        (DeviceOptions(longest_side=1500), "cuda in bfloat16, pages up to 1500 pixels"),
    ],
)
def test_a_wish_is_followed(wishes: DeviceOptions, row: str) -> None:
    assert str(choose_row(machine(device("cuda", 24), OLD_CPU), SIZE, wishes)) == row


def test_a_mac_whose_memory_float32_does_not_fit_takes_16_bit_before_its_processor() -> None:
    mac = machine(device("mps", 12, TURING), NEW_CPU)
    assert str(choose_row(mac, SIZE)) == "mps in float16"
    assert str(choose_row(mac, SIZE, DeviceOptions(device="mps", dtype="bfloat16"))) == "mps in bfloat16"


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        (DeviceOptions(device="tpu"), "There is no device called tpu. Choose auto, cpu, cuda, mps, npu."),
        (DeviceOptions(device="npu"), "npu cannot be used: No Ascend NPU was found."),
        (DeviceOptions(device="mps", four_bit="on"), "4-bit weights do not run on mps."),
        (DeviceOptions(device="mps", dtype="bfloat16"), "mps has no bfloat16 here."),
        (DeviceOptions(device="cuda", four_bit="off"), "cuda in bfloat16 needs 8.2 GB, and 2.1 GB is free."),
    ],
)
def test_a_wish_that_cannot_be_followed_is_said_in_a_sentence(wishes: DeviceOptions, sentence: str) -> None:
    mac = replace(device("mps", 24), dtypes=TURING, native=TURING)
    npu = Device("npu", why="No Ascend NPU was found.")
    card = replace(device("cuda", 24), free=2 * GIB)
    with pytest.raises(ReaderError) as told:
        choose_row(machine(mac, npu, card, OLD_CPU), SIZE, wishes)
    assert sentence in str(told.value)


def test_where_no_device_works_the_advice_is_how_to_make_one_work() -> None:
    bare = Device("cpu", present=True, why="torch is not installed.", advice="Install it.")
    absent = Device("cuda", why="No NVIDIA card was found.", advice="Buy one.")
    with pytest.raises(ReaderError) as told:
        choose_row(machine(absent, bare), SIZE)
    assert str(told.value).endswith("cpu cannot be used: torch is not installed. Install it.")


def test_memory_is_counted_by_what_4_bit_leaves_in_16() -> None:
    four_bit = memory_needed(ROWS[2], SIZE) - SIZE.page
    assert four_bit == int(1_500_000_000 + 5_200_000_000 * NF4)
    assert memory_needed(CPU_FLOAT32, SIZE) == 2 * (SIZE.weights + SIZE.page)


def test_pages_count_as_small_up_to_the_side_that_makes_them_so() -> None:
    sides = {1024: SIZE.small_page, SMALL_SIDE: SIZE.small_page, SMALL_SIDE + 28: SIZE.page, None: SIZE.page}
    whole = replace(CPU_FLOAT32, dtype="bfloat16")
    took = {side: memory_needed(replace(whole, longest_side=side), SIZE) - SIZE.weights for side in sides}
    assert took == sides


SLOW = replace(SIZE, side_on_cpu=1288)


def test_a_model_that_is_slow_to_look_gets_smaller_pages_on_a_processor_and_nowhere_else() -> None:
    rows = candidate_rows(machine(device("cuda", 24), NEW_CPU), SLOW)
    sides = {(row.device, row.longest_side) for row in rows}
    assert sides == {("cuda", None), ("cuda", 1024), ("cuda", 896), ("cpu", 1288)}
    assert str(choose_row(machine(NEW_CPU), SLOW)) == "cpu in bfloat16, pages up to 1288 pixels"


def test_what_the_user_says_of_the_pages_holds_on_a_processor_too() -> None:
    assert choose_row(machine(NEW_CPU), SLOW, DeviceOptions(longest_side=3000)).longest_side == 3000


def test_a_checkpoint_of_another_size_keeps_its_cap() -> None:
    half = SLOW.scale_to(SLOW.weights // 2)
    assert (half.side_on_cpu, half.page) == (1288, SLOW.page // 2)


def test_every_row_has_a_reason_and_every_device_one_dtype_that_all_its_kind_has() -> None:
    assert all(row.reason for row in ROWS)
    assert {row.device for row in ROWS if not row.native} == set(DEVICES)


def rows_or_none(survey: Survey, wishes: DeviceOptions) -> tuple[DeviceRow, ...]:
    try:
        return candidate_rows(survey, SIZE, wishes)
    except ReaderError:
        return ()


FREE = some.integers(0, 40 * GIB)


@settings(derandomize=True, deadline=None)
@given(FREE, FREE, some.sampled_from([ALL, TURING]), some.booleans())
def test_what_is_chosen_always_fits_and_nothing_better_does(
    card: int, memory: int, native: tuple[str, ...], four_bit: bool
) -> None:
    cuda = replace(device("cuda", 40, native), free=card, four_bit=four_bit)
    survey = machine(cuda, replace(OLD_CPU, free=memory, four_bit=four_bit))
    rows = rows_or_none(survey, DeviceOptions())
    assert [memory_needed(row, SIZE) <= survey.device(row.device).free for row in rows] == [True] * len(rows)
    order = [(row.device, row.dtype, row.weights, row.longest_side) for row in ROWS]
    places = [order.index((row.device, row.dtype, row.weights, row.longest_side)) for row in rows]
    assert places == sorted(places)


@pytest.mark.parametrize(("name", "weights"), list(product(DEVICES, ["on", "off", "auto"])))
def test_a_forced_device_never_gives_another(name: str, weights: str) -> None:
    survey = machine(*(device(each, 64) for each in DEVICES))
    rows = rows_or_none(survey, DeviceOptions(device=name, four_bit=weights))
    assert {row.device for row in rows} <= {name}
    assert rows or weights == "on"
