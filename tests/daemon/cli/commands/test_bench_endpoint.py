"""`papertray bench --endpoint`: pages a second by how many are with a server at once, over real HTTP."""

import json
import threading
from pathlib import Path
from xml.etree import ElementTree

import pytest

from papertray.daemon.cli.endpoint.measure import fewest_for_most
from papertray.engine.exit_codes import ExitCode
from papertray.engine.readers.server.measuring import Throughput
from tests.daemon.cli.conftest import Papertray
from tests.engine.readers.openai_server import Body, Reply, inference_server


def test_a_server_is_measured_by_pages_in_flight_and_a_chart_is_drawn(
    papertray: Papertray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCR_KEY", "sk-1")
    together, most, pictures = threading.Semaphore(0), [], []

    def answer(body: Body) -> Reply:
        together.release()
        most.append(together._value)
        pictures.append(json.dumps(body["messages"]))
        together.acquire()
        return Reply(("Words.",))

    chart = tmp_path / "chart.svg"
    with inference_server(answer) as server:
        result = papertray(
            *("bench", "--endpoint", server.url, "--model", "ocr", "--key-env", "OCR_KEY"),
            *("--in-flight", "4,1", "--svg", chart, "--json"),
        )
    one, four = json.loads(result.out)
    assert [(step["in_flight"], step["pages"], step["problem"]) for step in (one, four)] == [
        (1, 3, ""),
        (4, 12, ""),
    ]
    assert max(most[:3]) == 1
    assert max(most) <= 4
    assert len(set(pictures)) == 15  # no server reads from memory what it has read before
    assert set(server.keys) == {"Bearer sk-1"}
    assert one["pages_a_second"] > 0
    words = [text.text for text in ElementTree.parse(chart).iter("{http://www.w3.org/2000/svg}text")]
    assert {"1", "4", "pages in flight", "ocr: pages a second"} <= set(words)


def test_a_server_that_reads_nothing_is_a_row_that_says_why(papertray: Papertray) -> None:
    with inference_server(lambda _: Reply(status=404, raw=b"no such model")) as server:
        result = papertray("bench", "--endpoint", server.url, "--in-flight", "1,2")
        unwritten = papertray("bench", "--endpoint", server.url, "--svg", Path(__file__, "chart.svg"))
    assert (unwritten.code, unwritten.out[:1]) == (
        ExitCode.NOTE,
        "1",
    )  # what was measured is told all the same
    assert "chart.svg cannot be written" in unwritten.err
    (row,) = result.out.splitlines()
    assert "refused the page (404): no such model" in row
    assert result.code == ExitCode.READER
    assert papertray("bench", "--endpoint", "http://127.0.0.1:9/v1", "--in-flight", "x").code == 3


def test_the_fewest_pages_in_flight_that_read_nearly_as_much_are_named() -> None:
    rates = {1: 1.0, 8: 7.0, 16: 9.6, 32: 10.0}
    assert fewest_for_most([Throughput(n, 100, 100 / rate, 0.1) for n, rate in rates.items()]) == 16
    assert fewest_for_most([Throughput(1, 0, 1.0, 0.1)]) is None
