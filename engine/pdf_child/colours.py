"""Whether the colours of a PDF are such as PDF/A-2b has them, where colours without a profile mean sRGB."""

from collections.abc import Iterator

import pikepdf

from papertray.engine.pdf_child.clauses import PICTURES, PRESS
from papertray.engine.pdf_child.jpeg2000 import is_plain_jpeg2000
from papertray.engine.pdf_child.things import list_dictionaries

_INKS = frozenset({"/Cyan", "/Magenta", "/Yellow", "/Black", "/None"})
_MOST_INKS = 32


def find_colour_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    inks: dict[str, bytes] = {}
    overprints = has_profile_of_inks = False
    for thing in list_dictionaries(pdf):
        overprints |= thing.get("/OPM") == 1 and bool(thing.get("/OP", False) or thing.get("/op", False))
        has_profile_of_inks |= isinstance(thing, pikepdf.Stream) and thing.get("/N") == 4
        if _is_odd_jpeg2000(thing):
            yield PICTURES
        if any(name == "/DeviceCMYK" for name in _names_of(thing)) or _has_odd_inks(thing, inks):
            yield PRESS
    if overprints and has_profile_of_inks:
        yield PRESS


def _is_odd_jpeg2000(thing: pikepdf.Object) -> bool:
    return (
        isinstance(thing, pikepdf.Stream)
        and "/JPXDecode" in str(thing.get("/Filter", ""))
        and not is_plain_jpeg2000(thing.read_raw_bytes(), has_space="/ColorSpace" in thing)
    )


def _names_of(thing: pikepdf.Object) -> list[str]:
    return [name for key in ("/ColorSpace", "/CS") for name in _space_names(thing.get(key))]


def _space_names(space: object) -> list[str]:
    """Of one colour space, or of the table of them that a page has."""
    if isinstance(space, pikepdf.Name):
        return [str(space)]
    if isinstance(space, pikepdf.Array):
        return [str(part) for part in list(space)[:3] if isinstance(part, pikepdf.Name)]
    if isinstance(space, pikepdf.Dictionary):
        return [name for key, value in space.items() if key[:8] != "/Default" for name in _space_names(value)]
    return []


def _has_odd_inks(thing: pikepdf.Object, inks: dict[str, bytes]) -> bool:
    """Inks that are not told by themselves, or are told in two ways."""
    spaces = thing.get("/ColorSpace")
    tables = [*spaces.values()] if isinstance(spaces, pikepdf.Dictionary) else [spaces]
    tables += [*thing.values()] if thing.get("/Type") is None and "/Colorants" not in thing else []
    return any(
        _is_odd(space, inks) for space in tables if isinstance(space, pikepdf.Array) and len(space) > 3
    )


def _is_odd(space: pikepdf.Array, inks: dict[str, bytes]) -> bool:
    kind = str(space[0])
    if kind == "/Separation":
        look = space[2].unparse() + _content(space[3])
        return inks.setdefault(str(space[1]), look) != look
    if kind != "/DeviceN":
        return False
    names = [str(name) for name in space[1]]
    more = space[4] if len(space) > 4 else pikepdf.Dictionary()
    told = more.get("/Colorants", pikepdf.Dictionary())
    return (
        len(names) > _MOST_INKS
        or any(name not in _INKS and name not in told for name in names)
        or any(_is_odd(one, inks) for one in told.values() if isinstance(one, pikepdf.Array))
    )


def _content(function: pikepdf.Object) -> bytes:
    return (
        function.read_raw_bytes() if isinstance(function, pikepdf.Stream) else function.unparse(resolved=True)
    )
