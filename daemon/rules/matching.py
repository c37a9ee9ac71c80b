"""Which rules fit a document, by what was read and what is known of its file.

Takes rules, a document and its pages; gives what they want, or why one has nothing to do. Touches nothing;
the clock is looked at only so that no expression takes too long.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from papertray.daemon.folders.rules import fold_name, glob_pattern
from papertray.daemon.notes.placement import RuleEffects
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.search.plain import plain_words
from papertray.daemon.search.words import TextPiece, find_pieces
from papertray.daemon.settings import RuleSettings
from papertray.engine.language import translatable

RUN, WEBHOOK = "run", "webhook"
MATCH_SECONDS = 1.0
"""For which an expression is looked for in a document."""
_LONGEST_PARAGRAPH = 10_000  # letters, in which an expression is looked for


def apply_rules(
    rules: Iterable[RuleSettings], document: DocumentRecord, pages: Sequence[PageRecord]
) -> RuleEffects:
    """What all that fit want, in their order; the first that names or moves the document does so."""
    fitting = [rule for rule in rules if not find_mismatch(rule, document, pages)]
    return RuleEffects(
        errands=tuple(
            (rule.name, action) for rule in fitting for action in (RUN, WEBHOOK) if getattr(rule, action)
        ),
        note_name=next((rule.note_name for rule in fitting if rule.note_name), ""),
        tags=tuple(tag for rule in fitting for tag in rule.tags),
        move=next((rule.move for rule in fitting if rule.move), ""),
    )


def find_mismatch(rule: RuleSettings, document: DocumentRecord, pages: Sequence[PageRecord]) -> str:
    """The first thing that is not as the rule wants it, as a sentence; nothing where it fits."""
    of_file = (_folder_mismatch, _source_mismatch, _pages_mismatch, _doubt_mismatch)
    checks: tuple[Callable[[], str], ...] = (
        *(lambda check=check: check(rule, document) for check in of_file),
        lambda: _words_mismatch(rule, pages),
        lambda: _regex_mismatch(rule, pages),
    )
    return next(filter(None, (check() for check in checks)), "")


def _folder_mismatch(rule: RuleSettings, document: DocumentRecord) -> str:
    if rule.folder is None or document.path.parent.is_relative_to(document.folder / rule.folder):
        return ""
    return translatable(f"It does not lie in {rule.folder}.")


def _source_mismatch(rule: RuleSettings, document: DocumentRecord) -> str:
    if not rule.source or glob_pattern((rule.source,)).match(fold_name(document.path.name)):
        return ""
    return translatable(f"Its name is not {rule.source}.")


def _pages_mismatch(rule: RuleSettings, document: DocumentRecord) -> str:
    if rule.min_pages is not None and document.pages < rule.min_pages:
        return translatable(f"It has fewer pages than {rule.min_pages}.")
    if rule.max_pages is not None and document.pages > rule.max_pages:
        return translatable(f"It has more pages than {rule.max_pages}.")
    return ""


def _doubt_mismatch(rule: RuleSettings, document: DocumentRecord) -> str:
    if rule.doubtful is None or rule.doubtful == bool(document.doubtful_pages):
        return ""
    return translatable("It has no doubtful pages." if rule.doubtful else "It has doubtful pages.")


def _words_mismatch(rule: RuleSettings, pages: Sequence[PageRecord]) -> str:
    if not rule.words:
        return ""
    there: set[str] = set()
    for text in _texts(pages):
        for piece in find_pieces(text):
            there |= {*piece.words, piece.joined}
    missing = (word for word in rule.words if not _has(there, list(find_pieces(word))))
    return next((translatable(f"It does not say {word}.") for word in missing), "")


def _has(there: set[str], wanted: list[TextPiece]) -> bool:
    """What holds no letter at all stands nowhere."""
    return bool(wanted) and all(
        (piece.joined and piece.joined in there) or there.issuperset(piece.words) for piece in wanted
    )


def _regex_mismatch(rule: RuleSettings, pages: Sequence[PageRecord]) -> str:
    if not rule.regex:
        return ""
    import regex

    expression, until = regex.compile(rule.regex), time.monotonic() + MATCH_SECONDS
    try:
        for text in _texts(pages):
            left = max(until - time.monotonic(), 0.001)
            if expression.search(text[:_LONGEST_PARAGRAPH], timeout=left, concurrent=True):
                return ""
    except TimeoutError:
        return translatable(f"To look for {rule.regex} in it takes longer than a second.")
    return translatable(f"Nothing in it is {rule.regex}.")


def _texts(pages: Sequence[PageRecord]) -> Iterator[str]:
    """Each paragraph, heading or table, as a person sees it, on one line."""
    for page in pages:
        for block in page.text.blocks if page.text else ():
            yield plain_words(block.markdown)
