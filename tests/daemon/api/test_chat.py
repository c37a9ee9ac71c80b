"""papertray as an OCR server for programs made for OpenAI's API, proven with the official client."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from tests.daemon.api.conftest import Served
from tests.daemon.api.test_uploads import said_of
from tests.desks import draw, draw_pages


@pytest.fixture(scope="module")
def client(shared_api: Served) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{shared_api.url}/v1", api_key=shared_api.token, max_retries=0) as client:
        yield client


def url_of(file: Path, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"


def message(*urls: str) -> list[dict[str, object]]:
    images = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    return [{"role": "user", "content": [{"type": "text", "text": "Read this."}, *images]}]


def test_an_image_is_answered_with_its_text(client: openai.OpenAI, tmp_path: Path) -> None:
    picture = draw(tmp_path / "a.png", "hello")
    answer = client.chat.completions.create(model="papertray", messages=message(url_of(picture)))
    assert answer.choices[0].message.content == said_of(picture)
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage is not None
    written = len(re.findall(r"\w+|[^\w\s]", said_of(picture)))
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (1, written)
    assert answer.usage.total_tokens == 1 + written


def test_several_images_are_answered_in_their_order(client: openai.OpenAI, tmp_path: Path) -> None:
    pictures = [draw(tmp_path / f"{number}.png", f"picture {number}") for number in range(3)]
    answer = client.chat.completions.create(model="auto", messages=message(*map(url_of, pictures)))
    assert answer.choices[0].message.content == "\n\n".join(map(said_of, pictures))


def test_a_stream_says_the_same_piece_by_piece(client: openai.OpenAI, tmp_path: Path) -> None:
    pictures = [draw(tmp_path / f"{number}.png", f"picture {number}") for number in range(3)]
    chunks = list(
        client.chat.completions.create(
            model="papertray",
            messages=message(*map(url_of, pictures)),
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == "\n\n".join(map(said_of, pictures))
    assert len([chunk for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]) == 3
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.prompt_tokens == 3
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_pdf_can_be_sent_as_a_file(client: openai.OpenAI, tmp_path: Path) -> None:
    book = url_of(draw_pages(tmp_path / "b.pdf", "page", 2), "application/pdf")
    part = {"type": "file", "file": {"filename": "b.pdf", "file_data": book}}
    answer = client.chat.completions.create(model="", messages=[{"role": "user", "content": [part]}])
    assert "<!-- page 2 of 2 -->" in (answer.choices[0].message.content or "")


def test_only_the_last_message_with_images_is_read(client: openai.OpenAI, tmp_path: Path) -> None:
    first, last = draw(tmp_path / "a.png", "first"), draw(tmp_path / "b.png", "last")
    talk = [*message(url_of(first)), {"role": "assistant", "content": "…"}, *message(url_of(last))]
    talk += [{"role": "user", "content": "And now?"}]
    answer = client.chat.completions.create(model="", messages=talk)
    assert answer.choices[0].message.content == said_of(last)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://example.com/a.png", "papertray fetches nothing"),
        ("file:///etc/passwd", "papertray fetches nothing"),
        ("data:image/png;base64,???", "no base64"),
        ("data:image/png,plain", "no data URL"),
    ],
)
def test_only_the_image_itself_is_taken(client: openai.OpenAI, url: str, says: str) -> None:
    with pytest.raises(openai.BadRequestError, match=says):
        client.chat.completions.create(model="", messages=message(url))


def test_a_question_without_an_image_is_refused(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="no image"):
        client.chat.completions.create(model="", messages=[{"role": "user", "content": "Who are you?"}])


def test_errors_come_in_the_clients_own_shape(
    client: openai.OpenAI, shared_api: Served, tmp_path: Path
) -> None:
    image = message(url_of(draw(tmp_path / "a.png", "hello")))
    with pytest.raises(openai.NotFoundError, match="There is no model called gpt-4"):
        client.chat.completions.create(model="gpt-4", messages=image)
    with pytest.raises(openai.UnprocessableEntityError, match="messages"):
        client.chat.completions.create(model="", messages=[])
    with (
        openai.OpenAI(base_url=f"{shared_api.url}/v1", api_key="wrong", max_retries=0) as stranger,
        pytest.raises(openai.AuthenticationError, match="papertray does not know who asks"),
    ):
        stranger.chat.completions.create(model="", messages=image)


@pytest.mark.parametrize("stream", [False, True])
def test_an_image_that_cannot_be_read_is_an_error(client: openai.OpenAI, stream: bool) -> None:
    torn = f"data:image/png;base64,{base64.b64encode(b'no picture').decode()}"
    with pytest.raises(openai.APIError, match="neither a PDF nor an image"):
        list(client.chat.completions.create(model="", messages=message(torn), stream=stream))


def test_the_models_are_listed_in_the_clients_shape(client: openai.OpenAI) -> None:
    models = {model.id: model for model in client.models.list()}
    assert models["quick"].object == "model"
    assert models["quick"].model_extra is not None
    assert models["quick"].model_extra["installed"] is True
    assert client.models.retrieve("deepseek-ocr-2").id == "deepseek-ocr-2"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-4")
