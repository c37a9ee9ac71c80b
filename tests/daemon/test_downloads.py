"""Models on their way: who asks is told at once what is in the way."""

import sys
import threading
from collections.abc import Callable
from typing import Literal

import pytest

from papertray.daemon.downloads import Downloads
from papertray.engine.models.catalog import CatalogEntry
from papertray.engine.models.hub import FetchProgress
from papertray.engine.models.libraries import InstallPlan, LibrariesMissing
from tests.desks import until


class NoModels:
    here: Literal["yes", "no"] = "no"

    def presence(self, _entry: CatalogEntry) -> Literal["yes", "no"]:
        return self.here

    def pull(
        self,
        name: str,
        progress: Callable[[FetchProgress], None] = lambda _progress: None,
        cancel: threading.Event | None = None,
    ) -> bool:
        raise AssertionError(name)


def test_without_the_libraries_a_download_is_refused_where_it_was_asked_for() -> None:
    downloads = Downloads(NoModels(), missing=lambda _needed: ("torch", "transformers"))
    with pytest.raises(LibrariesMissing) as refusal:
        downloads.begin("glm-ocr")
    assert refusal.value.sentence.startswith("Large models need torch, transformers")
    assert "`papertray models pull glm-ocr` in a terminal installs them" in refusal.value.advice
    assert (downloads.now(), list(downloads.troubles())) == ((), [])


class OneModel(NoModels):
    """`fetched` are the names that were asked for."""

    def __init__(self) -> None:
        self.fetched: list[str] = []

    def pull(
        self,
        name: str,
        progress: Callable[[FetchProgress], None] = lambda _progress: None,
        cancel: threading.Event | None = None,
    ) -> bool:
        self.fetched.append(name)
        return True


def installer(script: str) -> InstallPlan:
    return InstallPlan("cpu", (sys.executable, "-c", script), "pip install torch")


def test_with_consent_the_libraries_are_installed_first_and_what_stops_that_is_told_at_the_model() -> None:
    source, plans = OneModel(), [installer("print('No space left'); raise SystemExit(1)")]
    downloads = Downloads(source, lambda _needed: ("torch",), lambda _needed: plans[-1])
    assert downloads.install_line() == "pip install torch"
    downloads.begin_with_libraries("glm-ocr")
    until(lambda: not downloads.now(), "the end of the installer")
    trouble = downloads.trouble("glm-ocr")
    assert trouble
    assert "The installer says: No space left" in trouble.sentence
    assert (trouble.advice, source.fetched) == ("Install them: `pip install torch`.", [])
    source.here = "yes"  # by another process
    assert (downloads.trouble("glm-ocr"), list(downloads.troubles())) == (None, [])
    source.here = "no"
    plans.append(installer("print('Installed torch')"))
    downloads.begin_with_libraries("glm-ocr")
    until(lambda: not downloads.now(), "the download")
    assert (downloads.trouble("glm-ocr"), source.fetched) == (None, ["glm-ocr"])


def test_an_installer_is_followed_and_ends_when_the_download_is_stopped() -> None:
    waiting = installer(
        "import threading; print('Collecting torch\\nWARNING: Retrying', flush=True);"
        " threading.Event().wait()"
    )
    source = OneModel()
    downloads = Downloads(source, lambda _needed: ("torch",), lambda _needed: waiting)
    downloads.begin_with_libraries("glm-ocr")
    until(lambda: [now.installing for now in downloads.now()] == ["Collecting torch"], "its words")
    assert downloads.cancel("glm-ocr")
    until(lambda: not downloads.now(), "its end")
    assert (downloads.trouble("glm-ocr"), source.fetched) == (None, [])


def test_files_for_another_program_bring_what_fetches_them_and_no_more() -> None:
    source, plans = OneModel(), list[tuple[str, ...]]()

    def plan(needed: tuple[str, ...]) -> InstallPlan:
        plans.append(needed)
        return installer("print('Installed')")

    downloads = Downloads(source, lambda needed: needed, plan)
    with pytest.raises(LibrariesMissing, match="To fetch models takes huggingface_hub"):
        downloads.begin("glm-ocr-gguf")
    downloads.begin_with_libraries("glm-ocr-gguf")
    until(lambda: source.fetched == ["glm-ocr-gguf"], "the download")
    assert set(plans) == {("huggingface_hub",)}


def test_where_nothing_may_be_installed_consent_brings_the_line_to_type() -> None:
    downloads = Downloads(
        NoModels(), lambda _needed: ("torch",), lambda _needed: InstallPlan("cpu", (), "pipx install x")
    )
    assert downloads.install_line() == ""
    with pytest.raises(LibrariesMissing) as refusal:
        downloads.begin_with_libraries("glm-ocr")
    assert refusal.value.advice == "Install them: `pipx install x`."
