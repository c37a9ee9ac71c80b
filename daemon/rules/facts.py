"""What a rule's command or webhook is told of a document: facts, none of what is written in it but the title.

Pure, apart from the time zone.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from papertray.daemon.notes.fields import known_fields
from papertray.daemon.records import DocumentRecord, PageRecord
from papertray.daemon.settings import RuleSettings
from papertray.daemon.settings.environment import OF_RULES, PREFIX
from papertray.daemon.settings.note_templates import FilledFields, fill_places


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """`values` travel as JSON; `fields` fill the arguments of a command."""

    values: Mapping[str, Any]
    fields: FilledFields

    @property
    def variables(self) -> dict[str, str]:
        return {PREFIX + name: _passable(str(self.values[name.lower()])) for name in OF_RULES}


def rule_facts(rule: RuleSettings, document: DocumentRecord, pages: Sequence[PageRecord]) -> RuleFacts:
    """Source and note are named by their whole paths, where they are now."""
    source, note = document.archived or document.path, document.note or document.path.with_suffix(".md")
    fields = {
        **known_fields(document, pages, note.parent, None),
        "path": str(source),
        "note": str(note),
        "id": str(document.id),
    }
    values = {
        "rule": rule.name,
        "id": document.id,
        "title": fields["title"],
        "source": str(source),
        "note": str(note),
        "folder": str(document.folder),
        "pages": document.pages,
        "doubtful_pages": list(document.doubtful_pages),
        "reader": document.reader,
        "sha256": document.sha256,
    }
    return RuleFacts(values, fields)


def fill_command(rule: RuleSettings, facts: RuleFacts) -> list[str]:
    """The program as the settings name it, and its arguments."""
    program, *arguments = rule.run
    return [program, *(_fill_argument(argument, facts) for argument in arguments)]


def _fill_argument(template: str, facts: RuleFacts) -> str:
    """No document makes an option of an argument: a dash that it brings stands behind a blank."""
    filled = _passable(fill_places(template, facts.fields))
    return f" {filled}" if filled.startswith("-") and not template.startswith("-") else filled


def _passable(text: str) -> str:
    """What a system takes as an argument, whatever a page says."""
    text = text.replace("\0", "")
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return text.encode("utf-8", errors="replace").decode()
    return text
