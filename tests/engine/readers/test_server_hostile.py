"""Servers that mean harm, are broken, or fall asleep: no page is lost to them, and no memory."""

import gzip
import json
import socket
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from papertray.daemon.guests.certificate import make_certificate, read_fingerprint, serve_with
from papertray.engine.errors import ReaderError
from papertray.engine.pages import ReadOptions, Watch
from papertray.engine.readers.server import bounded, exchange, families
from papertray.engine.readers.server import reader as server_reader
from papertray.engine.readers.server.presence import is_there
from papertray.engine.readers.server.problems import OtherServer
from papertray.engine.server_address import ServerAddress
from tests.daemon.reading.test_servers import free_port
from tests.engine.readers.openai_server import Reply, inference_server
from tests.engine.readers.test_server import GOOD, draw_page, in_turn, read_one, reading


def _event(value: object) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"


_STREAM = {"Content-Type": "text/event-stream", "Retry-After": "0"}
_LONG = {"choices": [{"delta": {"content": "x", "unheard_of": "y" * 70_000}}]}
_DEEP = b"data: " + b'{"a":' * 100_000 + b"\n\n"


@pytest.mark.parametrize(
    "bad",
    [
        Reply(raw=_event(_LONG), headers=_STREAM),  # a line
        Reply(raw=b": still here\n\n" * 30_000, headers=_STREAM),  # the whole
        Reply(raw=json.dumps(_LONG).encode()),
        Reply(raw=gzip.compress(b"0" * 1_000_000), headers={"Content-Encoding": "gzip"}),
        Reply(raw=_DEEP, headers=_STREAM),
        Reply(raw=b'{"choices":' + b"[" * 100_000),
        Reply(raw=_event({"choices": {"0": []}, "error": [1]}), headers=_STREAM),
    ],
)
def test_an_answer_that_is_too_much_or_nonsense_is_dropped_and_the_page_asked_again(
    bad: Reply, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded, "LONGEST_VALUE", 50_000)
    monkeypatch.setattr(bounded, "LONGEST_WHOLE", 300_000)
    monkeypatch.setattr("papertray.engine.readers.server.fleet.FIRST_PAUSE", 0.0)
    markdown, server = read_one(in_turn(bad, GOOD))
    assert markdown == "# Title\n\nWords."
    assert len(server.bodies) == 2


@pytest.mark.parametrize("reason", [["length"], {"a": 1}, True, 7])
def test_fields_of_other_kinds_than_they_should_have_do_no_harm(reason: Any) -> None:
    strange = {
        "choices": [{"delta": {"content": "Words."}, "finish_reason": reason}],
        "papertray": [[["x"]]],
        "usage": 10**400,
    }
    for model in ("some-vl", "papertray"):
        assert read_one(lambda _: Reply(raw=_event(strange), headers=_STREAM), model)[0] == "Words."


def test_a_sea_of_words_about_an_error_is_one_line_and_so_is_its_advice() -> None:
    told = {"problem": "No.\x1b[2J " * 500, "advice": "Try \u202eharder. " * 500}
    for said in (json.dumps(told).encode(), b'{"problem": "' + b"No. \x1b[2J" * 90_000):
        with pytest.raises(ReaderError) as failed:
            read_one(lambda _, said=said: Reply(status=422, raw=said))  # type: ignore[misc]
        assert len(str(failed.value)) < 1000
        assert str(failed.value).isprintable()


def test_a_server_that_goes_to_sleep_amid_a_page_leaves_it_to_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sleepy = replace(families.find_family("some-vl"), silence=0.3)
    monkeypatch.setattr(families, "FAMILIES", (sleepy,))
    with socket.create_server(("127.0.0.1", 0)) as asleep, inference_server(lambda _: GOOD) as server:
        url = f"http://127.0.0.1:{asleep.getsockname()[1]}/v1"
        with reading(url, server.url) as reader:
            (text,) = reader.read([draw_page(1)], Watch())
        assert text.markdown == "# Title\n\nWords."
        asleep.settimeout(5)
        asleep.accept()[0].close()  # it was asked first


def test_signs_of_life_without_an_end_are_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "_LONGEST_WAIT", 0.3)
    monkeypatch.setattr("papertray.engine.readers.server.fleet.FIRST_PAUSE", 0.0)
    never = threading.Event()
    markdown, server = read_one(in_turn(Reply(("A ",), hang=never), GOOD))
    assert markdown == "# Title\n\nWords."
    assert server.dropped.wait(30)


def test_who_is_asked_whether_it_is_there_may_say_what_it_likes() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as endless:

        def babble() -> None:
            connection, _ = endless.accept()
            with connection:
                connection.sendall(head)
                while connection.recv(65536):
                    pass

        thread = threading.Thread(target=babble)
        thread.start()
        assert is_there(ServerAddress(f"http://127.0.0.1:{endless.getsockname()[1]}/v1", "m"))
        thread.join(30)


def test_a_certificate_that_is_another_in_the_midst_of_a_book_gets_no_page(tmp_path: Path) -> None:
    ours, others = tmp_path / "ours.pem", tmp_path / "others.pem"
    for file in (ours, others):
        make_certificate(file, "desktop")
    port = free_port()
    address = ServerAddress(f"https://127.0.0.1:{port}/v1", "m", "key", fingerprint=read_fingerprint(ours))
    reader = server_reader.load(ReadOptions(servers=(address,)))
    try:
        with inference_server(lambda _: GOOD, port, serve_with(ours)):
            reader.read([draw_page(1)], Watch())
        with (
            inference_server(lambda _: GOOD, port, serve_with(others)) as another,
            pytest.raises(OtherServer, match="another certificate"),
        ):
            reader.read([draw_page(2)], Watch())
        assert not another.keys
    finally:
        reader.close()
