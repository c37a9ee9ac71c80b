"""Folders that go and come back, that may not be read, that the system will not watch."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from watchdog.observers import Observer

from papertray.daemon.folders.mounts import Mount, parse_linux_mounts, parse_macos_mounts, reports_events
from papertray.daemon.folders.observer import FolderObserver
from papertray.daemon.folders.presence import FolderPresence, limit_sentence
from papertray.daemon.folders.probe import FolderIdentity, FolderProbe
from papertray.daemon.settings import FolderSettings
from tests.daemon.folders.folder_desk import PNG, Deaf, Desk

unless_windows = pytest.mark.skipif(os.name != "posix", reason="permissions and links are other on Windows")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


@pytest.fixture
def desk() -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def open_desk(*folders: FolderSettings, **options: Any) -> Desk:
        desks.append(Desk(*folders, **options))
        return desks[-1]

    yield open_desk
    for each in desks:
        each.close()


Open = Callable[..., Desk]


def test_a_missing_folder_is_told_not_made_and_picked_up_when_it_comes(desk: Open, tmp_path: Path) -> None:
    here = desk(FolderSettings(path=tmp_path / "late"))
    here.pass_by(10)
    assert here.status().watch == "gone"
    assert here.status().problem.startswith(f"{tmp_path / 'late'} is not there. Connect the drive or create")
    assert not (tmp_path / "late").exists()
    (tmp_path / "late").mkdir()
    (tmp_path / "late" / "scan.png").write_bytes(PNG)
    here.until(here.has("scan.png"))
    assert (here.status().watch, here.status().problem) == ("native", "")


def remove(root: Path) -> None:
    shutil.rmtree(root)


def rename(root: Path) -> None:
    root.rename(root.with_name("renamed"))


@pytest.mark.parametrize("vanish", [remove, rename])
def test_a_folder_that_vanishes_is_noticed_within_ten_seconds_and_watched_again_when_it_returns(
    desk: Open, root: Path, vanish: Callable[[Path], None]
) -> None:
    here = desk(FolderSettings(path=root))
    here.until(here.watching())
    vanish(root)
    here.pass_by(10)
    assert here.status().watch == "gone"
    root.mkdir()
    (root / "meanwhile.png").write_bytes(PNG)
    here.until(here.has("meanwhile.png"))
    (root / "after.png").write_bytes(PNG)
    here.until(here.has("after.png", "meanwhile.png"))


def test_a_folder_replaced_between_two_looks_is_watched_anew(desk: Open, root: Path) -> None:
    here = desk(FolderSettings(path=root))
    here.until(here.watching())
    root.rename(root.with_name("old"))
    root.mkdir()
    here.pass_by(10)
    (root.with_name("old") / "wrong.png").write_bytes(PNG)
    (root / "right.png").write_bytes(PNG)
    here.until(here.has("right.png"))
    here.pass_by(10)
    assert here.names() == ["right.png"]


def test_a_file_in_place_of_the_folder_is_told(desk: Open, tmp_path: Path) -> None:
    (tmp_path / "in").touch()
    here = desk(FolderSettings(path=tmp_path / "in"))
    here.turn()
    assert "is not a folder" in here.status().problem


@unless_windows
def test_a_root_that_is_a_link_is_watched_under_its_own_name(desk: Open, root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    here = desk(FolderSettings(path=tmp_path / "link"))
    here.until(here.watching())
    (root / "scan.png").write_bytes(PNG)
    here.until(here.has("scan.png"))
    assert here.found[0].path == tmp_path / "link" / "scan.png"


def test_one_missing_folder_does_not_keep_the_others_waiting(desk: Open, root: Path, tmp_path: Path) -> None:
    here = desk(FolderSettings(path=tmp_path / "missing"), FolderSettings(path=root))
    (root / "scan.png").write_bytes(PNG)
    here.until(here.has("scan.png"))
    assert [status.watch for status in here.folders.status()] == ["gone", "native"]


def test_a_dead_observer_is_replaced_and_the_folder_looked_at(desk: Open, root: Path) -> None:
    made: list[Any] = []

    def observer() -> Any:
        made.append(Observer())
        return made[-1]

    here = desk(FolderSettings(path=root), make_observer=observer)
    here.until(here.watching())
    for emitter in made[0].emitters:
        emitter.stop()
        emitter.join()
    (root / "unseen.png").write_bytes(PNG)
    here.until(here.has("unseen.png"))
    assert len(made) == 2
    (root / "seen.png").write_bytes(PNG)
    here.until(here.has("seen.png", "unseen.png"))


class NoneLeft(Deaf):
    """An observer for which the system has no watches left, until it has."""

    number = errno.ENOSPC
    left = False

    def start(self) -> None:
        if not self.left:
            raise OSError(self.number, "inotify watch limit reached")


@pytest.mark.parametrize(
    ("number", "knob"),
    [(errno.ENOSPC, "fs.inotify.max_user_watches"), (errno.EMFILE, "fs.inotify.max_user_instances")],
)
def test_without_watches_the_folder_is_polled_and_the_setting_to_raise_is_named(
    desk: Open, root: Path, monkeypatch: pytest.MonkeyPatch, number: int, knob: str
) -> None:
    monkeypatch.setattr(NoneLeft, "number", number)
    here = desk(FolderSettings(path=root), make_observer=NoneLeft)
    here.until(here.watching("poll"))
    assert knob in here.status().problem
    assert "disk" not in here.status().problem
    (root / "scan.png").write_bytes(PNG)
    here.until(here.has("scan.png"))
    monkeypatch.setattr(NoneLeft, "left", True)
    here.until(here.watching("native"), step=5)
    assert here.status().problem == ""


def test_a_folder_that_cannot_be_watched_for_another_reason_is_polled_too() -> None:
    said = limit_sentence(Path("/in"), OSError(errno.EIO, "Input/output error"))
    assert (
        said == "/in cannot be watched (Input/output error); it is looked through every few seconds instead."
    )


LIMITED = """
import sys
from pathlib import Path
from papertray.daemon.folders.observer import Eyes
Path("/proc/sys/user/max_inotify_watches").write_text("3")
try:
    Eyes(Path(sys.argv[1]), True, print).close()
except OSError as problem:
    print(problem.errno)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts watches")
def test_a_watch_limit_met_below_the_root_is_not_swallowed(root: Path) -> None:
    for name in "abcdef":
        (root / name).mkdir()
    words = ["unshare", "--user", "--map-root-user", sys.executable, "-c", LIMITED, str(root)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no user namespace to set a limit in: {done.stderr.strip().splitlines()[-1]}")
    assert done.stdout == f"{errno.ENOSPC}\n"


def test_a_polled_folder_is_looked_through_again_and_again(desk: Open, root: Path) -> None:
    def observer() -> Any:
        raise AssertionError("a polled folder has no observer")

    here = desk(FolderSettings(path=root, watch="poll"), make_observer=observer)
    here.until(here.watching("poll"))
    (root / "scan.png").write_bytes(PNG)
    start = here.now
    here.until(here.has("scan.png"))
    assert 5 <= here.now - start <= 11


def test_a_folder_that_does_not_answer_holds_nobody_up_and_is_told_once_it_does(
    desk: Open, root: Path
) -> None:
    prompt = threading.Event()

    def ask(path: Path) -> FolderIdentity:
        prompt.wait(20)
        return 1, 2

    probe = FolderProbe(root, seconds=0.05, ask=ask)
    presence = FolderPresence(FolderSettings(path=root), lambda path: None, probe, Deaf)  # type: ignore[arg-type]
    threads = threading.active_count()
    for now in (0, 5, 10):
        assert not presence.refresh(now)
    assert threading.active_count() == threads + 1
    assert presence.problem.startswith(f"{root} does not answer: permission is denied")
    assert "Privacy & Security" in presence.problem
    prompt.set()
    while presence.watch == "gone":
        presence.refresh(15)
    assert presence.problem == ""


NOBODY = 65534


@pytest.fixture
def nobody() -> Iterator[Path]:
    """A folder of an ordinary user, and this process as that user while the test runs."""
    folder = Path(tempfile.mkdtemp())
    user = os.geteuid()
    if user == 0:
        os.chown(folder, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        os.seteuid(user)
        folder.chmod(0o700)
        shutil.rmtree(folder)


@unless_windows
def test_a_folder_without_permission_is_told_and_picked_up_when_it_is_allowed(
    desk: Open, nobody: Path
) -> None:
    (nobody / "scan.png").write_bytes(PNG)
    nobody.chmod(0)
    here = desk(FolderSettings(path=nobody))
    here.pass_by(10)
    assert here.status().problem.startswith(f"papertray has no permission to read {nobody}. Allow it")
    nobody.chmod(0o700)
    here.until(here.has("scan.png"))


@unless_windows
def test_a_closed_folder_within_is_told_and_the_rest_goes_on(desk: Open, nobody: Path) -> None:
    (nobody / "closed").mkdir(mode=0)
    (nobody / "scan.png").write_bytes(PNG)
    here = desk(FolderSettings(path=nobody), rescan=30)
    here.until(here.has("scan.png"))
    assert here.status().problem == (
        f"{nobody / 'closed'} cannot be looked into: Permission denied. Allow papertray to read it."
    )
    (nobody / "closed").chmod(0o700)
    here.until(lambda: not here.status().problem)


@unless_windows
def test_a_file_without_permission_is_told_and_taken_in_once_it_may_be_read(desk: Open, nobody: Path) -> None:
    (nobody / "secret.pdf").write_bytes(b"%PDF-1.7")
    (nobody / "secret.pdf").chmod(0)
    (nobody / "scan.png").write_bytes(PNG)
    here = desk(FolderSettings(path=nobody))
    here.until(here.has("scan.png"))
    (trouble,) = here.folders.troubles()
    assert trouble.sentence == "secret.pdf cannot be opened: Permission denied."
    (nobody / "secret.pdf").chmod(0o600)
    here.until(here.has("scan.png", "secret.pdf"))
    assert here.folders.troubles() == ()


@pytest.fixture
def mounted(root: Path) -> Iterator[Callable[[str], None]]:
    """Mounts and unmounts a file system at the root."""

    def do(what: str) -> None:
        words = {"mount": ["mount", "-t", "tmpfs", "tmpfs"], "unmount": ["umount", "-l"]}[what]
        done = subprocess.run([*words, str(root)], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"mounting needs root: {done.stderr.strip()}")

    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting needs root on Linux")
    yield do
    subprocess.run(["umount", "-l", str(root)], capture_output=True, check=False)


def test_a_drive_that_is_unmounted_and_mounted_again_is_followed(
    desk: Open, root: Path, mounted: Callable[[str], None]
) -> None:
    mounted("mount")
    here = desk(FolderSettings(path=root))
    here.until(here.watching())
    mounted("unmount")
    here.pass_by(10)
    mounted("mount")
    here.pass_by(10)
    (root / "scan.png").write_bytes(PNG)
    here.until(here.has("scan.png"))


def test_an_unscheduled_observer_tells_nothing_more(root: Path) -> None:
    told: list[Path] = []
    eyes = FolderObserver(root, True, told.append)
    eyes.close()
    (root / "scan.png").write_bytes(PNG)
    assert not eyes.is_alive()
    assert told == []


LINUX = r"""
/dev/vda1 / ext4 rw 0 0
nas:/scans /mnt/nas nfs4 rw 0 0
//nas/s /mnt/my\040share cifs rw 0 0
me@host: /home/me/remote fuse.sshfs rw 0 0
/dev/sdb1 /media/stick fuseblk rw 0 0
/dev/sdc1 /mnt/nas/local ext4 rw 0 0
tmpfs /mnt/twice tmpfs rw 0 0
C: /mnt/twice 9p rw 0 0
"""
MACOS = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
//me@nas/scans on /Volumes/my scans (smbfs, nodev, nosuid, mounted by me)
"""


@pytest.mark.parametrize(
    ("path", "heard"),
    [
        ("/home/me/in", True),
        ("/mnt/nas/in", False),
        ("/mnt/nasty/in", True),
        ("/mnt/my share/in", False),
        ("/home/me/remote", False),
        ("/media/stick/in", True),
        ("/mnt/nas/local/in", True),
        ("/mnt/twice/in", False),
        ("\\\\nas\\scans", False),
    ],
)
def test_folders_on_network_drives_are_polled_and_others_are_not(path: str, heard: bool) -> None:
    assert reports_events(Path(path), parse_linux_mounts(LINUX)) == heard


def test_network_drives_of_a_mac_are_known() -> None:
    table = parse_macos_mounts(MACOS)
    assert table == [Mount(Path("/"), "apfs"), Mount(Path("/Volumes/my scans"), "smbfs")]
    assert not reports_events(Path("/Volumes/my scans/in"), table)
    assert reports_events(Path("/Users/me/in"), table)


def test_an_automatic_folder_on_a_network_drive_is_polled(root: Path) -> None:
    presence = FolderPresence(
        FolderSettings(path=root), lambda path: None, FolderProbe(root), Deaf, lambda: [Mount(root, "nfs4")]  # type: ignore[arg-type]
    )  # fmt: skip
    presence.refresh(0)
    assert presence.watch == "poll"
