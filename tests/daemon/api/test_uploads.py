"""Files that are sent to be read: what comes back, what is left behind, and what goes wrong on the way."""

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from papertray.daemon.api.answers import ApiError
from papertray.daemon.api.uploads import LONGEST_NAME, clean_name, page_numbers
from papertray.daemon.journal import Journal
from papertray.daemon.journal.uploads import ReadRequest
from papertray.engine.errors import DocumentError, NotADocument, NothingRead
from papertray.engine.pages import PageImage
from tests.daemon.api.conftest import Served, Serving
from tests.desks import draw, draw_pages, until
from tests.fakes import Gate, InstantReader, OneReader, text_of


def said_of(picture: Path) -> str:
    """What the fake reader says of it."""
    with Image.open(picture) as image:
        return text_of(PageImage(image.convert("RGB")))


def nothing_left(api: Served) -> bool:
    return not list(api.at_work.places.uploads.glob("*")) and not api.at_work.client._journal.uploads.all()


def test_a_picture_comes_back_as_markdown(shared_api: Served, tmp_path: Path) -> None:
    picture = draw(tmp_path / "scan.png", "hello")
    answer = shared_api.read(picture)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/markdown")
    assert said_of(picture) in answer.text
    assert 'source: "scan.png"' in answer.text


def test_it_comes_back_as_json_when_that_is_asked_for(shared_api: Served, tmp_path: Path) -> None:
    book = draw_pages(tmp_path / "book.pdf", "page", 3)
    for answer in (
        shared_api.read(book, format="json"),
        shared_api.read(book, {"Accept": "application/json"}),
    ):
        said = answer.json()
        assert (said["name"], said["kind"], said["reader"]) == ("book.pdf", "pdf", "instant")
        assert [page["number"] for page in said["pages"]] == [1, 2, 3]
        assert said["pages"][0]["text"]["blocks"][0]["kind"] == "text"
        assert "sha256" not in said["markdown"]


def test_only_the_pages_asked_for_are_read(serving: Serving, tmp_path: Path) -> None:
    reader = InstantReader()
    with serving(OneReader(reader)) as api:
        said = api.read(draw_pages(tmp_path / "book.pdf", "page", 9), format="json", pages="2,7-8").json()
        assert [page["number"] for page in said["pages"]] == [2, 7, 8]
        assert reader.read_pages == 3


def test_pages_that_are_not_there_are_told(shared_api: Served, tmp_path: Path) -> None:
    answer = shared_api.read(draw_pages(tmp_path / "book.pdf", "page", 2), pages="2-5")
    assert answer.status_code == 422
    assert answer.json()["problem"] == "book.pdf has no page 3: it has 2."


def test_events_tell_how_far_it_is_and_then_the_result(serving: Serving, tmp_path: Path) -> None:
    gate = Gate()
    with serving(OneReader(InstantReader(batch=1, before=gate))) as api:
        names, book = [], draw_pages(tmp_path / "book.pdf", "page", 2)
        with (
            book.open("rb") as content,
            api.http.stream("POST", "/v1/read", files={"file": content}, data={"format": "events"}) as answer,
        ):
            assert answer.headers["content-type"].startswith("text/event-stream")
            data = {}
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    names.append(line[7:])
                if line.startswith("data: "):
                    data = json.loads(line[6:])
                    if names[-1] == "progress" and data["pages"]:
                        gate.opened.set()
        assert names[0] == "progress"
        assert names[-1] == "done"
        assert len(data["pages"]) == 2


def test_events_tell_what_went_wrong(shared_api: Served, tmp_path: Path) -> None:
    (tmp_path / "letter.png").write_bytes(b"not a picture at all")
    answer = shared_api.read(tmp_path / "letter.png", format="events")
    assert "event: problem" in answer.text
    said = json.loads(answer.text.rpartition("data: ")[2])
    assert said["problem"] == "letter.png is neither a PDF nor an image papertray knows."
    assert (said["status"], said["exit_code"]) == (422, NotADocument.exit_code)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", DocumentError.exit_code),
        (b"not a picture", NotADocument.exit_code),
        (b"%PDF-1.7 torn", DocumentError.exit_code),
        (b"\x89PNG\r\n\x1a\n torn", DocumentError.exit_code),
    ],
)
def test_what_cannot_be_read_is_answered_with_a_sentence_and_its_own_code(
    shared_api: Served, tmp_path: Path, content: bytes, code: int
) -> None:
    (tmp_path / "scan.png").write_bytes(content)
    answer = shared_api.read(tmp_path / "scan.png")
    assert answer.status_code == 422
    assert "scan.png" in answer.json()["problem"]
    assert answer.json()["exit_code"] == code
    until(lambda: nothing_left(shared_api), "the upload's end")


def test_a_picture_without_text_has_the_code_of_a_document_that_cannot_be_read(
    serving: Serving, tmp_path: Path
) -> None:
    def nothing(_page: PageImage) -> None:
        raise NothingRead(found=False)

    with serving(OneReader(InstantReader(before=nothing))) as api:
        answer = api.read(draw(tmp_path / "photo.png", "no text"))
        assert (answer.status_code, answer.json()["exit_code"]) == (422, DocumentError.exit_code)


def test_nothing_of_an_upload_is_kept(shared_api: Served, tmp_path: Path) -> None:
    assert shared_api.read(draw(tmp_path / "secret.png", "secret")).status_code == 200
    until(lambda: nothing_left(shared_api), "the upload's end")
    assert shared_api.ask("GET", "/v1/documents").json()["documents"] == []
    assert not list(shared_api.at_work.inbox.iterdir())


def test_bytes_that_were_read_before_are_not_read_again(serving: Serving, tmp_path: Path) -> None:
    reader = InstantReader()
    with serving(OneReader(reader)) as api:
        picture = draw(api.at_work.inbox / "scan.png", "hello")
        api.at_work.note("scan.md")
        assert said_of(picture) in api.read(picture).text
        assert reader.read_pages == 1


def test_an_upload_goes_before_what_waits_in_the_folders(serving: Serving, tmp_path: Path) -> None:
    gate, order = Gate(), []

    def before(page: PageImage) -> None:
        order.append(text_of(page))
        gate(page)

    with serving(OneReader(InstantReader(batch=1, before=before))) as api:
        draw_pages(api.at_work.inbox / "book.pdf", "page", 20)
        assert gate.reached.wait(30)
        picture = draw(tmp_path / "urgent.png", "urgent")
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(api.read, picture)
            until(lambda: said_upload_waits(api), "the upload's turn")
            gate.opened.set()
            assert answer.result(30).status_code == 200
        assert order.index(said_of(picture)) <= 2


def said_upload_waits(api: Served) -> bool:
    return any(one.state == "queued" for one in api.at_work.client._journal.uploads.all().values())


def test_whoever_hangs_up_has_it_read_no_further(serving: Serving, tmp_path: Path) -> None:
    gate = Gate()
    reader = InstantReader(batch=1, before=gate)
    with serving(OneReader(reader)) as api:
        book = draw_pages(tmp_path / "book.pdf", "page", 5).read_bytes()
        with begun(api, book + b"\r\n--x--\r\n"):
            assert gate.reached.wait(30)
        until(lambda: nothing_left(api), "the upload's end")
        gate.opened.set()
        until(lambda: api.at_work.statuses[-1].activity == "idle", "rest")
        assert reader.read_pages <= 1


@pytest.mark.parametrize("files", [{}, {"file": (None, "@scan.png")}], ids=["nothing", "a name alone"])
def test_a_request_without_a_file_is_told_how_to_send_one(
    shared_api: Served, files: dict[str, object]
) -> None:
    answer = shared_api.ask("POST", "/v1/read", files=files or {"other": (None, "1")})
    assert answer.status_code == 422
    assert answer.json()["problem"] == "No file came with this request."
    assert "curl -F file=@scan.png" in answer.json()["advice"]


def test_of_several_files_none_is_dropped_in_silence(shared_api: Served, tmp_path: Path) -> None:
    content = draw(tmp_path / "scan.png", "hello").read_bytes()
    answer = shared_api.ask(
        "POST", "/v1/read", files=[("file", ("a.png", content)), ("file", ("b.png", content))]
    )
    assert (answer.status_code, answer.json()["advice"]) == (422, "Send one at a time.")


def test_while_paused_nobody_is_kept_waiting(api: Served, tmp_path: Path) -> None:
    api.ask("POST", "/v1/pause", json={"seconds": 600})
    answer = api.read(draw(tmp_path / "scan.png", "hello"))
    assert answer.status_code == 503
    assert answer.json()["problem"].startswith("papertray is paused until ")
    assert "`papertray resume`" in answer.json()["advice"]


def test_a_model_that_is_not_here_is_told(shared_api: Served, tmp_path: Path) -> None:
    picture = draw(tmp_path / "scan.png", "hello")
    answer = shared_api.read(picture, model="deepseek-ocr-2")
    assert answer.status_code == 409
    assert "papertray models pull deepseek-ocr-2" in answer.json()["advice"]
    assert shared_api.read(picture, model="deepsek-ocr").status_code == 404


def test_a_reader_and_a_mode_reach_whoever_reads(serving: Serving, tmp_path: Path) -> None:
    readers = OneReader(InstantReader())
    with serving(readers) as api:
        assert api.read(draw(tmp_path / "scan.png", "hello"), model="quick", mode="base").status_code == 200
    assert (readers.opened[-1].model, readers.opened[-1].mode) == ("quick", "base")


def test_a_hostile_name_is_only_ever_shown(shared_api: Served, tmp_path: Path) -> None:
    content = draw(tmp_path / "a.png", "hello").read_bytes()
    for name in ("../../../../tmp/owned.png", "/etc/passwd", "..\\..\\x.png", "a\x01b.png", "con.png", ".."):
        said = shared_api.ask("POST", "/v1/read", files={"file": (name, content)}, data={"format": "json"})
        assert said.status_code == 200, said.text
        assert said.json()["name"] == clean_name(said.json()["name"])
    assert not Path("/tmp/owned.png").exists()


@settings(derandomize=True, deadline=None)
@given(st.text())
def test_every_name_becomes_one_that_every_disk_takes(name: str) -> None:
    plain = clean_name(name)
    assert 0 < len(plain) <= LONGEST_NAME
    assert not set(plain) & set('/\\:*?"<>|\0\n')
    assert plain.strip(" .") == plain
    assert clean_name(plain) == plain


@pytest.mark.parametrize(
    ("spec", "pages"),
    [("", None), ("3", {3}), ("1-3,7", {1, 2, 3, 7}), (" 2 - 3 , 3", {2, 3}), ("100", {100})],
)
def test_pages_are_written_as_people_write_them(spec: str, pages: set[int] | None) -> None:
    assert page_numbers(spec, at_most=100) == pages


@pytest.mark.parametrize("spec", ["0", "101", "3-1", "a", "1-", "-1", ",", "1;2", "1-999999999", "٣"])
def test_what_names_no_pages_is_refused(spec: str) -> None:
    with pytest.raises(ApiError):
        page_numbers(spec, at_most=100)


def test_a_file_larger_than_the_limit_is_refused_before_it_is_sent(serving: Serving, tmp_path: Path) -> None:
    with serving(api={"upload_megabytes": 1}) as api:
        (tmp_path / "large.png").write_bytes(bytes(1_200_000))
        answer = api.read(tmp_path / "large.png")
        assert answer.status_code == 413
        assert "api.upload_megabytes" in answer.json()["advice"]


def test_a_file_that_hides_its_size_is_cut_off_at_the_limit(serving: Serving) -> None:
    with serving(api={"upload_megabytes": 1}) as api:
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        chunks = (head if number == 0 else bytes(100_000) for number in range(30))
        answer = api.http.post(
            "/v1/read", content=chunks, headers={"Content-Type": "multipart/form-data; boundary=x"}
        )
        assert answer.status_code == 413
        assert "larger than 1 MB" in answer.json()["problem"]
        assert nothing_left(api)


def test_other_routes_take_no_large_requests(shared_api: Served) -> None:
    assert shared_api.ask("POST", "/v1/pause", content=bytes(2_000_000)).status_code == 413


def begun(api: Served, content: bytes = b"abc", missing: int = 0) -> socket.socket:
    """A connection on which an upload was sent, but for so many bytes that are missing."""
    place = urlsplit(api.url)
    caller = socket.create_connection((place.hostname, place.port), 30)
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n' + content
    head = (
        f"POST /v1/read HTTP/1.1\r\nHost: {place.netloc}\r\nAuthorization: Bearer {api.token}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body) + missing}\r\n\r\n"
    )
    caller.sendall(head.encode() + body)
    return caller


def test_an_upload_that_is_cut_off_leaves_nothing_and_harms_nobody(
    shared_api: Served, tmp_path: Path
) -> None:
    for _ in range(5):
        begun(shared_api, missing=10_000).close()
    assert shared_api.read(draw(tmp_path / "scan.png", "hello")).status_code == 200
    until(lambda: nothing_left(shared_api), "the upload's end")


def test_an_upload_that_stands_still_is_given_up(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertray.daemon.api.app.PATIENCE", 0.3)
    with serving() as api, begun(api, missing=10_000) as caller:
        assert caller.recv(4096).startswith(b"HTTP/1.1 408")
        assert nothing_left(api)


def test_many_slow_uploads_hold_nobody_up(shared_api: Served, tmp_path: Path) -> None:
    callers = [begun(shared_api, missing=10_000) for _ in range(50)]
    assert shared_api.read(draw(tmp_path / "scan.png", "hello")).status_code == 200
    for caller in callers:
        caller.close()


def test_two_hundred_clients_at_once_all_get_their_own_answer(shared_api: Served, tmp_path: Path) -> None:
    pictures = [draw(tmp_path / f"{number}.png", f"picture {number}") for number in range(40)]
    answers: dict[int, str] = {}
    ready = threading.Barrier(200)

    def client(number: int) -> None:
        picture = pictures[number % 40]
        ready.wait(60)
        with picture.open("rb") as content, shared_api.another() as one:
            answer = one.post("/v1/read", files={"file": (picture.name, content)}, timeout=60)
        answers[number] = answer.text if answer.status_code == 200 else f"{answer.status_code}"

    threads = [threading.Thread(target=client, args=(number,)) for number in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    wrong = {n: said for n, said in answers.items() if said_of(pictures[n % 40]) not in said}
    assert len(answers) == 200
    assert not wrong
    until(lambda: nothing_left(shared_api), "the uploads' end")


def test_uploads_that_a_killed_daemon_left_are_gone_at_the_next_start(
    serving: Serving, tmp_path: Path
) -> None:
    with serving() as api:
        here = api.at_work.places
    left = here.uploads / "left" / "scan.png"
    left.parent.mkdir(parents=True)
    draw(left, "left")
    journal = Journal.open(here.journal)
    journal.uploads.add(left, ReadRequest())
    journal.close()
    with serving() as api:
        assert nothing_left(api)
        assert api.at_work.client.status().counts == {}


def test_all_ends_within_five_seconds_with_a_page_in_hand_and_streams_open(
    serving: Serving, tmp_path: Path
) -> None:
    gate = Gate()
    picture = draw(tmp_path / "scan.png", "hello")
    said: list[str] = []
    with serving(OneReader(InstantReader(before=gate))) as api:
        here = api.at_work.places

        def listen() -> None:
            with api.another() as one, one.stream("GET", "/v1/events", timeout=60) as events:
                said.extend(events.iter_lines())

        def read() -> None:
            with api.another() as one, picture.open("rb") as content:
                said.append(str(one.post("/v1/read", files={"file": content}).status_code))

        callers = [threading.Thread(target=act) for act in (read, *[listen] * 20)]
        for caller in callers:
            caller.start()
        assert gate.reached.wait(30)
        begins = time.monotonic()
        threading.Timer(0.5, gate.opened.set).start()
    assert time.monotonic() - begins < 5
    for caller in callers:
        caller.join(10)
        assert not caller.is_alive()
    assert "503" in said
    assert not here.runtime.exists()
