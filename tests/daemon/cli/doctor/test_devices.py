"""What the doctor says of devices."""

import pytest

from papertray.daemon.cli.doctor.devices import check_devices
from papertray.daemon.cli.doctor.findings import Finding
from papertray.daemon.places import find_places
from papertray.engine.devices.rows import candidate_rows
from papertray.engine.devices.survey import Device, Survey
from papertray.engine.errors import ReaderError
from papertray.engine.models.catalog import CATALOG

GB = 10**9
CARD = Device(
    "cuda", True, True, "GeForce RTX 3060", total=6 * GB, free=5 * GB, dtypes=("float16",), four_bit=True
)
CPU = Device("cpu", True, True, "a processor", total=32 * GB, free=30 * GB, dtypes=("float32",))
NPU = Device("npu", True, False, "Ascend", why="CANN is not there.", advice="Source set_env.sh.")


def findings(*devices: Device) -> list[Finding]:
    return list(check_devices(find_places(), lambda: Survey(devices)))


def test_each_usable_device_tells_its_memory_and_its_row() -> None:
    card, cpu, reader = findings(CARD, CPU)
    assert card.sentence == (
        "cuda (GeForce RTX 3060): 5.0 of 6.0 GB are free. PaddleOCR-VL 1.6 would run on "
        "cuda in float16 with 4-bit weights, pages up to 1024 pixels."
        " Corrected there: folded_positions, gathered_experts_4bit."
    )
    assert "would run on cpu in float32" in cpu.sentence
    assert (reader.sentence, reader.state) == ("The quick reader serves.", "good")
    assert "papertray models list" in reader.advice


def test_a_device_that_is_there_but_cannot_be_used_says_why_and_what_to_do() -> None:
    npu = findings(NPU)[0]
    assert (npu.state, npu.sentence, npu.advice) == (
        "look",
        "npu (Ascend): CANN is not there.",
        "Source set_env.sh.",
    )


def test_a_device_that_is_not_there_is_no_reason_for_worry() -> None:
    mps = findings(Device("mps", why="This is not a Mac."))[0]
    assert (mps.state, mps.sentence) == ("good", "mps: This is not a Mac.")


def test_where_no_device_works_none_is_said_to_be_too_small() -> None:
    assert findings(NPU)[1].sentence == "The quick reader serves."
    model = CATALOG[0].memory
    assert model is not None
    with pytest.raises(ReaderError, match=r"can run this model yet\. npu cannot be used: CANN"):
        candidate_rows(Survey((NPU,)), model)


def test_a_device_too_small_for_the_model_is_said_to_be() -> None:
    small = findings(Device("cpu", True, True, total=4 * GB, free=2 * GB, dtypes=("float32",)))[0]
    assert small.state == "look"
    assert "No device can hold this model." in small.sentence
