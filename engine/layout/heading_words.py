"""What a heading says, and what none says: the words alone, however they are set."""

from __future__ import annotations

import re

from papertray.engine.layout.captions import is_caption, is_note

LONGEST = 160
"""More characters than this are a paragraph, however large."""

SENTENCE = 60
"""So are this many that end as a sentence does."""

MOST_OTHER = 0.4
"""No more of a heading than the rest is digits and signs: `Invoice 2026-117` is one, a formula is not."""

CODE = 6
"""One word with so many digits is the number of something."""

_NUMBERED = re.compile(
    r"(?:§+\s*\d|(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?|[IVX]{1,5}\.|[A-PR-Z]\.)\s+(?=[^\W\d_])"
    r"|(?:chapter|section|part|appendix|annex|kapitel|abschnitt|chapitre|capítulo|capitolo|глава)\s+[\dIVXA-Z]"
    r"|第\s?[\d一二三四五六七八九十]+\s?[章节節])",
    re.IGNORECASE,
)
_COUNTING = re.compile(r"\d+ (?P<what>[^\W\d_])")
_NOTE_MARK = re.compile(r"(?<=[.!?:,;])(?<!\d[.,])\s?[\d⁰¹²³⁴-⁹*†‡]{1,3}$")
"""What leads to a footnote; without it, one sees how a text ends."""

_SPACED = re.compile(r"(?<!\S)[^\W\d_](?: [^\W\d_]){2,}(?=[:.!?]?(?:\s|$))")
"""Letters that stand apart for emphasis. Two of them may be words: `I a`, `y o`."""

_ITEM = re.compile(r"^(?:[•●○◦▪■□☐◆‣∙➢➤►▶]|[·*–—-]\s|\(?[a-z0-9]{1,3}\)\s)")
_WORD = re.compile(r"[^\W\d_]{3,}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")
_STRANGE = re.compile(r"[□☐☑☒✓✔✗✘✕=∈∑∫≤≥≠±×→⇒∀∃√∞|<>{}\\^]|(?<!\w)_|_(?!\w)|\.{4,}|(?:\.\s){4,}|…{2,}|_{3,}")


_USUAL = re.compile(
    r"abstract|summary|contents|table of contents|preface|foreword|introduction|acknowledge?ments|references"
    r"|bibliography|zusammenfassung|inhalt|inhaltsverzeichnis|vorwort|einleitung|literatur|résumé|sommaire"
    r"|références|resumen|índice|referencias|resumo|referências|sommario|indice|riassunto|bibliografia",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r"(?:page|seite|p[áa]gina|pag\.|strona|strana|side|sida|sivu|blad|стр(?:аница|\.))\s*\d{1,4}"
    r"(?:\s*(?:/|of|von|de|di|sur|van|z|из|av)\s*\d{1,4})?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE)
_MARKED_NAME = re.compile(r"[^\W\d_][,\s]{0,2}[∗*†‡§¶¹²³⁴-⁹]")
_FIRST_LETTER = re.compile(r"\b[^\W\d_]\.")


def _are_names(text: str) -> bool:
    """Who wrote it: names with marks that lead to where they work, or with first letters of names."""
    marks, commas = len(_MARKED_NAME.findall(text)), text.count(",")
    return (marks > 1 and commas > 0) or (commas > 1 and _FIRST_LETTER.search(text) is not None)


def without_note_mark(text: str) -> str:
    """What is said before the number of a footnote at its end."""
    return _NOTE_MARK.sub("", text)


def _close_letters(text: str) -> str:
    """`S O L I C I T A:` as the word that it is."""
    return _SPACED.sub(lambda word: word[0].replace(" ", ""), text)


def may_be_heading(text: str) -> bool:
    text = _close_letters(without_note_mark(text))
    if len(text) > LONGEST or not _WORD.search(text):
        return False
    if _ITEM.match(text) or is_caption(text) or is_note(text) or _STRANGE.search(text):
        return False
    if _ADDRESS.match(text) or _PAGE.fullmatch(text) or _are_names(text):
        return False
    if text.endswith((",", ";", "-")) or (len(text) > SENTENCE and text.endswith((".", "。", ":"))):
        return False
    if " " not in text and sum(map(str.isdigit, text)) >= CODE:
        return False
    letters = sum(letter.isalpha() for letter in text)
    return letters > MOST_OTHER * len(text.replace(" ", ""))


def is_in_capitals(text: str) -> bool:
    cased = [letter for letter in text if letter.isupper() or letter.islower()]
    return len(cased) > 3 and sum(letter.isupper() for letter in cased) > 0.9 * len(cased)


def is_usual_heading(text: str) -> bool:
    """`Abstract`, `Contents`, `References`: words that stand alone over what everybody calls so."""
    return _USUAL.fullmatch(text) is not None


def is_numbered(text: str) -> bool:
    """`2.1 Methods`, `IV. Results`, `§ 12`, `Chapter 3`, `第二章`."""
    return _NUMBERED.match(text) is not None


def counts_things(text: str) -> bool:
    """`0 on success`, `4 ships in the bay`: no number of a section."""
    found = _COUNTING.match(text)
    return found is not None and found["what"].islower()
