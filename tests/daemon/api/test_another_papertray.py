"""A papertray that reads for another one: the laptop's pages, the desktop's reader, over real HTTP."""

import base64
import io
import json
import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest

from papertray.daemon.api.routes import chat
from papertray.engine.errors import ReaderError
from papertray.engine.pages import PageImage, PageText, Watch
from tests.daemon.api.conftest import Served, Serving
from tests.engine.readers.test_page_details import PAGE
from tests.engine.readers.test_server import draw_page, reading
from tests.fakes import InstantReader, OneReader, text_of


def test_pages_are_read_by_another_papertray(api: Served) -> None:
    pages = [draw_page(number) for number in range(5)]
    with reading(f"{api.url}/v1", model="papertray", key=api.token) as reader:
        texts = reader.read(pages, Watch())
        assert [text.markdown for text in texts] == [text_of(page) for page in pages]
    for model, key, says in (("nobody-knows", api.token, "nobody-knows"), ("papertray", "wrong", "401")):
        with (
            reading(f"{api.url}/v1", model=model, key=key) as reader,
            pytest.raises(ReaderError, match=says),
        ):
            reader.read(pages[:1], Watch())


class _KnowingReader(InstantReader):
    """Tells of each page all that the quick reader would."""

    def read(self, pages: Sequence[PageImage], watch: Watch) -> list[PageText]:
        assert [page.dots_per_inch for page in pages] == [pytest.approx(150, abs=0.1)]
        assert [page.image.size for page in pages] == [(300, 2500)]
        return [PAGE]


def test_boxes_doubtful_words_and_confidence_come_along_and_only_to_who_asks(serving: Serving) -> None:
    page = replace(draw_page(1, (300, 2500)), dots_per_inch=150.0)
    with (
        serving(OneReader(_KnowingReader())) as api,
        reading(f"{api.url}/v1", model="papertray", key=api.token) as reader,
    ):
        (text,) = reader.read([page], Watch())
        assert replace(text, tokens=0) == PAGE
        content = io.BytesIO()
        page.image.save(content, "PNG", dpi=(150, 150))
        body = {"stream": True, "messages": [{"role": "user", "content": [_as_data_url(content)]}]}
        answer = api.http.post("/v1/chat/completions", json=body).text
        assert all("papertray" not in json.loads(line[6:]) for line in answer.splitlines() if "{" in line)


def test_who_waits_hears_that_the_page_is_still_read(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "KEEP_ALIVE", 0.0)
    heard = threading.Event()

    def wait(_page: PageImage) -> None:
        heard.wait(30)

    with serving(OneReader(InstantReader(before=wait))) as api:
        body = {"stream": True, "messages": [{"role": "user", "content": [_image(draw_page(1))]}]}
        with api.http.stream("POST", "/v1/chat/completions", json=body) as answer:
            lines = []
            for line in answer.iter_lines():
                lines.append(line)
                if line.startswith(":"):
                    heard.set()
    assert ": still here" in lines
    assert lines[-2] == "data: [DONE]"


def test_a_page_that_cannot_be_read_there_is_not_sent_again(serving: Serving) -> None:
    asked = []

    def refuse(page: PageImage) -> None:
        asked.append(page.number)
        raise ReaderError("This page is upside down.", "Turn it.")

    with (
        serving(OneReader(InstantReader(before=refuse))) as api,
        reading(f"{api.url}/v1", model="papertray", key=api.token) as reader,
        pytest.raises(ReaderError, match=r"422.*upside down"),
    ):
        reader.read([draw_page(1)], Watch())
    assert len(asked) == 1


def _image(page: PageImage) -> dict[str, object]:
    content = io.BytesIO()
    page.image.save(content, "PNG")
    return _as_data_url(content)


def _as_data_url(content: io.BytesIO) -> dict[str, object]:
    url = f"data:image/png;base64,{base64.b64encode(content.getvalue()).decode()}"
    return {"type": "image_url", "image_url": {"url": url}}
