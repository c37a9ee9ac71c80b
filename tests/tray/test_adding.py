"""Files, the clipboard and the screen reach the inbox: with pretended tools, and a real daemon."""

import os
from datetime import datetime
from pathlib import Path

import pytest
import tomlkit

from papertray.daemon.client.api_client import ApiClient
from papertray.tray.adding import add_chosen, add_clipboard, add_screen, first_view
from papertray.tray.desktop.tools import NoPicture
from tests.desks import draw, running, until

NOON = datetime(2026, 3, 1, 12, 0, 0)


def pretend(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.mark.skipif(os.name != "posix", reason="the pretended tools are shell scripts")
def test_what_a_person_chooses_copies_or_cuts_lies_in_the_inbox_and_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan, tools = draw(tmp_path / "my scan.png", "one"), tmp_path / "tools"
    tools.mkdir()
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    assert not first_view().can_choose_files
    pretend(tools, "zenity", f"echo '{scan}'")
    pretend(tools, "wl-paste", f"cat '{scan}'")
    pretend(tools, "gnome-screenshot", f"""cp '{scan}' "${{2#--file=}}" """)
    view = first_view()
    assert (view.can_choose_files, view.can_paste, view.can_cut_screen) == (True, True, True)
    with running(tmp_path / "inbox", api={"port": 0}) as at_work:
        settings = {"folders": [{"path": str(at_work.inbox)}]}
        at_work.places.settings_file.write_text(tomlkit.dumps(settings), encoding="utf-8")
        client = ApiClient(at_work.places)
        until(at_work.client.address, "the API")
        add_chosen(client)
        add_clipboard(client, NOON)
        add_screen(client, NOON)
        names = {"my scan.png", "Clipboard 2026-03-01 12.00.00.png", "Screen 2026-03-01 12.00.00.png"}
        assert {file.name for file in at_work.inbox.iterdir() if file.suffix == ".png"} == names
        until(lambda: at_work.states() == dict.fromkeys(names, "done"), "three notes")
        pretend(tools, "wl-paste", "exit 1")
        with pytest.raises(NoPicture):
            add_clipboard(client, NOON)
        pretend(tools, "zenity", "exit 1")
        add_chosen(client)
        assert len(at_work.states()) == 3
