"""`papertray config`: show the settings and where each is from, and change them without breaking them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from papertray.daemon.cli.editor import open_editor
from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.reload import reload_daemon
from papertray.daemon.cli.screen import print_json, print_line, print_message, print_table, printable_path
from papertray.daemon.errors import SettingsError
from papertray.daemon.places import Places, find_places
from papertray.engine.language import translate

if TYPE_CHECKING:
    from papertray.daemon.settings.show import SettingRow

app = typer.Typer(help="Show and change the settings.", no_args_is_help=True)


@app.command()
def show(as_json: AsJson = False) -> None:
    """Show every setting in force, and where it is from."""
    from papertray.daemon.settings.show import settings_in_force

    rows = settings_in_force(find_places())
    if as_json:
        print_json(
            [{"key": row.key, "value": row.value, "source": row.source, "place": row.place} for row in rows]
        )
    else:
        print_table(
            (translate("setting"), translate("value"), translate("from")),
            [(row.key, _value_text(row.value), _whence(row)) for row in rows],
        )


@app.command()
def path() -> None:
    """Print where the settings file is."""
    print_line(str(find_places().settings_file))


@app.command()
def edit() -> None:
    """Open the settings file in your editor ($VISUAL, $EDITOR). Mistakes do not replace the old settings."""
    from papertray.daemon.settings.edit import check_content
    from papertray.daemon.settings.file import read_text, save_text, write_default

    places = find_places()
    write_default(places)
    draft = places.config / "papertray.edit.toml"
    if draft.exists():
        print_message(
            f"This is your version from last time; delete {draft} to begin with the settings in force."
        )
    else:
        save_text(draft, read_text(places.settings_file))
    content = _edit_draft(draft, places)
    try:
        check_content(content, draft)
    except SettingsError as problem:
        raise SettingsError(
            problem.sentence,
            "The old settings stay. Your version is kept: `papertray config edit` opens it again.",
        ) from None
    unchanged = content == read_text(places.settings_file)
    if not unchanged:
        save_text(places.settings_file, content)
    draft.unlink()
    print_line("Nothing was changed." if unchanged else reload_daemon(places))


@app.command("set")
def set_value(
    key: Annotated[
        str, typer.Argument(metavar="KEY", help="For example engine.device, or folders.0.settle.")
    ],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="For example cpu, 3, true.")],
) -> None:
    """Change one setting in the file; its comments stay."""
    from papertray.daemon.settings.steering import save_value

    places = find_places()
    save_value(places, key, value)
    print_line(reload_daemon(places))


@app.command()
def unset(
    key: Annotated[str, typer.Argument(metavar="KEY", help="For example engine.longest_side.")],
) -> None:
    """Take one setting out of the file: its default holds again."""
    from papertray.daemon.settings.steering import remove_value

    places = find_places()
    remove_value(places, key)
    print_line(reload_daemon(places))


def _whence(row: "SettingRow") -> str:
    """In words where a person looks; as programs know it in a pipe."""
    if not sys.stdout.isatty():
        return f"{row.source} {row.place}".strip()
    place = printable_path(row.place)
    words = {
        "default": translate("default"),
        "file": place,
        "environment": translate("the variable {name}", name=place),
        "option": translate("an option"),
        "folder": translate("from {folder}", folder=place),
        "general": translate("as {setting}", setting=place),
    }
    return words[row.source]


def _value_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _edit_draft(draft: Path, places: Places) -> str:
    """The text as the editor left it. A draft nobody changed is not kept."""
    from papertray.daemon.settings.file import read_text

    before = read_text(draft)
    try:
        open_editor(draft, instead=places.settings_file)
    except SettingsError:
        if read_text(draft) == before == read_text(places.settings_file):
            draft.unlink()
        raise
    return read_text(draft)
