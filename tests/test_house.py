"""How the code reads: one public name, one meaning over all three floors, nothing too long for one look."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
FLOORS = ("daemon", "engine", "tray")
SOURCES = (".py", ".js", ".css", ".html")
NAMED = re.compile(r"`((?:daemon|engine|tray|tests|packaging|src)/[\w./-]+)`")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LONGEST_FILE, LONGEST_FUNCTION, MEDIAN_FILE = 300, 60, 90  # lines

ANYWHERE = {"main", "start", "stop"}
COMMANDS = "daemon/cli/commands/"  # what is public there is a command; its group says what of
PROTOCOLS = {  # names that several modules of a room have because one caller asks each of them the same
    "daemon/services/": {"install", "uninstall", "start", "stop", "look", "explain"},  # `System`
    "daemon/api/routes/": {"routes"},  # what `api.app` puts together
    "engine/patches/": {"patch"},  # named by `DeviceRow.patches`
    "engine/readers/": {"load"},  # named by `CatalogEntry.module`
    "engine/readers/deepseek/": {"native_config", "image_tokens", "join_features"},  # `DeepseekFamily`
}


def sources() -> Iterator[str]:
    files = chain.from_iterable((ROOT / floor).rglob("*") for floor in FLOORS)
    return (file.relative_to(ROOT).as_posix() for file in sorted(files) if file.suffix in SOURCES)


def modules() -> Iterator[tuple[str, ast.Module]]:
    return ((file, ast.parse((ROOT / file).read_text("utf-8"))) for file in sources() if file.endswith(".py"))


def meaning(file: str, name: str) -> str:
    """The file; or the room, where the name is its modules' answer to one caller."""
    rooms = (room for room, names in PROTOCOLS.items() if file.startswith(room) and name in names)
    return next(rooms, file)


def public_names() -> Iterator[tuple[str, str]]:
    for file, module in modules():
        for node in module.body:
            if isinstance(node, (ast.ClassDef, *FUNCTIONS)) and node.name[0] != "_":
                yield file, node.name


def test_no_public_name_has_two_meanings() -> None:
    meanings = defaultdict(set)
    for file, name in public_names():
        if name not in ANYWHERE and not file.startswith(COMMANDS):
            meanings[name].add(meaning(file, name))
    assert {name: sorted(places) for name, places in meanings.items() if len(places) > 1} == {}


def test_what_is_called_a_protocol_is_one() -> None:
    names = list(public_names())
    for room, protocol in PROTOCOLS.items():
        for answer in protocol:
            assert sum(file.startswith(room) and name == answer for file, name in names) > 1, (room, answer)


def test_a_file_is_read_in_a_few_minutes() -> None:
    lines = {file: (ROOT / file).read_text("utf-8").count("\n") for file in sources()}
    assert {file: count for file, count in lines.items() if count > LONGEST_FILE} == {}
    assert median(count for file, count in lines.items() if file.endswith(".py")) <= MEDIAN_FILE


def test_a_function_is_read_at_a_glance() -> None:
    lines = {
        f"{file}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for file, module in modules()
        for node in ast.walk(module)
        if isinstance(node, FUNCTIONS)
    }
    assert {function: count for function, count in lines.items() if count > LONGEST_FUNCTION} == {}


def test_packaging_does_not_hide_the_package_of_that_name() -> None:
    assert list((ROOT / "packaging").rglob("__init__.py")) == []


def test_the_page_on_the_house_shows_every_room_and_no_other() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    shown, above = set(), []
    for indent, name in re.findall(r"^    ( *)([a-z_]+)/ ", page.partition("## The rooms")[2], re.MULTILINE):
        above = [*above[: len(indent) // 2], name]
        shown.add(f"{'/'.join(above)}/")
    rooms = {f"{Path(file).parent.as_posix()}/" for file in sources()}
    assert shown == rooms


def test_the_documents_name_files_that_are_there() -> None:
    pages = [*(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md", ROOT / "README.md"]
    named = {path for page in pages for path in NAMED.findall(page.read_text("utf-8"))}
    assert {path for path in named if not (ROOT / path).exists()} == set()
