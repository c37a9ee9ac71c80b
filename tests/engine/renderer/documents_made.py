"""Documents that the tests make for themselves: pictures of two colours, and PDFs written by hand."""

from pathlib import Path

from PIL import Image

from papertray.engine.renderer import Renderer

DATA = Path(__file__).parents[1] / "data"
"""HEIC files, which nothing that is installed can write: made once of `halves()` with pillow-heif."""

A4 = (595, 842)


def halves(size: tuple[int, int] = (64, 48), left: str = "red", right: str = "blue") -> Image.Image:
    """Two colours side by side, which shows which way up a picture is."""
    image = Image.new("RGB", size, left)
    image.paste(right, (size[0] // 2, 0, *size))
    return image


def drawn(renderer: Renderer, path: Path, number: int = 1) -> Image.Image:
    return renderer.image(path, number).image


def near(found: object, wanted: tuple[int, int, int], distance: int = 6) -> bool:
    assert isinstance(found, tuple)
    return all(abs(a - b) <= distance for a, b in zip(found, wanted, strict=True))


def pdf(*pages: str, contents: str = "", objects: tuple[str, ...] = ()) -> bytes:
    """A PDF of pages with the given entries, e.g. "/MediaBox [0 0 100 100]", all showing `contents`.

    Object 1 is the catalog, 2 the page tree, 3 the contents; `objects` follow as 4, 5, …
    """
    first = 4 + len(objects)
    kids = " ".join(f"{first + index} 0 R" for index in range(len(pages)))
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        f"<< /Length {len(contents)} >>\nstream\n{contents}\nendstream",
        *objects,
        *(f"<< /Type /Page /Parent 2 0 R /Contents 3 0 R /Resources << >> {entries} >>" for entries in pages),
    ]
    return _numbered(bodies)


def _numbered(bodies: list[str]) -> bytes:
    file = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(bodies, start=1):
        places.append(len(file))
        file += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(bodies) + 1
    end = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root 1 0 R >>\n"
    return file + f"{end}startxref\n{len(file)}\n%%EOF\n".encode()
