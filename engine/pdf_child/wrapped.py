"""Make a PDF of an image file, page for page, with the words of each behind its picture.

A JPEG goes in as it is, and so does the packed data of a PNG or a TIFF in black and white; what else is
without loss is packed without loss. Other kinds that lose something when they are packed (HEIC, AVIF, WebP)
cannot stand in a PDF and become a JPEG of high quality.
"""

from collections.abc import Mapping, Sequence
from typing import BinaryIO

import pikepdf

from papertray.engine.documents import DocumentLimits, PageSize
from papertray.engine.pdf_child.content import InvisibleLine
from papertray.engine.pdf_child.document import save, set_words
from papertray.engine.pdf_child.picture import Picture
from papertray.engine.pdf_child.pictures import read_pictures
from papertray.engine.pdf_child.standard import make_standard
from papertray.engine.render_child.images import ImageDocument

POINTS, ASSUMED = 72.0, 200.0
_LARGEST = 14400.0  # points: no page of a PDF may be wider

_PLACES = {  # how a picture lies on the page for each EXIF orientation: of width w and height h of the page
    1: "{w} 0 0 {h} 0 0",
    2: "-{w} 0 0 {h} {w} 0",
    3: "-{w} 0 0 -{h} {w} {h}",
    4: "{w} 0 0 -{h} 0 {h}",
    5: "0 -{h} -{w} 0 {w} {h}",
    6: "0 -{h} {w} 0 0 {h}",
    7: "0 {h} {w} 0 0 0",
    8: "0 {h} -{w} 0 {w} 0",
}


def wrap_images(
    file: BinaryIO,
    kind: str,
    limits: DocumentLimits,
    pages: Mapping[int, Sequence[InvisibleLine]],
    title: str,
    out: BinaryIO,
) -> list[str]:
    sizes = ImageDocument(file, kind, limits).pages
    file.seek(0)
    with pikepdf.new() as pdf:
        for size, picture in zip(sizes, read_pictures(file, kind, sizes, limits), strict=True):
            _add_page(pdf, size, picture)
        set_words(pdf, pages)
        obstacles = make_standard(pdf, title)
        save(pdf, out)
    return obstacles


def _add_page(pdf: pikepdf.Pdf, size: PageSize, picture: Picture) -> None:
    scale = POINTS / (size.dots_per_inch or ASSUMED)
    scale = min(scale, _LARGEST / max(size.width, size.height))
    width, height = round(size.width * scale, 2), round(size.height * scale, 2)
    place = _PLACES[picture.orientation].format(w=width, h=height)
    page = pdf.add_blank_page(page_size=(width, height))
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=_image(pdf, picture)))
    page.obj.Contents = pdf.make_stream(f"q {place} cm /Scan Do Q\n".encode())


def _image(pdf: pikepdf.Pdf, picture: Picture) -> pikepdf.Object:
    image = pikepdf.Stream(pdf, picture.data)
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height = picture.width, picture.height
    image.BitsPerComponent = picture.bits
    image.ColorSpace = _colours(pdf, picture)
    image.Filter = pikepdf.Name(f"/{picture.packing}")
    if picture.parameters:
        image.DecodeParms = pikepdf.Dictionary(
            {f"/{key}": value for key, value in picture.parameters.items()}
        )
    if picture.inverted:
        image.Decode = [1, 0] * picture.channels
    return image


def _colours(pdf: pikepdf.Pdf, picture: Picture) -> pikepdf.Object:
    names = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
    base: pikepdf.Object = pikepdf.Name(names[picture.channels])
    if picture.profile:
        profile = pdf.make_stream(picture.profile)
        profile.N = picture.channels
        base = pikepdf.Array([pikepdf.Name("/ICCBased"), profile])
    if picture.palette:
        last = len(picture.palette) // 3 - 1
        names_rgb = pikepdf.Name("/DeviceRGB")
        return pikepdf.Array([pikepdf.Name("/Indexed"), names_rgb, last, pikepdf.String(picture.palette)])
    return base
