"""Models on their way: who asks is told at once what is in the way."""

import threading
from collections.abc import Callable

import pytest

from papertray.daemon.downloads import Downloads
from papertray.engine.models.hub import FetchProgress
from papertray.engine.models.libraries import LibrariesMissing


class NoModels:
    def pull(
        self,
        name: str,
        progress: Callable[[FetchProgress], None] = lambda _progress: None,
        cancel: threading.Event | None = None,
    ) -> bool:
        raise AssertionError(name)


def test_without_the_libraries_a_download_is_refused_where_it_was_asked_for() -> None:
    downloads = Downloads(NoModels(), missing=lambda: ("torch", "transformers"))
    with pytest.raises(LibrariesMissing) as refusal:
        downloads.begin("glm-ocr")
    assert refusal.value.sentence.startswith("Large models need torch, transformers")
    assert "`papertray models pull glm-ocr` in a terminal installs them" in refusal.value.advice
    assert (downloads.now(), list(downloads.troubles())) == ((), [])
