"""Open image files with Pillow and pi-heif: sizes from the header, pixels one page at a time.

A TIFF's and a HEIC's images are pages, for none may be dropped in silence. Of every other kind the first
image is the document: what follows is a preview, another exposure or the rest of an animation.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import BinaryIO

from PIL import Image, ImageFile
from PIL.ExifTags import Base

from papertray.engine.documents import DocumentLimits, PageSize
from papertray.engine.errors import NoSuchPage, TooManyPages
from papertray.engine.render_child.colours import to_rgb
from papertray.engine.render_child.document import PageDrawing, Refusal, refuse_too_many_pixels

PLUGINS = {  # the one decoder a kind may reach
    "png": ("PIL.PngImagePlugin", "PngImageFile"),
    "jpeg": ("PIL.JpegImagePlugin", "JpegImageFile"),
    "webp": ("PIL.WebPImagePlugin", "WebPImageFile"),
    "avif": ("PIL.AvifImagePlugin", "AvifImageFile"),
    "bmp": ("PIL.BmpImagePlugin", "BmpImageFile"),
    "dib": ("PIL.BmpImagePlugin", "DibImageFile"),
    "gif": ("PIL.GifImagePlugin", "GifImageFile"),
    "tiff": ("PIL.TiffImagePlugin", "TiffImageFile"),
    "heic": ("pi_heif", "HeifImageFile"),
    "jpeg2000": ("PIL.Jpeg2KImagePlugin", "Jpeg2KImageFile"),
}
PAGED = frozenset({"tiff", "heic"})
UPRIGHT = 1
TURNS = {  # what each EXIF orientation asks for
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = frozenset({5, 6, 7, 8})
ORIENTED_BY = ("exif", "Raw profile type exif", "xmp", "XML:com.adobe.xmp")
CREDIBLE = range(100, 2401)  # dots per inch; 72 and 96 are what programs write that do not know
PART = 4 << 20  # bytes sent at a time, so that a page is never in memory twice


class ImageDocument:
    """An image file, open."""

    def __init__(self, file: BinaryIO, kind: str, limits: DocumentLimits) -> None:
        module, name = PLUGINS[kind]
        self._image: ImageFile.ImageFile = getattr(import_module(module), name)(file)
        self._limits = limits
        self.pages = tuple(self._sizes(paged=kind in PAGED))

    def draw(self, number: int) -> PageDrawing:
        if number > len(self.pages):
            raise Refusal(NoSuchPage, number, len(self.pages))
        refuse_too_many_pixels(self.pages[number - 1], self._limits)
        self._image.seek(number - 1)
        self._image.load()
        image = to_rgb(self._image, self._limits.behind)
        turn = TURNS.get(find_orientation(self._image))
        if turn is not None:
            image = image.transpose(turn)
        size = PageSize(*image.size, self.pages[number - 1].dots_per_inch)
        return PageDrawing(size, stride=size.width * 3, parts=_parts(image))

    def look(self, number: int) -> PageDrawing:
        """Nothing is written in a picture."""
        return self.draw(number)

    def close(self) -> None:
        self._image.close()

    def _sizes(self, *, paged: bool) -> Iterator[PageSize]:
        self._image.seek(0)
        yield _size(self._image)
        number = 1
        while paged:
            try:
                self._image.seek(number)
            except EOFError:
                return
            number += 1
            if number > self._limits.max_pages:
                raise Refusal(TooManyPages, self._limits.max_pages)
            yield _size(self._image)


def _size(image: ImageFile.ImageFile) -> PageSize:
    width, height = image.size
    turned = find_orientation(image) in SIDEWAYS
    return PageSize(*((height, width) if turned else (width, height)), _dots_per_inch(image))


def find_orientation(image: ImageFile.ImageFile) -> int:
    """How the picture has still to be turned, without decoding it. Pillow turns TIFFs, size and all."""
    if image.format == "TIFF" or not any(key in image.info for key in ORIENTED_BY):
        return UPRIGHT
    try:  # the PNG plugin's own `getexif` would decode the whole picture to look for more
        return int(Image.Image.getexif(image).get(Base.Orientation, UPRIGHT))
    except Exception:  # a picture with broken notes about itself is still a picture
        return UPRIGHT


def _dots_per_inch(image: ImageFile.ImageFile) -> float | None:
    """The file's resolution where it is one that a scanner would write: the same both ways, and plausible."""
    across, down = map(float, image.info.get("dpi", (0, 0)))
    same = abs(across - down) <= 0.02 * max(across, down)
    return across if same and CREDIBLE[0] <= across <= CREDIBLE[-1] else None


def _parts(image: Image.Image) -> Iterator[bytes]:
    rows = max(1, PART // (image.width * 3))
    for top in range(0, image.height, rows):
        yield image.crop((0, top, image.width, min(top + rows, image.height))).tobytes()
