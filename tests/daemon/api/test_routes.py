"""What can be asked over HTTP, and the client that asks."""

import asyncio
import io
import json
import re
import socket
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
import tomlkit
from loguru import logger
from PIL import Image

from papertray.daemon.api.doors.listening import is_loopback
from papertray.daemon.api.events import stream_statuses
from papertray.daemon.api.metrics import metrics
from papertray.daemon.api.survey_cache import SurveyCache
from papertray.daemon.board import StatusBoard
from papertray.daemon.errors import SettingsError
from papertray.daemon.places import find_places
from papertray.daemon.settings.steering import save_choice
from papertray.daemon.status import Activity, Status
from papertray.engine.devices.survey import Device, Survey
from papertray.engine.errors import NotADocument, PapertrayError, UnknownModel
from papertray.engine.models.catalog import CATALOG
from papertray.engine.pages import (
    Block,
    BlockKind,
    Box,
    DoubtfulWord,
    Figure,
    PageImage,
    PageText,
    TextSource,
    Watch,
)
from tests.daemon.api.conftest import Served, Serving
from tests.desks import draw, draw_pages, running, until
from tests.fakes import InstantReader, OneReader


class Illustrated(InstantReader):
    """Sees a figure on every page, and a place for every block."""

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        blocks = (Block(BlockKind.FIGURE, "![](figure:a.png)", Box(0.1, 0.2, 0.3, 0.4)),)
        return [PageText(blocks, figures=(Figure("a.png", b"\x89PNG figure"),)) for _ in pages]


class Unsure(InstantReader):
    """Sees a word on every second page that it is not sure of."""

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        word = DoubtfulWord("waster", 0.41, Box(0.1, 0.2, 0.3, 0.4))
        said = (Block(BlockKind.TEXT, "the waster"),)
        sure = PageText(said, confidence=1.0, source=TextSource.WRITTEN)
        return [
            sure if page.number % 2 else PageText(said, confidence=0.62, doubtful_words=(word,))
            for page in pages
        ]


def test_the_status_over_http_is_the_status(shared_api: Served) -> None:
    told = shared_api.ask("GET", "/v1/status").json()
    assert Status.from_json(json.dumps(told)) == shared_api.at_work.client.status()


@pytest.mark.parametrize("path", ["/", "/healthz", "/v1/status", "/v1/documents", "/main.js", "/v1/nowhere"])
def test_a_question_for_the_head_alone_is_answered_as_the_whole_one(shared_api: Served, path: str) -> None:
    head, whole = shared_api.ask("HEAD", path), shared_api.ask("GET", path)
    assert head.status_code == whole.status_code
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert not head.content
    assert shared_api.ask("HEAD", "/v1/events").status_code == 405


def test_events_are_numbered_upwards(api: Served) -> None:
    with api.http.stream("GET", "/v1/events") as events:
        assert events.headers["content-type"].startswith("text/event-stream")
        lines = events.iter_lines()
        first = next(line for line in lines if line.startswith("id: "))
        api.ask("POST", "/v1/pause")
        second = next(line for line in lines if line.startswith("id: "))
    assert int(first[4:]) < int(second[4:])


def test_a_quiet_stream_shows_that_it_lives() -> None:
    async def listen() -> list[str]:
        stream = stream_statuses(StatusBoard(), lambda: False, keep_alive=0.01)
        return [await anext(stream) for _ in range(3)]

    said = asyncio.run(listen())
    assert said[0].startswith("id: 0\nevent: status\ndata: ")
    assert said[1:] == [": still here\n\n"] * 2


def test_what_was_read_is_found_with_its_place(serving: Serving, tmp_path: Path) -> None:
    with serving() as api:
        draw(api.at_work.inbox / "toner.png", "toner invoice")

        def hits() -> list[dict[str, Any]]:
            answer = api.ask("GET", "/v1/search", params={"words": "toner"}).json()
            pages: list[dict[str, Any]] = answer["pages"]
            return pages

        until(hits, "the page")
        (hit,) = hits()
        assert (hit["document"]["name"], hit["page"]) == ("toner.png", 1)
        assert any(part["is_match"] for part in hit["snippet"])
        refused = api.ask("GET", "/v1/search", params={"words": "?!"})
        assert refused.status_code == 422
        assert "no word" in refused.json()["problem"]


def test_documents_are_listed_newest_first_and_page_by_page(api: Served) -> None:
    names = [f"scan {number}.png" for number in range(5)]
    for name in names:
        draw(api.at_work.inbox / name, name)
        api.at_work.ends(name)
    got: list[str] = []
    before: int | None = None
    while True:
        asked = {"limit": 2} | ({"before": before} if before else {})
        answer = api.ask("GET", "/v1/documents", params=asked).json()
        got += [document["name"] for document in answer["documents"]]
        before = answer["before"]
        if before is None:
            break
    assert got == names[::-1]


def test_documents_are_found_by_state_and_by_name(api: Served) -> None:
    draw(api.at_work.inbox / "Invoice März.png", "a")
    (api.at_work.inbox / "torn.png").write_bytes(b"no picture")
    api.at_work.ends("Invoice März.png", "torn.png")

    def named(**asked: Any) -> list[str]:
        return [one["name"] for one in api.ask("GET", "/v1/documents", params=asked).json()["documents"]]

    assert named(state="failed") == ["torn.png"]
    assert named(state=["failed", "done"]) == ["torn.png", "Invoice März.png"]
    assert named(search="invoice") == ["Invoice März.png"]
    assert named(search="100%_") == []
    assert api.ask("GET", "/v1/documents", params={"state": "nonsense"}).status_code == 422


def test_a_document_comes_with_pages_boxes_figures_and_note(serving: Serving) -> None:
    with serving(OneReader(Illustrated())) as api:
        draw_pages(api.at_work.inbox / "book.pdf", "page", 2)
        api.at_work.ends("book.pdf")
        whole = api.ask("GET", "/v1/documents/1").json()
        assert whole["each_page"][1]["text"]["blocks"][0]["box"]["left"] == 0.1
        assert whole["figures"] == [{"page": 1, "name": "a.png"}, {"page": 2, "name": "a.png"}]
        assert whole["note_text"] == (api.at_work.inbox / "book.md").read_text()
        figure = api.ask("GET", "/v1/documents/1/figures/2/a.png")
        assert figure.content == b"\x89PNG figure"
        assert figure.headers["content-type"] == "image/png"
        assert api.ask("GET", "/v1/documents/1/figures/3/a.png").status_code == 404


def test_a_page_tells_how_it_was_come_by_and_how_sure_that_is(serving: Serving) -> None:
    with serving(OneReader(Unsure())) as api:
        draw(api.at_work.inbox / "one.png", "sure")
        draw_pages(api.at_work.inbox / "book.pdf", "page", 2)
        api.at_work.ends("one.png")
        api.at_work.ends("book.pdf")
        (book,) = api.ask("GET", "/v1/documents", params={"doubtful": True}).json()["documents"]
        assert (book["name"], book["doubtful_pages"]) == ("book.pdf", [2])
        first, second = api.ask("GET", f"/v1/documents/{book['id']}").json()["each_page"]
        names = ("source", "confidence", "is_doubtful", "doubtful_words")
        assert [first["text"][name] for name in names] == ["from the PDF itself", 1.0, False, []]
        word = {
            "text": "waster",
            "certain": 0.41,
            "box": {"left": 0.1, "top": 0.2, "right": 0.3, "bottom": 0.4},
        }
        assert [second["text"][name] for name in names] == ["recognised", 0.62, True, [word]]
        assert "\ndoubtful_pages: [2]\n" in (api.at_work.inbox / "book.md").read_text()


def test_a_page_is_drawn_as_long_as_its_file_is_the_same(api: Served) -> None:
    picture = draw(api.at_work.inbox / "scan.png", "hello", (400, 200))
    api.at_work.ends("scan.png")
    answer = api.ask("GET", "/v1/documents/1/pages/1/image", params={"longest_side": 100})
    assert answer.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(answer.content)).size == (100, 50)
    assert api.ask("GET", "/v1/documents/1/pages/2/image").status_code == 404
    picture.unlink()
    assert api.ask("GET", "/v1/documents/1/pages/1/image").status_code == 404


def test_a_page_is_drawn_from_the_archive_too(serving: Serving, tmp_path: Path) -> None:
    with serving(folder={"archive": tmp_path / "archive"}) as api:
        draw(api.at_work.inbox / "scan.png", "hello")
        api.at_work.ends("scan.png")
        until((tmp_path / "archive" / "scan.png").exists, "the archive")
        assert api.ask("GET", "/v1/documents/1/pages/1/image").status_code == 200


def test_another_file_under_a_documents_name_is_not_shown(api: Served, tmp_path: Path) -> None:
    picture = draw(api.at_work.inbox / "scan.png", "hello")
    api.at_work.ends("scan.png")
    api.ask("POST", "/v1/pause")
    secret = draw(tmp_path / "secret.png", "a secret, elsewhere")
    picture.unlink()
    picture.symlink_to(secret)
    assert api.ask("GET", "/v1/documents/1/pages/1/image").status_code in (404, 422)


def test_a_name_that_is_no_utf8_is_told_all_the_same(api: Served) -> None:
    raw = bytes(api.at_work.inbox) + b"/caf\xe9.png"
    try:
        Path(raw.decode("utf-8", "surrogateescape")).write_bytes(b"no picture")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    until(lambda: api.at_work.client.status().counts.get("failed"), "the document's end")
    (document,) = api.client.documents()
    assert bytes(document.path) == raw
    assert api.ask("GET", f"/v1/documents/{document.id}").json()["path"] == str(document.path)


def test_retry_and_forget_over_http(serving: Serving) -> None:
    reader = InstantReader()
    with serving(OneReader(reader)) as api:
        draw(api.at_work.inbox / "scan.png", "hello")
        api.at_work.ends("scan.png")
        again = api.ask("POST", "/v1/documents/1/retry", json={"reader": "quick"})
        assert again.json() == {"queued": 1}
        until(lambda: reader.read_pages == 2, "another reading")
        refused = api.ask("POST", "/v1/documents/1/retry", json={"reader": "nonsense"})
        assert (refused.status_code, refused.json()["exit_code"]) == (404, UnknownModel.exit_code)
        assert "no model called nonsense" in refused.json()["problem"]
        assert api.ask("POST", "/v1/documents/1/forget").json() == {"ok": True}
        assert not api.client.documents()
        assert api.client.retry_failed() == 0


def test_choices_reach_the_settings_file(api: Served) -> None:
    api.client.choose_device("cpu")
    api.client.choose_model("quick")
    written = api.at_work.places.settings_file.read_text()
    assert 'device = "cpu"' in written
    assert 'model = "quick"' in written
    with pytest.raises(PapertrayError, match="There is no device 'toaster'") as refused:
        api.client.choose_device("toaster")
    assert refused.value.exit_code == SettingsError.exit_code
    for what, name, status in (
        ("model", "dots-ocr", 409),
        ("device", "npu", 409),
        ("model", "quick-thai", 404),
    ):
        answer = api.ask("POST", f"/v1/{what}", json={"name": name}, timeout=120)
        assert (answer.status_code, name in answer.text) == (status, True)
    assert api.client.models().chosen == "quick"


def test_folders_are_added_and_removed(api: Served, tmp_path: Path) -> None:
    more = tmp_path / "more"
    named = {"path": str(more)}
    refused = api.ask("POST", "/v1/folders", json=named)
    assert (refused.status_code, "does not exist" in refused.json()["problem"]) == (404, True)
    assert api.ask("POST", "/v1/folders/create", json=named).is_client_error
    assert not more.exists()
    assert api.ask("POST", "/v1/folders", json=named | {"create": True}).is_success
    more.rmdir()
    assert api.ask("POST", "/v1/folders/create", json=named).is_success
    assert more.is_dir()
    assert str(more) in watched(api)
    assert api.ask("POST", "/v1/folders", json=named).is_client_error
    assert api.ask("DELETE", "/v1/folders", json=named).is_success
    assert str(more) not in watched(api)
    assert more.is_dir()


def watched(api: Served) -> list[str]:
    return [folder["path"] for folder in api.ask("GET", "/v1/folders").json()["folders"]]


def test_a_download_that_fails_is_told_in_the_status(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{nobody.getsockname()[1]}")
        nobody.close()
        with serving() as api:
            api.client.pull("deepseek-ocr-2")
            until(lambda: api.at_work.client.status().troubles, "the trouble", 60)
            assert not api.client.cancel_pull("deepseek-ocr-2")
            assert not api.at_work.client.status().downloads


def test_each_model_says_what_it_is_good_at_and_how_others_scored_it(shared_api: Served) -> None:
    models = {one.id: one for one in shared_api.client.models().data}
    for entry in CATALOG:
        told, known = models[entry.name], (entry.good_at, entry.languages, entry.score, entry.score_source)
        assert (told.good_at, told.languages, told.score, told.score_source) == known
        assert told.pages_a_minute == entry.pages_a_minute


def test_nothing_is_fetched_of_what_is_part_of_papertray(shared_api: Served) -> None:
    with pytest.raises(PapertrayError, match="part of papertray"):
        shared_api.client.pull("quick")
    assert shared_api.ask("DELETE", "/v1/models/quick").status_code == 409
    assert shared_api.ask("DELETE", "/v1/models/deepseek-ocr-2").json() == {"ok": False}


def test_the_machine_is_looked_at_once_in_a_while() -> None:
    looks, now = [], [0.0]

    def survey() -> Survey:
        looks.append(now[0])
        return Survey((Device("cpu", present=True, usable=True),))

    missing = ["torch"]
    look = SurveyCache(survey, lambda: now[0], lambda: tuple(missing))
    assert look.now() is look.now()
    now[0] = 301.0
    look.now()
    assert looks == [0.0, 301.0]
    now[0] = 302.0
    missing.clear()  # torch was installed: that changes what devices are good for
    assert look.now() is look.now()
    assert looks == [0.0, 301.0, 302.0]


def test_metrics_are_what_prometheus_reads(api: Served) -> None:
    draw(api.at_work.inbox / "scan.png", "hello")
    api.at_work.ends("scan.png")
    until(lambda: api.at_work.client.status().counts == {"done": 1}, "the status")
    text = api.ask("GET", "/v1/metrics").text
    line = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [-+.e0-9]+')
    for said in text.splitlines():
        assert said.startswith(("# HELP ", "# TYPE ")) or line.fullmatch(said), said
    assert 'papertray_documents{state="done"} 1' in text
    assert 'papertray_activity{activity="idle"} 1' in text


def test_metrics_survive_odd_names() -> None:
    assert r'reader="a\"b\\c\nd"' in metrics(Status(Activity.IDLE, reader='a"b\\c\nd'))


def test_a_port_that_is_taken_gives_the_next_free_one(serving: Serving) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with serving(api={"port": taken}) as api:
            port = int(api.url.rpartition(":")[2])
            assert port > taken
            assert api.ask("GET", "/v1/status").status_code == 200


def test_where_the_api_cannot_serve_reading_goes_on_and_the_status_says_so(tmp_path: Path) -> None:
    with running(tmp_path / "inbox", api={"host": "192.0.2.1", "port": 8763}) as at_work:
        draw(at_work.inbox / "scan.png", "hello")
        assert at_work.ends("scan.png") == {"scan.png": "done"}
        (trouble,) = at_work.client.status().troubles
        assert "192.0.2.1" in trouble.sentence
        assert at_work.client.address() is None


def test_listening_beyond_this_machine_is_shown_as_trouble(serving: Serving) -> None:
    with serving(api={"host": "0.0.0.0"}) as api:
        (trouble,) = api.at_work.client.status().troubles
        assert "Other machines can reach papertray" in trouble.sentence


@pytest.mark.parametrize(
    ("host", "near"),
    [
        *((near, True) for near in ("127.0.0.1", "::1", "localhost", "127.8.9.1")),
        *((far, False) for far in ("0.0.0.0", "::", "192.168.1.5", "nas.local")),
    ],
)
def test_what_counts_as_this_machine(host: str, near: bool) -> None:
    assert is_loopback(host) == near


def test_what_is_wrong_with_a_file_is_told_to_whoever_sent_it(shared_api: Served, tmp_path: Path) -> None:
    letter = tmp_path / "letter.png"
    letter.write_bytes(b"no picture")
    told, wrong = shared_api.read(letter).json(), NotADocument(letter)
    assert (told["problem"], told["advice"]) == (wrong.sentence, wrong.advice)


def test_the_api_outlives_a_change_of_settings(serving: Serving) -> None:
    with serving() as api:
        before = api.at_work.places.runtime.read_text()
        api.at_work.client.reload()
        draw(api.at_work.inbox / "scan.png", "hello")
        api.at_work.ends("scan.png")
        assert api.at_work.places.runtime.read_text() == before


def test_the_token_is_in_no_log(serving: Serving, capsys: pytest.CaptureFixture[str]) -> None:
    logged: list[str] = []
    log = logger.add(logged.append, level="TRACE")
    with serving() as api, api.stranger(Authorization="Bearer wrong") as stranger:
        link = api.client.login_url()
        stranger.get(link)
        stranger.get("/v1/nothing")
        api.ask("GET", "/v1/nothing")
    logger.remove(log)
    said = capsys.readouterr()
    assert api.url in "".join(logged)
    for secret in (api.token, link.partition("code=")[2]):
        assert secret not in "".join((said.out, said.err, *logged))


def test_a_fault_of_our_own_is_a_sentence_and_a_log_entry(
    shared_api: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[str] = []
    log = logger.add(logged.append, format="{message}", diagnose=False)
    monkeypatch.setattr("papertray.daemon.api.routes.status.metrics", lambda _status: 1 // 0)
    answer = shared_api.ask("GET", "/v1/metrics")
    logger.remove(log)
    assert answer.status_code == 500
    assert "ZeroDivisionError" in answer.json()["problem"]
    assert "x-frame-options" in answer.headers
    assert any("could not be answered" in line for line in logged)


def test_many_who_ask_at_once_are_all_answered(shared_api: Served) -> None:
    codes: list[int] = []

    def ask() -> None:
        with shared_api.another() as one:
            codes.extend(one.get(path).status_code for path in ("/v1/status", "/v1/documents"))

    callers = [threading.Thread(target=ask) for _ in range(100)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(60)
    assert codes == [200] * 200


def test_a_choice_that_is_none_is_refused_before_anything_is_written() -> None:
    with pytest.raises(SettingsError, match="There are auto"):
        save_choice(find_places(), "device", "nonsense")
    assert not find_places().settings_file.exists()


def test_a_pause_for_less_than_no_time_is_refused(shared_api: Served) -> None:
    assert shared_api.ask("POST", "/v1/pause", json={"seconds": -1}).status_code == 422


def test_a_list_is_narrowed_sorted_taken_in_parts_and_worked_on_as_a_whole(serving: Serving) -> None:
    reader = InstantReader()
    with serving(OneReader(reader)) as api:
        for name in ("b.png", "a.png", "c.png"):
            draw(api.at_work.inbox / name, name)
        until(lambda: api.at_work.client.status().counts.get("done") == 3, "three notes")

        def listed(**query: object) -> dict[str, Any]:
            answer = api.ask("GET", "/v1/documents", params={"limit": 1, "sort": "name", **query}).json()
            return {"names": [one["name"] for one in answer["documents"]], "total": answer["total"]}

        assert listed(offset=1) == {"names": ["b.png"], "total": 3}
        assert listed(folder=str(api.at_work.inbox), reader=reader.identity.name)["total"] == 3
        assert listed(folder="/elsewhere") == {"names": [], "total": 0}
        assert listed(since=4e9)["total"] == 0
        assert api.ask("GET", "/v1/documents", params={"sort": "colour"}).status_code == 422
        groups = api.ask("GET", "/v1/documents/groups").json()
        assert groups["folders"] == [{"name": str(api.at_work.inbox), "documents": 3}]
        small = api.ask("GET", "/v1/documents/1/thumbnail")
        with Image.open(io.BytesIO(small.content)) as drawn:
            assert (drawn.format, max(drawn.size) <= 160) == ("JPEG", True)
        assert api.ask("GET", "/v1/documents/1/thumbnail").content == small.content
        numbers = api.ask("GET", "/v1/documents/numbers").json()["documents"]
        again = api.ask(
            "POST", "/v1/documents/retry", json={"documents": [*numbers, 4711], "reader": "quick"}
        )
        assert again.json() == {"queued": 3}
        until(lambda: reader.read_pages == 6, "another reading")
        gone = api.ask("POST", "/v1/documents/forget", json={"documents": numbers[:2]})
        assert (gone.json(), listed()["total"]) == ({"queued": 2}, 1)
        (api.at_work.inbox / "c.png").unlink()
        missing = api.ask("GET", f"/v1/documents/{numbers[0]}/thumbnail")
        assert missing.status_code in (200, 404)


def test_a_file_is_added_to_a_watched_folder_whole_and_over_nothing(serving: Serving, tmp_path: Path) -> None:
    scan = draw(tmp_path / "scan.png", "one").read_bytes()
    with serving() as api:
        settings = {"folders": [{"path": str(api.at_work.inbox)}]}
        api.at_work.places.settings_file.write_text(tomlkit.dumps(settings), encoding="utf-8")

        def add(name: str, **form: str) -> httpx.Response:
            return api.ask("POST", "/v1/documents", files={"file": (name, scan)}, data=form)

        first, second = add("../Müller: März.png").json(), add("Müller_ März.png", folder="").json()
        assert [Path(one["path"]).name for one in (first, second)] == [
            "Müller_ März.png",
            "Müller_ März.2.png",
        ]
        until(lambda: api.ask("GET", f"/v1/documents/{first['id']}").json()["state"] == "done", "the note")
        assert (api.at_work.inbox / "Müller_ März.png").read_bytes() == scan
        for name, folder, status in ((".hidden.part", "", 422), ("a.png", str(tmp_path), 404)):
            assert add(name, folder=folder).status_code == status, name
        assert api.ask("POST", "/v1/documents").status_code == 422
        assert {file.name for file in api.at_work.inbox.iterdir() if file.suffix == ".part"} == set()


def test_each_document_that_ends_is_told_to_whoever_listens(serving: Serving, tmp_path: Path) -> None:
    with serving() as api, api.http.stream("GET", "/v1/events") as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("id: ")
        for name in ("a.png", "b.png"):
            draw(api.at_work.inbox / name, name)
        ended: dict[str, Any] = {}
        while len(ended) < 2:
            if next(lines) == "event: document":
                document = json.loads(next(lines).removeprefix("data: "))
                assert document["id"] not in [one["id"] for one in ended.values()]
                ended[document["name"]] = document
        assert {one["state"] for one in ended.values()} == {"done"}
        assert ended["a.png"]["note"] == str(api.at_work.inbox / "a.md")
        assert ended["a.png"]["outputs"] == []


def test_each_model_says_how_it_would_run_here_and_automatic_what_it_takes(serving: Serving) -> None:
    with serving() as api:
        draw(api.at_work.inbox / "scan.png", "hello")
        api.at_work.ends("scan.png")
        fits = api.ask("GET", "/v1/model-fits", timeout=120).json()
        assert (fits["automatic"], "always here" in fits["why"]) == ("quick", True)
        named = {one["id"]: one for one in fits["models"]}
        assert set(named) == {entry.name for entry in CATALOG}
        for entry in CATALOG:
            row, memory = named[entry.name]["row"], named[entry.name]["memory"]
            assert bool(row) == (memory > 0)
            assert row or named[entry.name]["why"] or entry.memory is None
