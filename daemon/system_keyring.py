"""Keys in the keyring of this system: Keychain, Windows' credentials, GNOME's or KDE's.

The package `keyring` knows them. It is asked in a thread: one that is locked may wait for its owner.
What a key is never gets into a log, an error or a file of ours.
"""

import threading
from collections.abc import Callable
from typing import Any

from papertray.engine.errors import ReaderAway

SERVICE = "papertray"
PATIENCE = 30.0  # seconds, for somebody to unlock it
_ASKED = threading.Lock()  # held while a question waits for its answer: nobody is asked twice to unlock it


class KeyringError(ReaderAway):
    """The system's keyring does not give or take a key: no page can be read until it does."""


class KeyringMissing(KeyringError):
    def __init__(self) -> None:
        super().__init__(
            "The system's keyring is asked by the package keyring, which is not installed.",
            "Install it beside papertray: pip install 'papertray[keyring]'; or put the key into a variable"
            " of the environment, which key_env names.",
        )


class KeyringUnusable(KeyringError):
    def __init__(self, why: str) -> None:
        super().__init__(
            f"The system's keyring cannot be used ({why}).",
            "Put the key into an environment variable instead, which key_env names.",
        )


class KeyringSilent(KeyringError):
    def __init__(self) -> None:
        super().__init__("The system's keyring does not answer.", "Unlock it.")


class NoSuchKey(KeyringError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"The system's keyring has no key of the name {name}.",
            f"Put it there: `papertray servers key {name}`.",
        )


def read_key(name: str) -> str | None:
    """None where the keyring has none of that name."""
    key: str | None = _ask(lambda keyring: keyring.get_password(SERVICE, name))
    return key


def save_key(name: str, key: str) -> None:
    _ask(lambda keyring: keyring.set_password(SERVICE, name, key))
    if read_key(name) != key:  # some backends take everything and keep nothing
        raise KeyringUnusable("it keeps nothing")


def remove_key(name: str) -> None:
    if read_key(name) is None:
        raise NoSuchKey(name)
    _ask(lambda keyring: keyring.delete_password(SERVICE, name))


def _ask(question: Callable[[Any], Any]) -> Any:
    try:
        import keyring
    except ImportError:
        raise KeyringMissing from None
    if not _ASKED.acquire(timeout=PATIENCE):
        raise KeyringSilent
    outcome: list[Any] = []

    def ask() -> None:
        try:
            outcome.append(question(keyring))
        except Exception as problem:  # each backend has its own
            outcome.append(problem)
        finally:
            _ASKED.release()

    thread = threading.Thread(target=ask, name="keyring", daemon=True)
    thread.start()
    thread.join(PATIENCE)
    if not outcome:
        raise KeyringSilent
    if isinstance(outcome[0], Exception):
        raise KeyringUnusable(type(outcome[0]).__name__) from None
    return outcome[0]
