"""Starting our own modules: from an installation, and as a bundle does."""

import subprocess
import sys
from pathlib import Path

import pytest

from papertray.engine.children.command import module_command

BUNDLE = Path(__file__).parents[3] / "packaging" / "bundle.py"


def test_an_installation_starts_a_module_with_its_python() -> None:
    assert module_command("papertray.engine.models.download") == (
        sys.executable,
        "-P",
        "-m",
        "papertray.engine.models.download",
    )


def test_a_bundle_asks_itself_to_be_the_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert module_command("papertray.engine.models.download") == (
        sys.executable,
        "--child",
        "papertray.engine.models.download",
    )


def test_a_bundle_asked_to_be_a_module_is_that_module_and_not_papertray() -> None:
    command = [sys.executable, BUNDLE, "--child", "json.tool", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert "json.tool" in done.stdout
    assert "papertray" not in done.stdout


def test_a_bundle_is_papertray_otherwise() -> None:
    done = subprocess.run([sys.executable, BUNDLE, "--version"], capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("papertray ")
