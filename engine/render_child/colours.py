"""Turn whatever a file calls pixels into RGB as a person would see it on white paper.

Takes a loaded Pillow image and gives one in mode RGB; touches no file.
"""

from PIL import Image, ImageCms, TiffImagePlugin
from PIL.ExifTags import Base

WHITE_IS_ZERO = 0
WHITES = (1.0, 255.0, 65535.0)  # what files of one deep channel mean by white, when their values fit


def to_rgb(image: Image.Image, behind: str = "paper") -> Image.Image:
    """`behind` is what shows through transparent pixels; see `Limits`."""
    if image.mode == "RGB" and not image.has_transparency_data:
        return image
    if image.mode.startswith("I;16"):
        return _from_sixteen_bits(image).convert("RGB")
    if image.mode in ("I", "F"):
        return _from_deep(image).convert("RGB")
    if image.mode == "LAB":
        return _from_lab(image)
    if image.has_transparency_data:
        opaque = image if image.mode == "RGBA" else image.convert("RGBA")
        return _on_white(opaque) if behind == "paper" else opaque.convert("RGB")
    return image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image)
    return paper


def _from_sixteen_bits(image: Image.Image) -> Image.Image:
    grey = image.convert("I").point(lambda value: value * (1 / 257) + 0.5).convert("L")
    return grey.point(lambda value: 255 - value) if _white_is_zero(image) else grey


def _white_is_zero(image: Image.Image) -> bool:
    """Pillow turns such TIFFs round for 8 bits and fewer, not for 16."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return False
    return bool(image.tag_v2.get(Base.PhotometricInterpretation) == WHITE_IS_ZERO)


def _from_deep(image: Image.Image) -> Image.Image:
    """Numbers without an agreed white: the smallest usual one that fits, else the image's own range."""
    black, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type]  # one channel, one pair
    white = next((white for white in WHITES if black >= 0 and high <= white), None)
    if white is None:
        white = high
    else:
        black = 0.0
    scale = 255 / ((white - black) or 1.0)
    return image.convert("F").point(lambda value: value * scale + (0.5 - black * scale)).convert("L")


def _from_lab(image: Image.Image) -> Image.Image:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    turned = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
    return turned if turned is not None else image.convert("L").convert("RGB")
