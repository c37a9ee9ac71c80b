"""The process that fetches files whose digests are known; `engine.models.file_source` starts it.

Reads one order, a line of JSON, from stdin; answers in lines of JSON on stdout, as `engine.models.download`
does, and ends as it does. Needs no hub's library, for whoever has only the quick reader has none. Writes only
into the folder of the order.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

import httpx

from papertray.engine.children.parent import end_with_parent
from papertray.engine.models.download import BUSY, CHUNK, WAITS, ProgressMeter, part_file, send_answer
from papertray.engine.models.download_problems import (
    Explanation,
    Explanations,
    Order,
    explain_by,
    explain_cut,
    explain_damage,
    explain_disk,
    explain_rest,
    name_missing,
)
from papertray.engine.models.manifest import ModelFile, WrongBytes, file_digest, file_matches

Answer = TypeVar("Answer")

SECONDS = 60.0
FAULTS_OF_THE_WAY = (httpx.NetworkError, httpx.RemoteProtocolError)
"""After these another try goes on where the last one ended. That nobody is there is not among them."""


class BrokenOff(Exception):
    """The file ended before all of it had come."""


def main() -> None:
    order = json.loads(sys.stdin.buffer.readline())
    end_with_parent()
    try:
        {"measure": _measure, "fetch": _fetch}[order["task"]](order)
    except Exception as fault:
        send_answer(problem=explain_by(_EXPLANATIONS, fault, order))


def _measure(order: Order) -> None:
    """How many bytes each file has: a single one is asked for, which says of how many."""
    with httpx.Client(timeout=SECONDS, follow_redirects=True) as client:
        send_answer(sizes=[_size(client, address) for address in order["addresses"]])


def _size(client: httpx.Client, address: str) -> int:
    def ask() -> int:
        with _stream(client, address, "bytes=0-0") as answer:
            whole = answer.headers.get("Content-Range", "").rpartition("/")[2]
            return int(whole or answer.headers["Content-Length"])

    return _try_again(ask)


def _fetch(order: Order) -> None:
    into, have = Path(order["into"]), Path(order["have"])
    files = [ModelFile(**file) for file in order["files"]]
    before, total = 0, sum(file.size for file in files)
    with httpx.Client(timeout=SECONDS, follow_redirects=True) as client:
        for file, address in zip(files, order["addresses"], strict=True):
            meter = ProgressMeter(file, before, total)
            if file_matches(have / file.path, file):
                (into / file.path).write_bytes((have / file.path).read_bytes())
            if not file_matches(into / file.path, file):
                _fetch_file(client, address, file, into / file.path, meter)
            before += file.size
            meter.set(file.size)
    send_answer(done=True)


def _fetch_file(
    client: httpx.Client, address: str, file: ModelFile, target: Path, meter: ProgressMeter
) -> None:
    """Go on where an earlier try was cut off; only right bytes get the file's name."""
    part = part_file(target, file)
    if part.exists() and part.stat().st_size > file.size:
        part.unlink()

    def go_on() -> None:
        with part.open("ab") as stream:
            _append_rest(client, address, file, stream, meter)

    _try_again(go_on)
    if file_digest(part, "sha256", meter.beat) != file.digest:
        part.unlink()
        raise WrongBytes(file.path)
    part.replace(target)


def _append_rest(
    client: httpx.Client, address: str, file: ModelFile, stream: IO[bytes], meter: ProgressMeter
) -> None:
    done = stream.seek(0, 2)
    meter.set(done)
    if done == file.size:
        return
    with _stream(client, address, f"bytes={done}-") as answer:
        if done and answer.status_code != httpx.codes.PARTIAL_CONTENT:  # it has sent all of it again
            done = stream.truncate(0)
        shown = done
        for piece in answer.iter_raw():  # as it comes: of a cut line nothing is lost
            stream.write(piece)
            done += len(piece)
            if done - shown >= CHUNK:
                meter.set(shown := done)
    if done < file.size:
        raise BrokenOff


@contextmanager
def _stream(client: httpx.Client, address: str, wanted: str) -> Iterator[httpx.Response]:
    headers = {"Range": wanted, "Accept-Encoding": "identity"}
    with client.stream("GET", address, headers=headers) as answer:
        answer.raise_for_status()
        yield answer


def _try_again(step: Callable[[], Answer]) -> Answer:
    """Where the server is busy just now, or the line was cut."""
    for wait in WAITS:
        try:
            return step()
        except httpx.HTTPStatusError as fault:
            if fault.response.status_code not in BUSY:
                raise
            if fault.response.headers.get("Retry-After") == "0":
                continue
        except httpx.ConnectError:
            raise
        except (*FAULTS_OF_THE_WAY, BrokenOff):
            continue
        time.sleep(wait)
    return step()


def _refused(fault: Any, order: Order) -> Explanation:
    code = fault.response.status_code
    if code in BUSY:
        return (f"{order['endpoint']} is out of order just now (answer {code}).", explain_rest(order))
    return (
        f"{order['endpoint']} does not give {order['name']} (answer {code}).",
        f"Name another place in {order['mirror']}, or update papertray: the file may have moved.",
    )


def _unreachable(_fault: Any, order: Order) -> Explanation:
    which = ", ".join(name_missing(order)) if "files" in order else "the file"
    return (
        f"{order['endpoint']} cannot be reached from here.",
        f"Check the network, or name a mirror in {order['mirror']}. To go without: on a machine with a"
        f" network get {which} from {order['addresses'][0]}, copy it into a folder here, and run"
        f" `papertray models add {order['name']} FOLDER`.",
    )


def _slow(_fault: Any, order: Order) -> Explanation:
    return (f"{order['endpoint']} did not answer within {SECONDS:.0f} seconds.", explain_rest(order))


def _address(_fault: Any, order: Order) -> Explanation:
    return (f"{order['endpoint']} is no address.", f"{order['mirror']} must begin with https://.")


def _not_a_file(_fault: Any, order: Order) -> Explanation:
    return (
        f"{order['endpoint']} does not answer as a place of files.",
        f"Check {order['mirror']}, if it is set, and whether this network asks for a login first.",
    )


_EXPLANATIONS: Explanations = (
    (WrongBytes, explain_damage),
    (httpx.HTTPStatusError, _refused),
    (httpx.TimeoutException, _slow),
    ((httpx.UnsupportedProtocol, httpx.InvalidURL), _address),
    ((httpx.ConnectError, httpx.ProxyError), _unreachable),
    ((*FAULTS_OF_THE_WAY, BrokenOff), explain_cut),
    (OSError, explain_disk),
    ((ValueError, KeyError), _not_a_file),
)


if __name__ == "__main__":
    main()
