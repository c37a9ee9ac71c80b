"""A daemon that runs for days holds no more at the end than when it had warmed up."""

import os
import time
from pathlib import Path

import pytest

from tests.faults.soak import Soak

HOURS = 72 if os.environ.get("PAPERTRAY_TORTURE") else 9
WARM = 5  # hours in which everything has happened once
MEGABYTE = 1 << 20


@pytest.mark.timeout(1800)
def test_days_of_scans_leave_memory_descriptors_threads_and_journal_flat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soak = Soak(tmp_path)
    monkeypatch.setattr(time, "time", soak.now)
    try:
        soak.run(HOURS)
        assert soak.open_documents() == 0
        assert set(soak.states()) <= {"done", "failed"}
        assert soak.states()["failed"] == (HOURS + 4) // 5  # the broken ones
    finally:
        soak.close()
    warm, last = soak.readings[WARM], soak.readings[-1]
    print(*soak.readings, sep="\n")
    assert last.descriptors <= max(one.descriptors for one in soak.readings[: WARM + 1])
    assert last.threads <= max(one.threads for one in soak.readings[: WARM + 1])
    assert last.memory <= warm.memory + 16 * MEGABYTE
    assert last.journal / last.documents <= 1.3 * warm.journal / warm.documents
