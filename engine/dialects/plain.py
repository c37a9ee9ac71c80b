"""An answer without places: Markdown, perhaps with tables in HTML or OTSL, perhaps wrapped in a fence."""

from papertray.engine.dialects import Conversion
from papertray.engine.dialects.otsl import otsl_as_html
from papertray.engine.dialects.paragraphs import markdown_paragraphs
from papertray.engine.dialects.tokens import strip_tokens
from papertray.engine.dialects.unwrap import unwrap_answer


def parse_plain(raw: str, warnings: tuple[str, ...] = ()) -> Conversion:
    text = otsl_as_html(unwrap_answer(strip_tokens(raw)))
    return Conversion(tuple(markdown_paragraphs(text)), warnings=warnings)
