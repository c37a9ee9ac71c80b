"""What rules could not do is shown with its reason, tried again, given up: in a list and at its document."""

import socket
from pathlib import Path

import tomlkit
from playwright.sync_api import expect

from papertray.daemon.places import find_places
from tests.daemon.rules.hooks import program
from tests.daemon.web.conftest import Opening
from tests.daemon.web.test_looks import take
from tests.desks import draw

EXISTS = "import os, sys; sys.exit(not os.path.exists(sys.argv[1]))"


def test_what_rules_could_not_do_is_tried_again_or_given_up(opening: Opening, tmp_path: Path) -> None:
    with opening(reduced_motion="reduce", viewport={"width": 400, "height": 820}) as seen:
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            address = f"http://127.0.0.1:{nobody.getsockname()[1]}/hook"
        file, go = find_places().settings_file, tmp_path / "go"
        rules = [
            {"name": "booking", "run": program(tmp_path, EXISTS, str(go))},
            {"name": "alarm", "webhook": address},
        ]
        file.write_text(file.read_text("utf-8") + tomlkit.dumps({"rules": rules}), encoding="utf-8")
        seen.client.reload()
        seen.drop(draw(tmp_path / "letter.png", "a letter"))
        seen.says("2 errands failed or wait.")
        seen.says("Up to date · 2 messages to look at")
        seen.page.get_by_role("link", name="Show", exact=True).click()
        rows = seen.page.locator(".row")
        expect(rows).to_have_count(2)
        expect(rows.first).to_contain_text("letter.png · Rule alarm, webhook")
        expect(rows.first).to_contain_text("It is tried again.")
        expect(rows.last).to_contain_text("ended with 1.")
        seen.is_for_everyone("what rules could not do")
        take(seen, "errands-400")
        go.touch()
        seen.page.get_by_role("button", name="Try again: letter.png: Rule booking, command").click()
        expect(rows).to_have_count(1)
        rows.get_by_role("link", name="letter.png").click()
        trouble = seen.page.locator(".trouble")
        expect(trouble).to_contain_text("Rule alarm, webhook")
        seen.is_for_everyone("a document whose rules failed")
        take(seen, "document-errands-400")
        trouble.get_by_role("button", name="Give up").click()
        trouble.get_by_role("button", name="Really give up?").click()
        expect(trouble).to_have_count(0)
        seen.page.get_by_text("After reading: 2 errands").click()
        seen.says("It was given up.")
        seen.go("#/errands")
        seen.says("All is done")
        seen.says("Up to date")
        assert not seen.complaints
