"""A command that is not understood is told in a sentence of ours, as every other trouble is."""

import pytest

from tests.daemon.cli.conftest import Papertray


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("statsu", "There is no command statsu. Did you mean status?"),
        ("zzz", "There is no command zzz. `papertray --help` lists them."),
        ("config get", "There is no command get. Did you mean set?"),
        ("show", "`papertray show` needs to know ID. `papertray show --help` tells more."),
        ("show 1 2", "`papertray show` does not take 2. `papertray show --help` tells more."),
        ("show x", "ID must be a whole number, not «x»."),
        ("list --limt 3", "`papertray list` has no option --limt. Did you mean --limit?"),
        ("list --limit", "--limit needs a value."),
        ("list --json=3", "--json takes no value."),
        ("list -n 0", "--limit / -n must be at least 1, not «0»."),
        ("list --sort x", "--sort must be one of newest, name, confidence, not «x»."),
        ("search x --from May", "--from must be a day like 2026-05-31, not «May»."),
        ("pause --for 5x", "'5x' is no length of time."),
        ("rules test", "Name a document by its ID, or say --all."),
    ],
)
def test_what_is_wrong_with_a_command_is_one_sentence(papertray: Papertray, words: str, said: str) -> None:
    result = papertray(*words.split())
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"papertray: {said}")
    assert result.err.count("\n") == 1


def test_a_group_without_a_command_shows_its_help(papertray: Papertray) -> None:
    result = papertray("service")
    assert result.code == 2
    assert "uninstall" in result.out
