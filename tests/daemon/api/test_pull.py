"""A model is pulled through the API to its last byte, and the running daemon changes over to it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from papertray.daemon.places import find_places
from papertray.daemon.reading.readers import EngineReaderSource
from papertray.engine.models.catalog import QUICK
from tests.daemon.api.conftest import Served, Serving
from tests.desks import draw
from tests.hub.models import repositories
from tests.hub.server import Misbehaviour, local_hub

NAME = "deepseek-ocr-2"
SMALL = {"device": "cpu", "dtype": "float32", "max_tokens": 12}
HALF_WAY = 1 << 20  # bytes of a file after which the hub waits


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Misbehaviour]:
    slow = Misbehaviour(pause_after=HALF_WAY)
    with local_hub(repositories(), slow) as running_hub:
        monkeypatch.setenv("HF_ENDPOINT", running_hub.address)
        yield slow


def statuses(api: Served) -> Iterator[dict[str, Any]]:
    with api.another() as listener, listener.stream("GET", "/v1/events") as answer:
        for line in answer.iter_lines():
            if line.startswith("data: "):
                yield json.loads(line[6:])


def here(api: Served) -> tuple[str, bool]:
    said = api.ask("GET", f"/v1/models/{NAME}").json()
    return said["here"], said["in_use"]


def test_a_pull_is_followed_to_its_end_and_the_daemon_changes_over(
    serving: Serving, hub: Misbehaviour, tmp_path: Path
) -> None:
    with serving(EngineReaderSource(find_places()), engine=SMALL) as api:
        before = api.read(draw(tmp_path / "before.png", "before", (300, 200)), format="json").json()
        assert before["reader"] == QUICK
        assert api.ask("GET", "/v1/models/quick-greek").json()["here"] == "no"

        assert api.ask("POST", f"/v1/models/{NAME}/pull").status_code == 202
        seen: list[int] = []
        for status in statuses(api):
            seen += [one["done"] for one in status["downloads"] if one["model"] == NAME]
            if seen and not status["downloads"]:
                break
            if seen and seen[-1] > 0 and not hub.released.is_set():
                assert here(api) == ("partly", False)
                assert 0 < seen[-1] < status["downloads"][0]["total"]
                hub.released.set()
        assert seen == sorted(seen)
        assert not status["troubles"]
        assert here(api) == ("yes", False)

        after = api.read(draw(tmp_path / "after.png", "after", (300, 200)), format="json").json()
        assert (after["reader"], after["device"]) == (NAME, "cpu in float32")
        next(status for status in statuses(api) if status["loaded"] and status["reader"] == NAME)
        assert here(api) == ("yes", True)
