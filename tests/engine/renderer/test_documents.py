"""What a file is, told from its first bytes."""

import io
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from papertray.engine.documents import HEAD, SUFFIXES, kind_of_file

DIB = bytes.fromhex("28000000400000003000000001001800 00000000")  # 64 by 48, 24 bits
FTYP = b"\x00\x00\x00\x1cftyp"


def saved(kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("format_", "kind"),
    [
        *(
            ("PNG", "png"),
            ("JPEG", "jpeg"),
            ("WEBP", "webp"),
            ("AVIF", "avif"),
            ("BMP", "bmp"),
            ("GIF", "gif"),
        ),
        *(("TIFF", "tiff"), ("JPEG2000", "jpeg2000")),
    ],
)
def test_a_kind_is_told_from_what_pillow_writes(format_: str, kind: str) -> None:
    assert kind_of_file(saved(format_)[:HEAD]) == kind


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\xef\xbb\xbf some mailer's words\r\n%PDF-1.4", "pdf"),
        (b"x" * HEAD + b"%PDF-1.4", None),
        (b"MM\x00*\x00\x00\x00\x08", "tiff"),
        (b"II+\x00\x08\x00\x00\x00", "tiff"),
        (b"\xff\x4f\xff\x51\x00\x29", "jpeg2000"),
        (FTYP + b"heic\x00\x00\x00\x00mif1heic", "heic"),
        (FTYP + b"mif1\x00\x00\x00\x00mif1heic", "heic"),
        (FTYP + b"mif1\x00\x00\x00\x00miafavif", "avif"),
        (FTYP + b"isom\x00\x00\x00\x00isommp42", None),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"PK\x03\x04", None),
        (DIB, "dib"),
        (DIB.replace(b"\x01\x00\x18", b"\x02\x00\x18"), None),
        (DIB[:15], None),
        (b"plain words", None),
        (b"", None),
    ],
)
def test_a_kind_is_told_from_magic_bytes(head: bytes, kind: str | None) -> None:
    assert kind_of_file(head) == kind


@given(st.binary(max_size=64))
def test_any_beginning_has_an_answer(head: bytes) -> None:
    assert kind_of_file(head) in {
        None,
        "png",
        "jpeg",
        "webp",
        "avif",
        "bmp",
        "dib",
        "gif",
        "tiff",
        "heic",
        "jpeg2000",
        "pdf",
    }


def test_suffixes_are_lower_case_with_a_dot() -> None:
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in SUFFIXES)


def test_the_idle_daemon_loads_no_decoder_with_the_renderer() -> None:
    heavy = {"PIL", "numpy", "pypdfium2", "pi_heif"}
    code = f"import sys, papertray.engine.renderer; print({heavy} & sys.modules.keys())"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "set()"
