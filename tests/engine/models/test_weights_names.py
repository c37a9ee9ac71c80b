"""Names of files that a hub sends are not trusted."""

from pathlib import Path, PurePosixPath, PureWindowsPath

from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.engine.models.manifest import Manifest, ModelFile, is_wanted, lies_inside

PARTS = st.sampled_from(
    ["..", ".", "", "c:", "~", "con", "a", "model.safetensors", "config.json", "LICENSE", "\0"]
)
NAMES = st.lists(PARTS, max_size=5).flatmap(
    lambda parts: st.sampled_from(["/", "\\", ""]).map(lambda separator: separator.join(parts))
)


@settings(derandomize=True, deadline=None, max_examples=500)
@given(NAMES | st.text(max_size=20))
def test_a_wanted_name_is_one_file_in_the_models_own_folder_on_every_system(name: str) -> None:
    if is_wanted(name):
        assert PurePosixPath(name).parts == PureWindowsPath(name).parts == (name,)
        assert name not in {".", "..", "papertray.json"}
        assert lies_inside(name)


@settings(derandomize=True, deadline=None, max_examples=500)
@given(NAMES)
def test_a_path_that_stays_inside_does_so_on_every_system(name: str) -> None:
    if lies_inside(name):
        assert not PurePosixPath(name).is_absolute()
        assert not PureWindowsPath(name).anchor
        assert ".." not in PureWindowsPath(name).parts


def test_what_a_reader_needs_is_wanted_and_nothing_that_could_run() -> None:
    needed = (
        "model-00001-of-000001.safetensors",
        "tokenizer.json",
        "merges.txt",
        "LICENSE",
        "dots.ocr LICENSE",
    )
    assert all(is_wanted(name) for name in needed)
    unwanted = (
        "modeling.py",
        "pytorch_model.bin",
        "model.pt",
        "tokenizer.pkl",
        ".gitattributes",
        "papertray.json",
    )
    assert not any(is_wanted(name) for name in unwanted)


def test_notes_beside_the_weights_are_read_back_as_written(tmp_path: Path) -> None:
    manifest = Manifest("m", "owner/m", "0" * 40, (ModelFile("config.json", 3, "sha256:00"),))
    manifest.write(tmp_path)
    assert Manifest.read(tmp_path) == manifest
    (tmp_path / "papertray.json").write_text("[1, 2]")
    assert Manifest.read(tmp_path) is None
