"""Rules of PDF/A-2b (ISO 19005-2) that can be seen in a file's structure, held against it one by one.

No validator of others: it looks at bytes, at every object, at the metadata and at the fonts that are shown.
What remains unseen is what is inside of fonts and pictures that were in the source.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf

PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"
ACTIONS = {"/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState"}
FILTERS = {"/LZWDecode", "/Crypt"}


def broken_rules(path: Path) -> list[str]:
    with pikepdf.open(path) as pdf:
        return [
            *_bytes(path.read_bytes()),
            *_catalog(pdf),
            *_metadata(pdf),
            *_objects(pdf),
            *_shown_fonts(pdf),
        ]


def _bytes(content: bytes) -> Iterator[str]:
    head, _, rest = content.partition(b"\n")
    if not re.fullmatch(rb"%PDF-1\.[0-7]", head):
        yield "6.1.2 header"
    if rest[:1] != b"%" or any(byte < 128 for byte in rest[1:5]):
        yield "6.1.2 comment of four bytes above 127"
    if not content.rstrip(b"\r\n").endswith(b"%%EOF"):
        yield "6.1.3 nothing after the end"


def _catalog(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/ID" not in pdf.trailer or len(list(pdf.trailer.ID)) != 2:
        yield "6.1.3 ID"
    if "/Encrypt" in pdf.trailer:
        yield "6.1.3 Encrypt"
    intents = [intent for intent in pdf.Root.get("/OutputIntents", []) if intent.S == "/GTS_PDFA1"]  # type: ignore[attr-defined]
    if len(intents) != 1:
        yield "6.2.3 one output intent"
        return
    profile: Any = intents[0].DestOutputProfile
    data = profile.read_bytes()
    if data[36:40] != b"acsp" or data[16:20] != b"RGB " or int(profile.N) != 3 or data[8] > 4:
        yield "6.2.3 profile"
    if "/JavaScript" in pdf.Root.get("/Names", {}) or "/AA" in pdf.Root:  # type: ignore[operator]
        yield "6.5 actions"


def _metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    stream: Any = pdf.Root.Metadata
    packet = stream.read_bytes().decode()
    if "<?xpacket begin=" not in packet or "encoding=" in packet.partition("?>")[0]:
        yield "6.6.2 packet"
    tree = ElementTree.fromstring(re.sub(r"<\?xpacket.*?\?>", "", packet))
    said = {element.tag: "".join(element.itertext()).strip() for element in tree.iter()}
    if (said.get(f"{PDFAID}part"), said.get(f"{PDFAID}conformance")) != ("2", "B"):
        yield "6.6.4 identification"
    names = {
        "/Title": "{http://purl.org/dc/elements/1.1/}title",
        "/Author": "{http://purl.org/dc/elements/1.1/}creator",
        "/Producer": "{http://ns.adobe.com/pdf/1.3/}Producer",
    }
    for key, name in names.items():
        if key in pdf.docinfo and str(pdf.docinfo[key]) != said.get(name):
            yield f"6.6.3 {key} is the same in both places"


def _objects(pdf: pikepdf.Pdf) -> Iterator[str]:
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            continue
        if isinstance(thing, pikepdf.Stream) and any(
            name in str(thing.get("/Filter", "")) for name in FILTERS
        ):
            yield "6.1.7 filters"
        if isinstance(thing, pikepdf.Stream) and "/F" in thing:
            yield "6.1.7 outside files"
        if "/Interpolate" in thing and bool(thing.Interpolate):
            yield "6.2.8 Interpolate"
        if str(thing.get("/S", "")) in ACTIONS or "/JS" in thing:
            yield "6.5 actions"


def _shown_fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    """A font that a page names and shows no letter of needs no program."""
    for page in pdf.pages:
        fonts: Any = page.resources.get("/Font", {})
        page.contents_coalesce()
        parts = re.split(rb"/([^\s()<>\[\]{}/%]+)\s+[\d.]+\s+Tf", page.obj.Contents.read_bytes())
        for name, following in zip(parts[1::2], parts[2::2], strict=True):
            if re.search(rb"T[jJ]", following):
                font = fonts[f"/{name.decode()}"]
                yield from _font(font)
                for below in font.get("/DescendantFonts", []):
                    yield from _font(below)


def _font(font: Any) -> Iterator[str]:
    if font.Subtype in ("/Type0", "/Type3"):
        return
    descriptor = font.get("/FontDescriptor", {})
    if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
        yield "6.2.11.4 embedded fonts"
    if font.Subtype == "/CIDFontType2" and "/CIDToGIDMap" not in font:
        yield "6.2.11.3 CIDToGIDMap"
    if font.get("/CIDToGIDMap") is not None and isinstance(font.CIDToGIDMap, pikepdf.Stream):
        glyphs = font.CIDToGIDMap.read_bytes()
        if any(glyphs[at : at + 2] == b"\0\0" for at in range(2, len(glyphs), 2)):
            yield "6.2.11.8 no .notdef"
