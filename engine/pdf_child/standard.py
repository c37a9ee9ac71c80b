"""What a PDF says of itself: as PDF/A-2b where nothing stands against it, else as a plain PDF.

Its own facts (title, author, dates) are kept, and stand in both places in which a PDF has them.
"""

import re
from xml.sax.saxutils import escape

import pikepdf
from PIL import ImageCms

from papertray.engine.pdf_child.clauses import ODD
from papertray.engine.pdf_child.mending import mend
from papertray.engine.pdf_child.obstacles import find_obstacles

PRODUCER = "papertray"
_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-])(\d\d)'?(\d\d)?'?)?")
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
{facts}</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
_ARCHIVAL = "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\n"
_ODDITIES = (pikepdf.PdfError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What comes of values of another kind than the standard says; a name that is not in Unicode, too."""
_ALTERNATIVES = '<rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt>'
_TELLERS = {  # a fact of the old kind, its name in XMP, and how it stands there
    "/Title": ("dc:title", _ALTERNATIVES),
    "/Author": ("dc:creator", "<rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq>"),
    "/Subject": ("dc:description", _ALTERNATIVES),
    "/Keywords": ("pdf:Keywords", "{}"),
    "/Creator": ("xmp:CreatorTool", "{}"),
    "/Producer": ("pdf:Producer", "{}"),
    "/CreationDate": ("xmp:CreateDate", "{}"),
    "/ModDate": ("xmp:ModifyDate", "{}"),
}


def make_standard(pdf: pikepdf.Pdf, title: str = "") -> list[str]:
    """The obstacles to PDF/A, each a clause. Of an encrypted file nothing is mended."""
    try:
        if not pdf.is_encrypted:
            mend(pdf)
        obstacles = find_obstacles(pdf)
    except _ODDITIES:
        obstacles = [ODD]
    facts = _facts(pdf, title)
    _write_facts(pdf, facts, archival=not obstacles)
    if "/OutputIntents" in pdf.Root and not obstacles:
        del pdf.Root.OutputIntents
    if not obstacles:
        pdf.Root.OutputIntents = pikepdf.Array([_output_intent(pdf)])
    return obstacles


def _facts(pdf: pikepdf.Pdf, title: str) -> dict[str, str]:
    facts = {"/Title": title} if title else {}
    try:
        for key in _TELLERS:
            if key in pdf.docinfo:
                facts[key] = _UNSAYABLE.sub("", str(pdf.docinfo[key])).strip()
    except (pikepdf.PdfError, ValueError, TypeError):  # damaged: then it says nothing
        pass
    for key in ("/CreationDate", "/ModDate"):
        if key in facts and not _iso_date(facts[key]):
            del facts[key]
    return {key: value for key, value in facts.items() if value} | {"/Producer": PRODUCER}


def _write_facts(pdf: pikepdf.Pdf, facts: dict[str, str], *, archival: bool) -> None:
    pdf.trailer.Info = pdf.make_indirect(
        pikepdf.Dictionary({key: pikepdf.String(value) for key, value in facts.items()})
    )
    told = [_ARCHIVAL] if archival else []
    for key, value in facts.items():
        name, form = _TELLERS[key]
        said = _iso_date(value) if key.endswith("Date") else escape(value)
        told.append(f"<{name}>{form.format(said)}</{name}>\n")
    packet = pdf.make_stream(_PACKET.format(facts="".join(told)).encode())
    packet.Type, packet.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
    pdf.Root.Metadata = packet


def _iso_date(written: str) -> str:
    """A PDF's date as XMP writes it; empty for one that is none."""
    date = _DATE.fullmatch(written)
    if date is None:
        return ""
    year, month, day, hour, minute, second, utc, sign, ahead, more = date.groups()
    day_told = "-".join([year, month or "01", day or "01"])
    if hour is None:
        return day_told
    zone = "Z" if utc else f"{sign}{ahead}:{more or '00'}" if sign else ""
    return f"{day_told}T{hour}:{minute or '00'}:{second or '00'}{zone}"


def _output_intent(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Colours without a profile of their own mean sRGB."""
    profile = pdf.make_stream(srgb_profile())
    profile.N = 3
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.OutputIntent,
            S=pikepdf.Name("/GTS_PDFA1"),
            OutputConditionIdentifier=pikepdf.String("sRGB IEC61966-2.1"),
            Info=pikepdf.String("sRGB IEC61966-2.1"),
            DestOutputProfile=profile,
        )
    )


def srgb_profile() -> bytes:
    """Without the date on which it was made, so that the same source gives the same file."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[8:12] = b"\x04\x20\0\0"  # the version of ICC that PDF 1.7 knows
    profile[24:36] = b"\x07\xe0\0\x01\0\x01" + bytes(6)
    profile[84:100] = bytes(16)
    return bytes(profile)
