"""Every kind of image, and every way of storing pixels, comes out as a person would see it."""

import io
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, TiffImagePlugin

from papertray.engine.renderer import Outline, PageSize, Renderer
from tests.engine.renderer.documents_made import DATA, drawn, halves, near

RED, BLUE, WHITE, BLACK, GREY = (254, 0, 0), (0, 0, 254), (255, 255, 255), (0, 0, 0), (128, 128, 128)


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


def stored(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


@pytest.mark.parametrize(
    ("suffix", "kind", "options"),
    [
        ("png", "png", {}),
        ("jpg", "jpeg", {"quality": 95, "subsampling": 0}),
        ("jpg", "jpeg", {"quality": 95, "subsampling": 0, "progressive": True}),
        ("webp", "webp", {"lossless": True}),
        ("avif", "avif", {"quality": 95}),
        ("bmp", "bmp", {}),
        ("gif", "gif", {}),
        ("tif", "tiff", {}),
        ("tif", "tiff", {"compression": "tiff_lzw"}),
        ("tif", "tiff", {"compression": "jpeg", "quality": 95}),
        ("jp2", "jpeg2000", {}),
        ("j2k", "jpeg2000", {}),
    ],
)
def test_every_kind_is_drawn(
    tmp_path: Path, renderer: Renderer, suffix: str, kind: str, options: dict[str, object]
) -> None:
    path = stored(tmp_path / f"scan.{suffix}", halves(), **options)
    assert renderer.inspect(path) == Outline(kind, (PageSize(64, 48),))
    page = drawn(renderer, path)
    assert (page.mode, page.size) == ("RGB", (64, 48))
    assert near(page.getpixel((8, 40)), RED)
    assert near(page.getpixel((56, 8)), BLUE)


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "1"])
def test_a_bitmap_without_its_first_header_is_drawn_as_with_it(
    tmp_path: Path, renderer: Renderer, mode: str
) -> None:
    whole = stored(tmp_path / "scan.bmp", halves().convert(mode))
    bare = tmp_path / "scan.dib"
    bare.write_bytes(whole.read_bytes()[14:])
    assert renderer.inspect(bare) == Outline("dib", (PageSize(64, 48),))
    assert drawn(renderer, bare).tobytes() == drawn(renderer, whole).tobytes()


def test_a_wrong_suffix_changes_nothing(tmp_path: Path, renderer: Renderer) -> None:
    path = tmp_path / "scan.pdf"
    halves().save(path, "PNG")
    assert renderer.inspect(path).kind == "png"
    assert near(drawn(renderer, path).getpixel((8, 8)), RED)


def test_every_image_of_a_heic_is_a_page(tmp_path: Path, renderer: Renderer) -> None:
    path = Path(shutil.copy(DATA / "two_images.heic", tmp_path))
    assert renderer.inspect(path) == Outline("heic", (PageSize(64, 48), PageSize(32, 80)))
    assert near(drawn(renderer, path, 1).getpixel((8, 8)), RED)
    assert near(drawn(renderer, path, 2).getpixel((8, 8)), (0, 255, 0))


def test_a_heic_taken_sideways_is_upright(tmp_path: Path, renderer: Renderer) -> None:
    path = Path(shutil.copy(DATA / "turned.heic", tmp_path))
    assert renderer.inspect(path).pages == (PageSize(48, 64),)
    page = drawn(renderer, path)
    assert near(page.getpixel((24, 8)), RED)
    assert near(page.getpixel((24, 56)), BLUE)


def test_every_page_of_a_tiff_has_its_own_size_and_mode(tmp_path: Path, renderer: Renderer) -> None:
    path = tmp_path / "fax.tiff"
    pages = [halves(), Image.new("1", (30, 90), 1), Image.new("L", (20, 10), 128), Image.new("CMYK", (9, 8))]
    pages[0].save(path, save_all=True, append_images=pages[1:], dpi=(300, 300))
    sizes = [(page.width, page.height) for page in renderer.inspect(path).pages]
    assert sizes == [(64, 48), (30, 90), (20, 10), (9, 8)]
    assert renderer.inspect(path).pages[0].dots_per_inch == 300
    seen = [drawn(renderer, path, number).getpixel((5, 5)) for number in (4, 2, 1, 3)]
    assert seen == [WHITE, WHITE, (255, 0, 0), GREY]


@pytest.mark.parametrize(("suffix", "mode"), [("gif", "P"), ("webp", "RGB"), ("png", "RGB")])
def test_an_animation_is_its_first_picture(
    tmp_path: Path, renderer: Renderer, suffix: str, mode: str
) -> None:
    path = tmp_path / f"moving.{suffix}"
    halves().convert(mode).save(
        path, save_all=True, append_images=[Image.new(mode, (64, 48), 0)], duration=50
    )
    assert len(renderer.inspect(path).pages) == 1
    assert near(drawn(renderer, path).getpixel((8, 8)), RED)


def test_a_camera_jpeg_with_a_preview_is_one_page(tmp_path: Path, renderer: Renderer) -> None:
    path = tmp_path / "camera.jpg"
    halves().save(path, "MPO", save_all=True, append_images=[Image.new("RGB", (8, 8), "lime")], quality=95)
    assert renderer.inspect(path) == Outline("jpeg", (PageSize(64, 48),))


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "lzw.tif", "avif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_camera_says(
    tmp_path: Path, renderer: Renderer, suffix: str, orientation: int
) -> None:
    upright = Image.new("RGB", (64, 48), "white")
    upright.paste("red", (0, 0, 32, 24))  # the top left quarter tells all eight ways apart
    upright.paste("blue", (32, 0, 64, 24))
    undo = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    raw = upright if undo is None else upright.transpose(Image.Transpose(undo))
    notes = Image.Exif()
    notes[0x0112] = orientation
    options = {"compression": "tiff_lzw"} if suffix == "lzw.tif" else {"quality": 95}
    path = stored(tmp_path / f"photo.{suffix}", raw, exif=notes, **options)
    assert renderer.inspect(path).pages == (PageSize(64, 48),)
    page = drawn(renderer, path)
    assert page.size == (64, 48)
    assert near(page.getpixel((12, 10)), RED, 12)
    assert near(page.getpixel((52, 10)), BLUE, 12)
    assert near(page.getpixel((12, 38)), WHITE, 12)


def test_broken_notes_about_a_picture_do_not_spoil_it(tmp_path: Path, renderer: Renderer) -> None:
    path = stored(tmp_path / "photo.jpg", halves(), exif=b"Exif\0\0nonsense")
    assert drawn(renderer, path).size == (64, 48)


MODES = {
    "1-bit": (Image.new("1", (8, 8), 1), "png", WHITE),
    "1-bit black": (Image.new("1", (8, 8), 0), "tif", BLACK),
    "grey": (Image.new("L", (8, 8), 128), "png", GREY),
    "grey with alpha": (Image.new("LA", (8, 8), (0, 0)), "png", WHITE),
    "opaque alpha": (Image.new("RGBA", (8, 8), (254, 0, 0, 255)), "png", RED),
    "transparent": (Image.new("RGBA", (8, 8), (254, 0, 0, 0)), "webp", WHITE),
    "half transparent": (Image.new("RGBA", (8, 8), (0, 0, 0, 127)), "png", GREY),
    "CMYK": (Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "tif", (255, 0, 0)),
    "inverted CMYK of Adobe": (Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "jpg", RED),
    "YCbCr": (Image.new("RGB", (8, 8), "red").convert("YCbCr"), "tif", RED),
    "LAB": (Image.new("LAB", (8, 8), (255, 128, 128)), "tif", WHITE),
    "16-bit grey": (Image.new("I;16", (8, 8), 128 * 257), "png", GREY),
    "16-bit white": (Image.new("I;16", (8, 8), 65535), "tif", WHITE),
    "32-bit, as 16": (Image.new("I", (8, 8), 128 * 257), "tif", GREY),
    "32-bit, as 8": (Image.new("I", (8, 8), 128), "tif", GREY),
    "float to 1": (Image.new("F", (8, 8), 0.5), "tif", GREY),
    "float to 255": (Image.new("F", (8, 8), 128.0), "tif", GREY),
}


@pytest.mark.parametrize("name", MODES)
def test_every_way_of_storing_pixels_comes_out_right(tmp_path: Path, renderer: Renderer, name: str) -> None:
    image, suffix, colour = MODES[name]
    page = drawn(renderer, stored(tmp_path / f"scan.{suffix}", image))
    assert page.mode == "RGB"
    assert near(page.getpixel((4, 4)), colour, 3)


def test_floats_beyond_any_white_span_their_own_range(tmp_path: Path, renderer: Renderer) -> None:
    image = Image.new("F", (8, 8), -3.0)
    image.paste(1e6, (4, 0, 8, 8))
    page = drawn(renderer, stored(tmp_path / "scan.tif", image))
    assert (page.getpixel((1, 1)), page.getpixel((6, 1))) == (BLACK, WHITE)


def test_a_palette_with_a_transparent_colour_lies_on_white(tmp_path: Path, renderer: Renderer) -> None:
    for suffix in ("png", "gif"):
        image = halves().quantize(4)
        path = stored(tmp_path / f"logo.{suffix}", image, transparency=image.getpixel((60, 5)))
        page = drawn(renderer, path)
        assert near(page.getpixel((8, 8)), RED)
        assert page.getpixel((60, 5)) == WHITE


def test_a_grey_picture_with_a_transparent_grey_lies_on_white(tmp_path: Path, renderer: Renderer) -> None:
    path = stored(tmp_path / "logo.png", Image.new("L", (8, 8), 30), transparency=30)
    assert drawn(renderer, path).getpixel((4, 4)) == WHITE


@pytest.mark.parametrize(("bits", "mode"), [(16, "I;16"), (8, "L"), (1, "1")])
def test_a_tiff_whose_zero_is_white_is_not_a_negative(
    tmp_path: Path, renderer: Renderer, bits: int, mode: str
) -> None:
    path = tmp_path / "fax.tif"
    info = TiffImagePlugin.ImageFileDirectory_v2()
    black = io.BytesIO()
    Image.new(mode, (8, 8), 0).save(black, "TIFF", tiffinfo=info)
    tag = struct.pack("<HHIH", 262, 3, 1, 1)
    assert tag in black.getvalue()
    path.write_bytes(black.getvalue().replace(tag, struct.pack("<HHIH", 262, 3, 1, 0)))
    assert drawn(renderer, path).getpixel((4, 4)) == WHITE


@pytest.mark.parametrize(
    ("dots", "told"), [((300, 300), 300.0), ((72, 72), None), ((300, 150), None), ((9999, 9999), None)]
)
def test_only_a_scanners_resolution_is_believed(
    tmp_path: Path, renderer: Renderer, dots: tuple[int, int], told: float | None
) -> None:
    path = stored(tmp_path / "scan.jpg", halves(), dpi=dots)
    assert renderer.inspect(path).pages[0].dots_per_inch == told
    assert renderer.image(path, 1).dots_per_inch == told


def test_pixels_larger_than_a_part_arrive_in_order(tmp_path: Path, renderer: Renderer) -> None:
    image = Image.linear_gradient("L").resize((1501, 2103)).convert("RGB")
    path = stored(tmp_path / "large.bmp", image)
    assert drawn(renderer, path).tobytes() == image.tobytes()
