"""The pictures of an image file, each packed as it is wherever a PDF can take that.

Takes an open image file; gives a picture for each of its pages. Other pixels than the file's are made only
where it has transparent ones, or is packed in a way that a PDF does not know.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from typing import BinaryIO

from PIL import Image, ImageCms, ImageFile, TiffImagePlugin
from PIL.ExifTags import Base

from papertray.engine.documents import DocumentLimits, PageSize
from papertray.engine.pdf_child.picture import Picture, picture_of_png
from papertray.engine.render_child.colours import to_rgb
from papertray.engine.render_child.document import refuse_too_many_pixels
from papertray.engine.render_child.images import PLUGINS, find_orientation

QUALITY = 90
"""Of a JPEG in the place of what no PDF can hold."""

_CHANNELS = {"L": 1, "RGB": 3, "CMYK": 4}
_SPACES = {"GRAY": 1, "RGB": 3, "CMYK": 4}
_LOSSY = frozenset({"heic", "avif"})
_AS_PNG = frozenset({"1", "L", "P", "RGB", "I;16"})
_STRIP_OFFSETS, _STRIP_LENGTHS, _FAX_4, _WHITE_IS_ZERO = 273, 279, 4, 0
_WHOLE_STRIP = 1 << 30


def read_pictures(
    file: BinaryIO, kind: str, sizes: Sequence[PageSize], limits: DocumentLimits
) -> Iterator[Picture]:
    module, name = PLUGINS[kind]
    with getattr(import_module(module), name)(file) as image:
        for number, size in enumerate(sizes):
            refuse_too_many_pixels(size, limits)
            image.seek(number)
            yield _with_profile(_picture(image, kind, file), image)


def _picture(image: ImageFile.ImageFile, kind: str, file: BinaryIO) -> Picture:
    orientation = find_orientation(image)
    if kind == "jpeg" and image.mode in _CHANNELS:
        inverted = image.mode == "CMYK" and "adobe" in image.info
        whole = _all_of(file)
        return Picture(
            *image.size,
            whole,
            "DCTDecode",
            _CHANNELS[image.mode],
            inverted=inverted,
            orientation=orientation,
        )
    if kind == "png" and (picture := picture_of_png(_all_of(file))):
        return replace(picture, orientation=orientation)
    if kind == "jpeg2000" and image.mode in ("L", "RGB") and _all_of(file)[4:8] == b"jP  ":
        return Picture(*image.size, _all_of(file), "JPXDecode", _CHANNELS[image.mode])
    if isinstance(image, TiffImagePlugin.TiffImageFile) and (picture := _fax(image, file)):
        return picture
    image.load()
    if kind in _LOSSY or (kind == "webp" and b"VP8L" not in _all_of(file)[:64]):
        return replace(_as_jpeg(image), orientation=orientation)
    return replace(_packed(image), orientation=orientation)


def _all_of(file: BinaryIO) -> bytes:
    at = file.tell()
    file.seek(0)
    try:
        return file.read()
    finally:
        file.seek(at)


def _packed(image: Image.Image) -> Picture:
    """Without loss: black and white as a fax has it, all else as a PNG."""
    if image.mode == "1":
        out = io.BytesIO()
        image.save(out, "TIFF", compression="group4", strip_size=_WHOLE_STRIP)
        out.seek(0)
        with TiffImagePlugin.TiffImageFile(out) as fax:
            if picture := _fax(fax, out):
                return picture
    if image.mode not in _AS_PNG or image.has_transparency_data:
        image = to_rgb(image)
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=9)
    picture = picture_of_png(out.getvalue())
    assert picture
    return picture


def _as_jpeg(image: Image.Image) -> Picture:
    out = io.BytesIO()
    image = image if image.mode == "L" else to_rgb(image)
    image.save(out, "JPEG", quality=QUALITY, subsampling=0)
    return Picture(*image.size, out.getvalue(), "DCTDecode", _CHANNELS[image.mode])


def _fax(image: TiffImagePlugin.TiffImageFile, file: BinaryIO) -> Picture | None:
    """The packed data of a picture in black and white that lies in one piece."""
    tags = image.tag_v2
    offsets, lengths = tags.get(_STRIP_OFFSETS, ()), tags.get(_STRIP_LENGTHS, ())
    plain = tags.get(Base.FillOrder, 1) == 1 and tags.get(Base.BitsPerSample, (1,)) == (1,)
    if tags.get(Base.Compression) != _FAX_4 or len(offsets) != 1 or len(lengths) != 1 or not plain:
        return None
    width, height = int(tags[Base.ImageWidth]), int(tags[Base.ImageLength])
    data = _all_of(file)[offsets[0] : offsets[0] + lengths[0]]
    white_is_one = tags.get(Base.PhotometricInterpretation) != _WHITE_IS_ZERO
    rows = {"K": -1, "Columns": width, "Rows": height, "BlackIs1": white_is_one}
    orientation = int(tags.get(Base.Orientation, 1))
    return Picture(
        width,
        height,
        data,
        "CCITTFaxDecode",
        1,
        1,
        rows,
        orientation=orientation if 1 <= orientation <= 8 else 1,
    )


def _with_profile(picture: Picture, image: Image.Image) -> Picture:
    """What the file says of its colours, where that is about as many of them."""
    profile = image.info.get("icc_profile")
    if not isinstance(profile, bytes) or picture.palette or picture.packing == "JPXDecode":
        return picture
    with suppress(Exception):  # one that cannot be read is none
        space = ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile.xcolor_space.strip()
        if _SPACES.get(space) == picture.channels and profile[8] <= 4:
            return replace(picture, profile=profile)
    return picture
