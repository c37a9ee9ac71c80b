"""PP-OCR's recognisers for scripts that the bundled one does not know: additions to the quick reader.

Each row is one file, as RapidOCR's own table of models names it: by its address and its digest. What is
fetched is compared with the digest here, so that it does not matter who sent it. A row has the script by the
name that `engine.tesseract.languages` has for it. Latin letters, Chinese and Japanese are left out: the
bundled recogniser reads them.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from papertray.engine.errors import UnknownModel
from papertray.engine.language import translatable
from papertray.engine.models.catalog import QUICK, CatalogEntry
from papertray.engine.models.inspection import InspectionResult
from papertray.engine.models.manifest import file_digest

PREFIX = f"{QUICK}-"
SOURCE, REVISION = "RapidAI/RapidOCR", "v3.10.0"
LICENCE = "Apache-2.0"
SIZE, LARGER = 8_000_000, 13_500_000
"""About; the server tells how many bytes a file has before it is fetched."""


@dataclass(frozen=True, slots=True)
class Recogniser:
    """`generation` is PP-OCR's, `model` the name of the file without its ending."""

    name: str
    script: str
    languages: str
    generation: str
    model: str
    digest: str
    size: int = SIZE

    @property
    def file(self) -> str:
        return f"{self.model}.onnx"

    @property
    def path(self) -> str:
        """Where it lies at its source."""
        return f"onnx/{self.generation}/rec/{self.file}"

    @property
    def entry(self) -> CatalogEntry:
        """To be fetched, checked and removed as a model is."""
        return CatalogEntry(
            name=self.name,
            title=self.model,
            module="papertray.engine.readers.quick.recognisers",
            hub_id=SOURCE,
            revision=REVISION,
            licence=LICENCE,
            size=self.size,
            files=(self.file,),
            languages=self.languages,
        )


RECOGNISERS = (
    Recogniser(
        "quick-cyrillic",
        "Cyrillic",
        translatable("Russian, Bulgarian, Serbian, Kazakh and others in Cyrillic letters"),
        "PP-OCRv5",
        "cyrillic_PP-OCRv5_rec_mobile",
        "90f761b4bfcce0c8c561c0cb5c887b0971d3ec01c32164bdf7374a35b0982711",
    ),
    Recogniser(
        "quick-east-slavic",
        "Cyrillic",
        translatable("Russian, Ukrainian, Belarusian"),
        "PP-OCRv5",
        "eslav_PP-OCRv5_rec_mobile",
        "08705d6721849b1347d26187f15a5e362c431963a2a62bfff4feac578c489aab",
    ),
    Recogniser(
        "quick-greek",
        "Greek",
        translatable("Greek"),
        "PP-OCRv5",
        "el_PP-OCRv5_rec_mobile",
        "b4368bccd557123c702b7549fee6cd1e94b581337d1c9b65310f109131542b7f",
    ),
    Recogniser(
        "quick-arabic",
        "Arabic",
        translatable("Arabic, Persian, Urdu, Uyghur and others in Arabic letters"),
        "PP-OCRv5",
        "arabic_PP-OCRv5_rec_mobile",
        "c1192e632d0baa9146ae5b756a0e635e3dc63c1733737ebfd1629e87144e9295",
    ),
    Recogniser(
        "quick-devanagari",
        "Devanagari",
        translatable("Hindi, Marathi, Nepali, Sanskrit"),
        "PP-OCRv5",
        "devanagari_PP-OCRv5_rec_mobile",
        "d6f0a906580e3fa6b324a318718f1f31f268b6ea8ef985f91c2012a37f52c91e",
    ),
    Recogniser(
        "quick-korean",
        "Korean",
        translatable("Korean"),
        "PP-OCRv5",
        "korean_PP-OCRv5_rec_mobile",
        "cd6e2ea50f6943ca7271eb8c56a877a5a90720b7047fe9c41a2e541a25773c9b",
        LARGER,
    ),
    Recogniser(
        "quick-thai",
        "Thai",
        translatable("Thai"),
        "PP-OCRv5",
        "th_PP-OCRv5_rec_mobile",
        "de541dd83161c241ff426f7ecfd602a0ba77d686cf3ab9a6c255ea82fd08006e",
    ),
    Recogniser(
        "quick-tamil",
        "Tamil",
        translatable("Tamil"),
        "PP-OCRv5",
        "ta_PP-OCRv5_rec_mobile",
        "a42448808b7dea87597336f12438935f40353f1949e8360acd9e06b4da21bfe1",
    ),
    Recogniser(
        "quick-telugu",
        "Telugu",
        translatable("Telugu"),
        "PP-OCRv5",
        "te_PP-OCRv5_rec_mobile",
        "a3690451b50028a09a3316a1274f7c05728151ea3f8fd392696397a7fefcbd92",
    ),
    Recogniser(
        "quick-kannada",
        "Kannada",
        translatable("Kannada"),
        "PP-OCRv4",
        "ka_PP-OCRv4_rec_mobile",
        "9c1e186ea1d13cf6c853e57b42d382c3961fdd6acc2409e0d0dc44defc9f152b",
    ),
)


def is_recogniser(name: str) -> bool:
    return name.lower().startswith(PREFIX)


def find_recogniser(name: str) -> Recogniser:
    plain_name = name.lower().replace("_", "-")
    rows = {row.name: row for row in RECOGNISERS}
    if plain_name not in rows:
        raise UnknownModel(name, *get_close_matches(plain_name, rows, n=1))
    return rows[plain_name]


def recognisers_of(script: str) -> tuple[Recogniser, ...]:
    return tuple(row for row in RECOGNISERS if row.script == script)


def inspect_recogniser(folder: Path, name: str) -> list[InspectionResult]:
    """Whether the file is the one of the table, to the byte."""
    row = find_recogniser(name)
    try:
        right = file_digest(folder / row.file, "sha256") == f"sha256:{row.digest}"
    except OSError:
        return [InspectionResult(row.file, False, "missing")]
    return [
        InspectionResult(row.file, right, "as in the table" if right else "another file than the table's")
    ]
