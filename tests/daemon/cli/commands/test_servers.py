"""`papertray servers`: which there are, and whether each answers."""

import json

import pytest

from papertray.daemon.cli.server_states import STATE_COLOURS
from papertray.daemon.places import find_places
from papertray.daemon.settings.file import save_text
from papertray.engine.readers.server.presence import Presence
from tests.daemon.cli.conftest import Papertray
from tests.engine.readers.openai_server import inference_server
from tests.engine.readers.test_server import GOOD, NOBODY


def test_servers_alone_lists_them_each_with_its_state(
    papertray: Papertray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    file = find_places().settings_file
    assert "There is none." in papertray("servers").out
    with inference_server(lambda _: GOOD) as well:
        tables = [
            f'url = "{well.url}"\nname = "office"',
            f'url = "{NOBODY}"\nname = "attic"',
            'command = "llama-server --port {port}"',
            f'url = "{well.url}"\nname = "locked"\nkey_env = "NO_SUCH_KEY"',
        ]
        save_text(file, "".join(f'[[engine.servers]]\nmodel = "m"\n{table}\n' for table in tables))
        said = papertray("servers")
        assert (said.code, papertray("servers", "list").out) == (0, said.out)
        rows = [line.split("\t") for line in said.out.splitlines()]
        assert [(row[0], row[-1]) for row in rows] == [
            ("office", "answers"),
            ("attic", "does not answer"),
            ("this machine, llama-server", "started when needed"),
            ("locked", "has no key"),
        ]
        assert "`papertray model server`" in said.err
        assert json.loads(papertray("servers", "--json").out)[0]["state"] == "answers"
    assert {presence.value for presence in Presence} < set(STATE_COLOURS)
