"""What it costs to have a page of print read by another papertray, on both sides: plain on loopback, by TLS.

`python -m tests.bench.guests`. The other one is a daemon whose reader answers at once: the way there and back
is measured, with the queue and the opening of the picture there; packing and reading are not.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import psutil
from PIL import Image

from papertray.daemon.client.connection import Connection
from papertray.daemon.guests.certificate import make_certificate, read_fingerprint
from papertray.daemon.guests.guest_list import GuestList
from papertray.daemon.places import find_places
from papertray.engine.pages import PageImage, ReadOptions
from papertray.engine.readers.server.measuring import measure_throughput
from papertray.engine.server_address import ServerAddress
from tests.bench.packing import draw_print
from tests.daemon.reading.test_servers import free_port
from tests.desks import until

TURNS, PAGES = 5, 16


def measure(server: ServerAddress, pictures: list[Image.Image], there: psutil.Process) -> tuple[float, float]:
    """Milliseconds of a core for one page, here and there."""
    pages = (PageImage(picture, number) for number, picture in enumerate(pictures, start=1))
    before = _seconds(there)
    done = measure_throughput(server, ReadOptions(servers=(server,)), pages)
    assert done.pages == len(pictures), done.problem
    return 1000 * done.core * done.seconds / done.pages, 1000 * (_seconds(there) - before) / done.pages


def _seconds(process: psutil.Process) -> float:
    return sum(sum(one.cpu_times()[:2]) for one in (process, *process.children(recursive=True)))


def main(folder: Path) -> None:
    os.environ["PAPERTRAY_HOME"] = str(folder / "home")
    here, port = find_places(), free_port()
    here.make()
    make_certificate(here.certificate, "bench")
    fingerprint, token = read_fingerprint(here.certificate), GuestList(here.guests).add("laptop")
    (folder / "go").touch()
    command = [sys.executable, "-m", "tests.daemon.guests.desktop_daemon", str(folder), str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as desktop:
        try:
            until(lambda: Connection.to(here), "the desktop")
            known = Connection.to(here)
            assert known is not None
            url = f"https://127.0.0.1:{port}/v1"
            ways = {
                "plain": ServerAddress(f"{known.url}/v1", "papertray", known.token, in_flight=8),
                "TLS": ServerAddress(url, "papertray", token, in_flight=8, fingerprint=fingerprint),
            }
            took: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
            pictures = [draw_print().rotate(number / 10) for number in range(PAGES)]
            for _turn in range(TURNS):
                for way, server in ways.items():
                    took[way].append(measure(server, pictures, psutil.Process(desktop.pid)))
            for way, each in took.items():
                ours, theirs = (median(side) for side in zip(*each, strict=True))
                print(f"{way}: {ours:.1f} ms of a core here, {theirs:.1f} ms there, for each page")
        finally:
            desktop.kill()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        main(Path(name))
