"""Icons that can be told apart: by shape, on any bar, at any size."""

from itertools import combinations

import pytest
from PIL import Image, ImageChops

from papertray.tray.face.drawing import BarShade, draw_face
from papertray.tray.face.face import STEPS, Face, Mood

SIZES = (16, 20, 22, 24, 32, 48, 64)
BARS = {BarShade.LIGHT: (240, 240, 242), BarShade.DARK: (30, 31, 36)}


def on_bar(face: Face, bar: BarShade, size: int) -> Image.Image:
    under = Image.new("RGBA", (size, size), BARS[bar])
    under.alpha_composite(draw_face(face, bar, size))
    return under.convert("L")


def differing(one: Image.Image, other: Image.Image) -> int:
    """Pixels whose brightness differs clearly: a colour-blind eye sees no more."""
    return sum(ImageChops.difference(one, other).histogram()[40:])


@pytest.mark.parametrize("bar", BarShade)
@pytest.mark.parametrize("size", SIZES)
def test_any_two_states_differ_without_colour(bar: BarShade, size: int) -> None:
    faces = {mood: on_bar(Face(mood, STEPS // 2), bar, size) for mood in Mood}
    for one, other in combinations(Mood, 2):
        assert differing(faces[one], faces[other]) >= size * size // 64, (one, other)


@pytest.mark.parametrize("bar", BarShade)
@pytest.mark.parametrize("size", SIZES)
def test_every_state_stands_out_from_its_bar(bar: BarShade, size: int) -> None:
    empty = Image.new("RGBA", (size, size), BARS[bar]).convert("L")
    for mood in Mood:
        assert differing(on_bar(Face(mood), bar, size), empty) > size * size // 6, mood


@pytest.mark.parametrize("mood", [Mood.WORKING, Mood.DOWNLOADING])
@pytest.mark.parametrize("size", SIZES)
def test_progress_fills_the_icon_step_by_step(mood: Mood, size: int) -> None:
    pixels = [draw_face(Face(mood, step), BarShade.DARK, size).tobytes() for step in range(STEPS + 1)]
    assert len(set(pixels)) >= min(size // 2, STEPS + 1)
    assert pixels[0] != pixels[-1]


@pytest.mark.parametrize("size", SIZES)
def test_corners_are_clear_and_the_size_is_the_one_asked_for(size: int) -> None:
    for mood in Mood:
        image = draw_face(Face(mood), BarShade.LIGHT, size)
        assert (image.size, image.mode, image.getpixel((0, 0))) == ((size, size), "RGBA", (0, 0, 0, 0))


def test_at_16_pixels_straight_edges_are_not_blurred() -> None:
    """The page's left edge and the tray's rim lie on whole pixels: nothing there is half clear."""
    image = draw_face(Face(Mood.IDLE), BarShade.DARK, 16)
    half_clear = [
        (x, y)
        for x in range(3, 9)
        for y in range(16)
        if 0 < image.getpixel((x, y))[3] < 255  # type: ignore[index]
    ]
    assert half_clear == []
