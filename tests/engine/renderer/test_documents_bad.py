"""What a document cannot be: one sentence each that names the file, and the renderer works on."""

import contextlib
import os
import struct
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from papertray.engine import errors
from papertray.engine.renderer import DocumentLimits, Renderer
from tests.engine.renderer.documents_made import drawn, halves, pdf

FORMATS = ("png", "jpg", "webp", "avif", "bmp", "gif", "tif", "jp2")


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


def stored(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def read_all(renderer: Renderer, path: Path) -> None:
    for number, _ in enumerate(renderer.inspect(path).pages, start=1):
        renderer.image(path, number)


def noise(path: Path, **options: object) -> bytes:
    Image.effect_noise((300, 200), 80).convert("RGB").save(path, **options)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", errors.EmptyFile),
        (b"Dear Sir or Madam", errors.NotADocument),
        (b"PK\x03\x04 a spreadsheet", errors.NotADocument),
        (b"\x00" * 5000, errors.NotADocument),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 5000, errors.Unreadable),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 5000, errors.Unreadable),
        (b"%PDF-1.7\nnothing more", errors.Truncated),
        (b"%PDF-1.7\nnonsense\nstartxref\n9\n%%EOF\n", errors.Unreadable),
        (pdf(), errors.NoPages),
    ],
)
def test_what_is_no_document_is_told(
    tmp_path: Path, renderer: Renderer, data: bytes, error: type[errors.DocumentError]
) -> None:
    path = stored(tmp_path / "scan.pdf", data)
    with pytest.raises(error, match=r"scan\.pdf") as caught:
        read_all(renderer, path)
    assert type(caught.value) is error
    assert caught.value.advice
    assert path.read_bytes() == data


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("share", [0.3, 0.9, 0.99])
def test_half_an_image_is_refused_rather_than_half_read(
    tmp_path: Path, renderer: Renderer, suffix: str, share: float
) -> None:
    data = noise(tmp_path / f"scan.{suffix}")
    path = stored(tmp_path / f"cut.{suffix}", data[: int(len(data) * share)])
    with pytest.raises((errors.Truncated, errors.Unreadable), match=r"cut\."):
        read_all(renderer, path)


@pytest.mark.parametrize("options", [{}, {"progressive": True}])
def test_a_truncated_jpeg_says_that_a_part_is_missing(
    tmp_path: Path, renderer: Renderer, options: dict[str, object]
) -> None:
    data = noise(tmp_path / "scan.jpg", **options)
    with pytest.raises(errors.Truncated, match=r"cut\.jpg ends too early"):
        read_all(renderer, stored(tmp_path / "cut.jpg", data[:-2000]))


@pytest.mark.parametrize("share", [0.5, 0.9, 0.97])
def test_a_truncated_pdf_says_that_a_part_is_missing(
    tmp_path: Path, renderer: Renderer, share: float
) -> None:
    data = pdf(*["/MediaBox [0 0 100 100]"] * 40, contents="0 0 9 9 re f")
    with pytest.raises(errors.Truncated, match=r"cut\.pdf ends too early"):
        read_all(renderer, stored(tmp_path / "cut.pdf", data[: int(len(data) * share)]))


def test_a_pdf_padded_by_its_storage_is_read(tmp_path: Path, renderer: Renderer) -> None:
    data = pdf("/MediaBox [0 0 100 100]") + b"\x00" * 4096
    assert len(renderer.inspect(stored(tmp_path / "padded.pdf", data)).pages) == 1


def png(width: int, height: int, bits: int) -> bytes:
    """A few bytes that claim any size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("side", "bits"), [(35_000, 1), (60_000, 8)])
def test_a_bomb_is_refused_from_its_header(tmp_path: Path, renderer: Renderer, side: int, bits: int) -> None:
    path = stored(tmp_path / "bomb.png", png(side, side, bits))
    with pytest.raises(errors.TooLarge, match=f"bomb.png is {side:,} × {side:,} .*documents.max_megapixels"):
        renderer.inspect(path)
    with pytest.raises(errors.TooLarge):
        renderer.image(path, 1)


def test_an_image_just_within_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    Image.new("1", (2_000, 1_000), 1).save(path)
    with Renderer(DocumentLimits(max_megapixels=2)) as renderer:
        assert drawn(renderer, path).size == (2_000, 1_000)
    with Renderer(DocumentLimits(max_megapixels=1)) as renderer, pytest.raises(errors.TooLarge):
        renderer.inspect(path)


def test_an_oversized_page_of_a_tiff_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "fax.tif"
    halves().save(path, save_all=True, append_images=[Image.new("1", (2_000, 1_000)), halves()])
    with Renderer(DocumentLimits(max_megapixels=1)) as renderer:
        assert len(renderer.inspect(path).pages) == 3
        with pytest.raises(errors.TooLarge):
            renderer.image(path, 2)
        assert drawn(renderer, path, 3).size == (64, 48)


def test_a_tiff_with_more_pages_than_allowed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "fax.tif"
    halves((2, 2)).save(path, save_all=True, append_images=[halves((2, 2))] * 5)
    with Renderer(DocumentLimits(max_pages=5)) as renderer, pytest.raises(errors.TooManyPages):
        renderer.inspect(path)
    with Renderer(DocumentLimits(max_pages=6)) as renderer:
        assert len(renderer.inspect(path).pages) == 6


NAMES = [
    "my scan.png",
    'it\'s "quoted".png',
    "two\nlines.png",
    "receipt 🧾.png",
    "-rf.png",
    "--help",
    "cafe\u0301.png",
    "caf\u00e9.png",
    "발신.png",
    "x" * 251 + ".png",
    os.fsdecode(b"caf\xe9.png"),
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_any_name_is_opened(tmp_path: Path, renderer: Renderer, name: str) -> None:
    path = tmp_path / name
    try:
        with path.open("wb") as file:
            halves().save(file, "PNG")
    except (OSError, UnicodeError):
        pytest.skip("this file system cannot hold such a name")
    assert drawn(renderer, path).size == (64, 48)


@pytest.mark.skipif(sys.platform == "win32", reason="no such names on Windows")
@pytest.mark.parametrize("name", ["two\nlines.png", os.fsdecode(b"caf\xe9.png"), "\u202egnp.png"], ids=ascii)
def test_a_sentence_about_any_name_is_one_printable_line(
    tmp_path: Path, renderer: Renderer, name: str
) -> None:
    with pytest.raises(errors.EmptyFile) as caught:
        renderer.inspect(stored(tmp_path / name, b""))
    assert str(caught.value).isprintable()


def test_a_relative_path_is_opened_from_where_the_caller_stands(
    tmp_path: Path, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    halves().save(tmp_path / "scan.png")
    monkeypatch.chdir(tmp_path)
    assert drawn(renderer, Path("scan.png")).size == (64, 48)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")
def test_a_fifo_is_not_waited_for(tmp_path: Path, renderer: Renderer) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(errors.NotAFile, match=r"pipe\.png"):
        renderer.inspect(tmp_path / "pipe.png")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no device files on this system")
def test_a_device_is_not_read(renderer: Renderer) -> None:
    with pytest.raises(errors.NotAFile):
        renderer.inspect(Path("/dev/zero"))


def test_a_folder_is_not_a_document(tmp_path: Path, renderer: Renderer) -> None:
    with pytest.raises(errors.NotAFile):
        renderer.inspect(tmp_path)


@contextlib.contextmanager
def nobody() -> Iterator[None]:
    """Root may open everything, so we become somebody who may not."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are not taken away like this on Windows")
def test_a_file_without_permission_says_so(renderer: Renderer) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "private.png"
        halves().save(path)
        assert renderer.inspect(path).kind == "png"
        path.chmod(0)
        with nobody(), pytest.raises(errors.NotAllowed, match=r"may not open private\.png") as caught:
            renderer.inspect(path)
        assert caught.value.retry


@given(
    data=st.sampled_from(FORMATS),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6),
)
@settings(
    deadline=None,
    derandomize=True,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_bytes_broken_anywhere_give_a_page_or_a_sentence(
    tmp_path: Path, renderer: Renderer, data: str, cuts: list[tuple[float, bytes]]
) -> None:
    broken = bytearray(noise(tmp_path / f"whole.{data}"))
    for place, bytes_ in cuts:
        at = int(place * len(broken))
        broken[at : at + len(bytes_)] = bytes_
    with contextlib.suppress(errors.DocumentError):
        read_all(renderer, stored(tmp_path / f"broken.{data}", bytes(broken)))
