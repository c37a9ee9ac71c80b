"""The process that talks to a model hub; `engine.models.hub` starts it.

Reads one order, a line of JSON, from stdin; answers in lines of JSON on stdout. Ends at once when stdin
closes: it outlives neither a cancelled download nor its parent. Writes only into the folder of the order.
"""

import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar, cast

from papertray.engine.children.parent import end_with_parent
from papertray.engine.language import translatable
from papertray.engine.models.manifest import ModelFile, WrongBytes, file_digest, file_matches

T = TypeVar("T")
NOT_INSTALLED = (
    translatable("The library that fetches models, huggingface_hub, is not installed."),
    "`papertray models pull NAME` installs it first, or says the line that does.",
)
BUSY = frozenset({408, 429, 500, 502, 503, 504})
WAITS = (1.0, 2.0, 4.0, 8.0)  # seconds before another try, where the hub names none
LONGEST_WAIT = 60.0
CHUNK = 1 << 20  # the library's 10 MB would show nothing for a minute on a slow line


def main() -> None:
    order = json.loads(sys.stdin.buffer.readline())
    end_with_parent()
    _go_online()
    try:
        from papertray.engine.models.hub_problems import explain_fault
    except ImportError:
        send_answer(problem=NOT_INSTALLED)
        return
    except ValueError as fault:  # the library reads its settings as it is imported
        send_answer(
            problem=(f"An HF_… setting in the environment makes no sense: {fault}.", "Correct or unset it.")
        )
        return
    try:
        {"list": _list, "fetch": _fetch}[order["task"]](order)
    except Exception as fault:
        send_answer(problem=explain_fault(fault, order))


def _go_online() -> None:
    """Lift, for this process alone, what the package sets; must run before the hub's library is imported."""
    os.environ.update(HF_HUB_OFFLINE="0", TRANSFORMERS_OFFLINE="0", HF_HUB_DISABLE_XET="1")
    os.environ.setdefault("HF_HUB_DOWNLOAD_TIMEOUT", "300")


def send_answer(**answer: Any) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _list(order: dict[str, Any]) -> None:
    """Which files the hub has, at which commit. One single request first: no network is told at once."""
    from huggingface_hub import HfApi, RepoFile, get_hf_file_metadata, hf_hub_url

    _limit_every_request()
    hub = {"endpoint": order["endpoint"]}
    token = os.environ.get("HF_TOKEN") or False
    url = hf_hub_url(order["hub_id"], order["first"], revision=order["revision"] or "main", **hub)
    metadata = _retry_while_busy(lambda: get_hf_file_metadata(url, token=token, **hub))
    revision = order["revision"] or metadata.commit_hash
    if not revision:
        raise ValueError("no X-Repo-Commit: not a hub")
    tree = HfApi(token=token, **hub).list_repo_tree(order["hub_id"], revision=revision)
    files = [(file.path, file.size, _digest(file)) for file in tree if isinstance(file, RepoFile)]
    send_answer(revision=revision, files=files)


def _digest(file: Any) -> str:
    return f"sha256:{file.lfs.sha256}" if file.lfs else f"git-sha1:{file.blob_id}"


def _fetch(order: dict[str, Any]) -> None:
    from huggingface_hub import constants, hf_hub_url

    constants.DOWNLOAD_CHUNK_SIZE = CHUNK
    _limit_every_request()
    into, have = Path(order["into"]), Path(order["have"])
    files = [ModelFile(**file) for file in order["files"]]
    before, total = 0, sum(file.size for file in files)
    for file in files:
        meter = ProgressMeter(file, before, total)
        if not _take_installed(file, into / file.path, have / file.path):
            url = hf_hub_url(
                order["hub_id"], file.path, revision=order["revision"], endpoint=order["endpoint"]
            )
            _fetch_file(url, file, into / file.path, meter)
        before += file.size
        meter.set(file.size)
    send_answer(done=True)


def _take_installed(file: ModelFile, target: Path, installed: Path) -> bool:
    if not file_matches(target, file) and file_matches(installed, file):
        try:
            os.link(installed.resolve(), target)
        except OSError:  # a file system without hard links
            shutil.copyfile(installed, target)
    return file_matches(target, file)


def _fetch_file(url: str, file: ModelFile, target: Path, meter: "ProgressMeter") -> None:
    """Fetch one file, going on where an earlier try was cut off; only right bytes get the file's name."""
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

    headers = build_hf_headers(token=os.environ.get("HF_TOKEN") or False) | {"Accept-Encoding": "identity"}
    part = part_file(target, file)
    if part.exists() and part.stat().st_size > file.size:
        part.unlink()

    def go_on() -> None:
        with part.open("ab") as stream:
            http_get(
                url,
                stream,
                resume_size=stream.seek(0, os.SEEK_END),
                headers=headers,
                expected_size=file.size,
                tqdm_class=cast(Any, meter.start),
            )

    _retry_while_busy(go_on)
    if file_digest(part, file.digest.partition(":")[0], meter.beat) != file.digest:
        part.unlink()
        raise WrongBytes(file.path)
    part.replace(target)


def part_file(target: Path, file: ModelFile) -> Path:
    """Where a file grows. The digest in the name keeps the beginnings of two revisions apart."""
    return target.with_name(f"{target.name}.{file.digest[-16:]}.part")


class ProgressMeter:
    """Stands in for the progress bar of the hub's library and tells the parent."""

    def __init__(self, file: ModelFile, before: int, total: int) -> None:
        self._file, self._before, self._total = file, before, total
        self._done = 0

    def start(self, *, initial: int = 0, **_bar: object) -> Self:
        self.set(initial)
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None: ...

    def update(self, more: int) -> None:
        self.set(self._done + more)

    def set(self, done: int) -> None:
        self._done = done
        self.beat()

    def beat(self) -> None:
        send_answer(
            progress=[self._file.path, self._done, self._file.size, self._before + self._done, self._total]
        )


def _retry_while_busy(step: Callable[[], T]) -> T:
    """Try again where the hub says that it is busy just now."""
    from huggingface_hub.errors import HfHubHTTPError

    for wait in WAITS:
        try:
            return step()
        except HfHubHTTPError as fault:
            if fault.response.status_code not in BUSY:
                raise
            hubs_wait = fault.response.headers.get("Retry-After", "")
            time.sleep(min(float(hubs_wait), LONGEST_WAIT) if hubs_wait.isdecimal() else wait)
    return step()


def _limit_every_request() -> None:
    """The library sends some requests without a time limit: a hub that hangs would hang us."""
    import httpx2
    from huggingface_hub import constants, set_client_factory

    seconds = dict.fromkeys(("connect", "read", "write", "pool"), float(constants.HF_HUB_DOWNLOAD_TIMEOUT))

    def limit(request: httpx2.Request) -> None:
        request.extensions["timeout"] = seconds

    set_client_factory(lambda: httpx2.Client(follow_redirects=True, event_hooks={"request": [limit]}))


if __name__ == "__main__":
    main()
