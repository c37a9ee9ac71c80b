"""Bring the catalogues up to date with the code: `make catalogues`; with `--check`, only tell.

Reads what people see out of the code: what is given to `translate` and its like in Python and JavaScript,
what stands between {{ and }} in HTML, the sentences of errors. Writes `engine/language/catalogues/`, no code.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from papertray.daemon.cli.help import help_paragraphs

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "engine" / "language" / "catalogues"
FLOORS = ("engine", "daemon", "tray")
ONE, MANY = ("translate", "translatable"), "translate_many"
IN_SCRIPTS = {"translate": None, "translateAround": None, "translateMany": (1, 2)}
IN_PAGES = re.compile(r"\{\{(.+?)\}\}", re.DOTALL)
SENTENCE = re.compile(r"[\w{`“\"].*[.:}]", re.DOTALL)
BETWEEN = re.compile(r"(?<=[.!?]) \{\w+\} (?=[A-Z])")  # what stands where a sentence may
ERRORS = (
    "Error",
    "BadParameter",
    "Trouble",
    "NoTray",
    "Finding",
    "print_message",
    "print_line",
    "ErrandOutcome",
)
TABLES = {  # of what is called so, these arguments: by their names, or by their places
    "CatalogEntry": ("good_at", "languages"),
    "Device": ("why",),
    "DeviceFault": (1, 2),
    "OutputFormat": (3,),
    "Command": (3,),
    **dict.fromkeys(("DeviceRow", "_cpu", "_card"), ("reason", 3)),
}
SAYS_SOMETHING = re.compile(rf"{'|'.join(ONE)}|\.__init__\(|({'|'.join((*ERRORS, *TABLES))})\(")
NOT_KEPT = re.compile(rb'^"(?:Report|POT|PO-|Last|Language-Team|Generated).*\n', re.MULTILINE)
SENTENCES_IN = (  # modules whose constants are warnings that a note may hold
    "engine/markdown.py",
    "engine/dialects/compose.py",
    "engine/inference/readings.py",
    "engine/readers/quick/reader.py",
)
RULES_IN = "daemon/settings/"  # where a ValueError says in a clause what a setting must be
MUST_BE = "it must be "  # how such a clause begins that is put behind the name of a setting
HELP_IN, COMMANDS_IN = "daemon/cli/", ("daemon/cli/commands/", "daemon/cli/program.py")
HELPED = ("Option", "Argument", "Typer")
LEAST = 6  # letters of a sentence besides its places: the same as in `engine/language/sentences.py`


@dataclass(frozen=True)
class Text:
    """`more` is the English one for many, where a number decides."""

    file: str
    name: str
    more: str = ""
    is_sentence: bool = False


def texts() -> Iterator[Text]:
    for file in sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*")):
        where = file.relative_to(ROOT).as_posix()
        if file.suffix == ".py":
            content = file.read_text("utf-8")
            says = (
                where in SENTENCES_IN
                or where.startswith((RULES_IN, HELP_IN))
                or SAYS_SOMETHING.search(content)
            )
            if says:
                yield from _of_python(where, ast.parse(content))
        elif file.suffix == ".js":
            yield from _of_script(where, file.read_bytes())
        elif file.suffix == ".html":
            found = IN_PAGES.findall(file.read_text("utf-8"))
            yield from (Text(where, " ".join(text.split())) for text in found)


def _of_script(where: str, content: bytes) -> Iterator[Text]:
    for _line, names, _comments, _context in extract(
        "javascript",
        io.BytesIO(content),
        IN_SCRIPTS,
        options={"encoding": "utf-8", "parse_template_string": "yes"},
    ):
        yield Text(where, names) if isinstance(names, str) else Text(where, *names)


def _of_python(where: str, module: ast.Module) -> Iterator[Text]:
    if where.startswith(HELP_IN):
        yield from _help(where, module)
    for node in module.body if where in SENTENCES_IN else ():
        if isinstance(node, ast.Assign):
            value = node.value
            yield from _sentences(where, list(value.values) if isinstance(value, ast.Dict) else [value])
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        called = _called(call)
        if called in ONE:
            yield from (Text(where, said) for said in _said(call.args[0]))
        elif called == MANY:
            yield from (Text(where, *pair) for pair in zip(*map(_said, call.args[:2]), strict=False))
        elif called == "ValueError" and where.startswith(RULES_IN):
            yield from (_clause(where, said) for said in _said(call.args[0]))
        elif called == "__init__" or called.endswith(ERRORS):
            arguments = [*call.args, *(word.value for word in call.keywords)]
            yield from _sentences(where, arguments)
        given = {word.arg: word.value for word in call.keywords} | dict(enumerate(call.args))
        for argument in TABLES.get(called, ()):
            yield from (Text(where, said) for said in _said(given.get(argument)) if said)


def _help(where: str, module: ast.Module) -> Iterator[Text]:
    """What `--help` says: of commands their first words, of options and arguments what they are for."""
    for node in ast.walk(module):
        said: list[str] = []
        if where.startswith(COMMANDS_IN) and _is_command(node):
            said = [ast.get_docstring(node) or ""]
        elif isinstance(node, ast.Call) and _called(node) in HELPED:
            helps = (word.value for word in node.keywords if word.arg == "help")
            said = [text for one in helps for text in _said(one)]
        yield from (Text(where, part) for text in said for part in help_paragraphs(text))


def _is_command(node: ast.AST) -> TypeGuard[ast.FunctionDef]:
    """One that somebody outside its module may call, and that gives nothing back."""
    return (
        isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and isinstance(node.returns, ast.Constant)
    )


def _clause(where: str, said: str) -> Text:
    """By itself, as `daemon/settings/mistakes.py` puts it into a sentence; with places, the whole one."""
    rule = said.removeprefix(MUST_BE)
    if "{" not in said:
        return Text(where, rule)
    whole = f"must be {rule}, not {{quoted}}." if rule != said else f"cannot be {{quoted}}: {said}."
    return Text(where, f"{{setting}} {whole}", is_sentence=True)


def _sentences(where: str, arguments: list[ast.expr]) -> Iterator[Text]:
    whole = (said for argument in arguments for said in _said(argument))
    for said in (part for text in whole for part in BETWEEN.split(text.removeprefix("papertray: "))):
        fixed = re.sub(r"\{\w+\}", "", said)
        if SENTENCE.fullmatch(said) and sum(map(str.isalpha, fixed)) >= LEAST:
            yield Text(where, said, is_sentence=True)


def _called(call: ast.Call) -> str:
    name = call.func
    return name.attr if isinstance(name, ast.Attribute) else name.id if isinstance(name, ast.Name) else ""


def _said(given: ast.expr | None) -> Iterator[str]:
    """What this says, either way where there are two; places in braces, named by what is put there."""
    match given:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from _said(given.body)
            yield from _said(given.orelse)
        case ast.JoinedStr():
            yield _with_places(given)
        case ast.Call(func=ast.Attribute(attr="strip" | "replace", value=inner)):
            yield from _said(inner)


def _with_places(given: ast.JoinedStr) -> str:
    taken: list[str] = []
    parts = []
    for part in given.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        elif isinstance(part, ast.FormattedValue):
            name = _place(part.value)
            taken.append(name)
            again = taken.count(name)
            parts.append(f"{{{name}{again if again > 1 else ''}}}")
    return "".join(parts)


def _place(value: ast.expr) -> str:
    """The last name in it, or of a function's first argument."""
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_")
        case ast.Call(args=[first, *_]):
            return _place(first)
        case ast.Call(func=ast.Attribute(value=inner)):
            return _place(inner)
        case ast.BoolOp(values=[first, *_]):
            return _place(first)
    return "value"


def template() -> Catalog:
    """Every text, without a translation."""
    catalogue = Catalog()
    for text in texts():
        name = (text.name, text.more) if text.more else text.name
        catalogue.add(name, locations=[(text.file, 0)])
    return catalogue


def read(language: Path) -> Catalog:
    with language.open("rb") as file:
        return read_po(file)


def updated(language: Path, new: Catalog) -> bytes:
    """The file as it should be: every text of the code, with the translation that it has."""
    catalogue = read(language)
    kept = {name_of(message.id): message.string for message in catalogue if message.id}
    for name in list(kept):
        catalogue.delete(name)
    for message in new:
        if message.id:
            string = kept.get(name_of(message.id), "")
            catalogue.add(message.id, string, locations=[(where, None) for where in _files(message)])
    return written(catalogue)


def written(catalogue: Catalog) -> bytes:
    """As a file, without what would change from machine to machine."""
    file = io.BytesIO()
    write_po(file, catalogue, include_lineno=False, width=100, ignore_obsolete=True)
    return NOT_KEPT.sub(b"", file.getvalue())


def name_of(message: object) -> str:
    return message[0] if isinstance(message, (tuple, list)) else str(message)


def _files(message: object) -> list[str]:
    return sorted({where for where, _line in message.locations})


def main() -> int:
    new, late = template(), []
    for language in sorted(FOLDER.glob("*.po")):
        content = updated(language, new)
        if content != language.read_bytes():
            late.append(language.name)
            if "--check" not in sys.argv:
                language.write_bytes(content)
        missing = [
            m
            for m in read(language)
            if m.id and not all([m.string] if isinstance(m.string, str) else m.string)
        ]
        print(f"{language.name}: {len(missing)} texts have no translation")  # noqa: T201
    return 1 if late and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
