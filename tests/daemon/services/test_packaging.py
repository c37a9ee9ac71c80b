"""What packaging/ holds: examples that are what the program writes, icons, and a bundle that works."""

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

PACKAGING = Path(__file__).parents[3] / "packaging"
ASKED_FOR = "PAPERTRAY_TEST_BUNDLE"
# Read as this module is collected: no test sees what begins with PAPERTRAY_.
BUNDLE_ASKED_FOR = bool(os.environ.get(ASKED_FOR))


def test_the_examples_are_what_the_program_writes(tmp_path: Path) -> None:
    runpy.run_path(str(PACKAGING / "render.py"))["write"](tmp_path)
    rendered = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    assert len(rendered) == 6
    for path in rendered:
        encoding = "utf-16" if path.suffix == ".xml" else "utf-8"
        kept = (PACKAGING / path).read_text(encoding=encoding)
        assert kept == (tmp_path / path).read_text(encoding=encoding), f"run packaging/render.py for {path}"


def test_every_icon_is_there_in_its_size() -> None:
    icons = PACKAGING / "icons"
    for size in (16, 24, 32, 48, 64, 128, 256, 512):
        with Image.open(icons / f"papertray-{size}.png") as icon:
            assert icon.size == (size, size)
            lowest, highest = icon.getchannel("A").getextrema()
            assert (lowest, highest) == (0, 255), "clear around the tray, solid on it"
    with Image.open(icons / "papertray.ico") as icon:
        assert {(16, 16), (32, 32), (256, 256)} <= icon.info["sizes"]


def test_the_icons_are_drawn_by_their_script(tmp_path: Path) -> None:
    runpy.run_path(str(PACKAGING / "draw_icons.py"))["main"](tmp_path)
    for drawn in tmp_path.glob("*.png"):
        with Image.open(drawn) as here, Image.open(PACKAGING / "icons" / drawn.name) as kept:
            assert here.tobytes() == kept.tobytes(), f"run packaging/draw_icons.py for {drawn.name}"


@pytest.mark.skipif(not BUNDLE_ASKED_FOR, reason=f"NOT TESTED: takes a minute; {ASKED_FOR}=1 asks for it")
@pytest.mark.timeout(600)
def test_a_bundle_reads_a_page_without_python(tmp_path: Path) -> None:
    pyinstaller = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    made = ["--distpath", tmp_path / "dist", "--workpath", tmp_path / "build", PACKAGING / "papertray.spec"]
    subprocess.run([*pyinstaller, *made], check=True, timeout=600)
    program = shutil.which("papertray", path=str(tmp_path / "dist" / "papertray"))
    assert program

    page = tmp_path / "page.png"
    image = Image.new("RGB", (900, 200), "white")
    ImageDraw.Draw(image).text((50, 60), "Invoice 4711", fill="black", font=ImageFont.load_default(60))
    image.save(page)
    environment = {"PATH": "", "HOME": str(tmp_path), "PAPERTRAY_HOME": str(tmp_path / "home")}
    for needed in ("SYSTEMROOT", "TEMP"):  # Windows starts no program without them
        environment |= {needed: os.environ[needed]} if needed in os.environ else {}
    done = subprocess.run(
        [program, "read", page], env=environment, capture_output=True, text=True, timeout=120
    )
    assert "Invoice 4711" in done.stdout, done.stderr

    def output_of(*words: str) -> str:
        ended = subprocess.run([program, *words], env=environment, capture_output=True, text=True, timeout=60)
        return ended.stdout + ended.stderr

    assert "-m" not in output_of("service", "install", "--dry-run").split(), "a bundle starts itself"
    assert "Fingerprint: " in output_of("serve", "on"), "it makes a certificate"
    found = output_of("servers", "find", "--seconds", "0.2", "--interface", "127.0.0.1")
    assert "not installed" not in found
    settings = tmp_path / "home" / "config" / "papertray.toml"
    servers = '[[engine.servers]]\nurl = "https://desktop:8764/v1"\nmodel = "papertray"\n'
    settings.write_text(f"{settings.read_text()}\n{servers}")
    assert "not installed" not in output_of("servers", "key", "desktop:8764")
    if sys.platform == "linux":  # elsewhere there is always a screen, and the icon would stay
        assert "No icon can be shown" in output_of("tray"), (
            "children that multiprocessing starts are no papertray"
        )
