"""Keys of servers in the keyring of the system: the real package, with one in a file and its own null one."""

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail, null

from papertray.daemon import system_keyring
from papertray.daemon.errors import SettingsError
from papertray.daemon.places import find_places
from papertray.daemon.reading.readers import read_options
from papertray.daemon.settings import load_settings
from papertray.daemon.settings.edit import with_server, without_server
from papertray.daemon.settings.file import read_text, save_text
from papertray.daemon.settings.sections import EngineSettings, ServerSettings
from papertray.daemon.system_keyring import KeyringSilent, KeyringUnusable, NoSuchKey, read_key, save_key
from papertray.engine.models.catalog import SERVER
from tests.daemon.cli.conftest import Papertray, papertray  # noqa: F401  # a fixture
from tests.keyrings import FileKeyring

URL = "https://ocr.example/v1"


@pytest.fixture(autouse=True)
def keys(tmp_path: Path) -> Iterator[Path]:
    before, file = keyring.get_keyring(), tmp_path / "keys"
    keyring.set_keyring(FileKeyring(file))
    yield file
    keyring.set_keyring(before)


def key_of(server: ServerSettings) -> str:
    (address,) = read_options(EngineSettings(model=SERVER, servers=(server,))).servers
    assert address.key not in repr(address)
    return address.key


def test_a_key_of_the_environment_goes_before_one_of_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    server = ServerSettings(url=URL, model="m", key="keyring:office", key_env="OCR_KEY")
    with pytest.raises(NoSuchKey, match="papertray servers key office"):
        key_of(server)
    save_key("office", "from-the-keyring")
    assert key_of(server) == "from-the-keyring"
    monkeypatch.setenv("OCR_KEY", "from-the-environment")
    assert key_of(server) == "from-the-environment"


def test_a_keyring_that_keeps_nothing_or_is_none_is_said() -> None:
    keyring.set_keyring(null.Keyring())
    with pytest.raises(KeyringUnusable, match="keeps nothing"):
        save_key("office", "secret")
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    with pytest.raises(KeyringUnusable, match="NoKeyringError"):
        read_key("office")


def test_a_locked_keyring_is_said_and_its_owner_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    unlocked, questions = threading.Event(), list[str]()

    def wait_for_owner(_service: str, name: str) -> str:
        questions.append(name)
        unlocked.wait(30)
        return "secret"

    with monkeypatch.context() as patch:
        patch.setattr(system_keyring, "PATIENCE", 0.05)
        patch.setattr(keyring, "get_password", wait_for_owner)
        for _ in range(3):
            with pytest.raises(KeyringSilent, match="does not answer"):
                read_key("office")
        assert questions == ["office"]
        unlocked.set()
    monkeypatch.setattr(keyring, "get_password", wait_for_owner)
    assert read_key("office") == "secret"


def test_a_key_in_the_settings_is_refused_and_not_repeated() -> None:
    places = find_places()
    save_text(places.settings_file, f'[[engine.servers]]\nurl = "{URL}"\nmodel = "m"\nkey = "sk-secret"\n')
    with pytest.raises(SettingsError, match=r"engine.servers.0.key .*keyring:NAME") as refusal:
        load_settings(places)
    assert "sk-secret" not in str(refusal.value)


def test_a_key_is_put_into_the_keyring_and_taken_out_by_a_command(
    papertray: Papertray,  # noqa: F811
    keys: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = find_places().settings_file
    save_text(file, f'# mine\n[[engine.servers]]  # the office\nurl = "{URL}"\nmodel = "m"\n')
    monkeypatch.setattr("sys.stdin", io.StringIO("sk-secret\n"))
    assert papertray("servers", "key", "ocr.example").code == 0
    assert "sk-secret" in keys.read_text()
    assert 'key = "keyring:ocr.example"' in read_text(file)
    assert "# the office" in read_text(file)
    assert "sk-secret" not in papertray("servers", "list").out + papertray("config", "show").out
    assert papertray("servers", "key", "ocr.example", "--forget").code == 0
    assert (keys.read_text(), load_settings(find_places()).engine.servers[0].key) == ("{}", "")
    assert papertray("servers", "remove", URL).code == 0
    assert load_settings(find_places()).engine.servers == ()


@pytest.mark.parametrize(
    "content",
    [
        "",
        '[engine]\nmodel = "quick"\n\n[log]\nlevel = "INFO"\n',
        'engine.servers = [{url = "https://old/v1", model = "m"}]\n',
        '# mine\n[[engine.servers]]\nurl = "https://old/v1"\nmodel = "m"\n\n'
        f'[[engine.servers]]\nurl = "{URL}"\nmodel = "o"\n',
    ],
)
def test_a_server_is_added_once_to_whatever_the_file_says(tmp_path: Path, content: str) -> None:
    file = tmp_path / "papertray.toml"
    for _twice in range(2):
        content = with_server(content, file, {"url": URL, "model": "papertray", "name": "desktop"})
    save_text(find_places().settings_file, content)
    servers = load_settings(find_places()).engine.servers
    assert [server.model for server in servers if server.url == URL] == ["papertray"]
    for _each in servers:
        content = without_server(content, file, 0)
    save_text(find_places().settings_file, content)
    assert load_settings(find_places()).engine.servers == ()
