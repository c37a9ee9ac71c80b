"""Which files of a folder are its documents, by name alone."""

from pathlib import Path

import pytest

from papertray.daemon.folders.rules import FolderRules

ROOT = Path("/in")


def rules(
    recursive: bool = True, include: tuple[str, ...] = ("*",), ignore: tuple[str, ...] = ()
) -> FolderRules:
    return FolderRules.of(ROOT, recursive, include, ignore, apart=[ROOT, ROOT / "done"])


def taken(rules: FolderRules, path: str) -> bool:
    return rules.covers(ROOT / path) and rules.accepts_file(ROOT / path)


@pytest.mark.parametrize(
    "name",
    [
        *(
            ".DS_Store",
            "._scan.pdf",
            "desktop.ini",
            "DESKTOP.INI",
            "Thumbs.db",
            "~$letter.pdf",
            ".~lock.scan.pdf#",
        ),
        *("scan.pdf.part", "scan.pdf.crdownload", "scan.tmp", "SCAN.TMP", "scan.download", ".scan.pdf.Xy12"),
        *(".stfolder/a.png", ".stversions/a.png", "@eaDir/a.png", ".Trashes/a.png", "__MACOSX/a.png"),
        *(".hidden/deep/a.png", "deep/.hidden/a.png", "done/a.png", "done/deep/a.png"),
    ],
)
def test_leavings_of_programs_and_hidden_places_are_ignored(name: str) -> None:
    assert not taken(rules(), name)


@pytest.mark.parametrize("name", ["scan.pdf", "deep/er/scan.pdf", "done.pdf", "x/done/scan.pdf", "party.png"])
def test_everything_else_is_looked_at(name: str) -> None:
    assert taken(rules(), name)


def test_below_a_folder_that_is_not_recursive_only_its_own_files_count() -> None:
    assert taken(rules(recursive=False), "scan.pdf")
    assert not taken(rules(recursive=False), "deep/scan.pdf")


def test_paths_elsewhere_are_not_reached() -> None:
    assert not rules().covers(Path("/inner/scan.pdf"))
    assert not rules().covers(ROOT)


def test_globs_of_the_user_speak_of_names_and_of_paths_from_the_root_without_regard_to_case() -> None:
    chosen = rules(include=("*.PDF", "fax/*.png"), ignore=("drafts/", "*.bak.pdf", "fax/old/*"))
    assert [
        name
        for name in (
            *("a.pdf", "A.PDF", "a.png", "fax/a.png", "fax/a.pdf"),
            *("drafts/a.pdf", "Drafts/a.pdf", "x/drafts/a.pdf", "a.bak.pdf", "fax/old/a.png"),
        )
        if taken(chosen, name)
    ] == ["a.pdf", "A.PDF", "fax/a.png", "fax/a.pdf"]


def test_a_glob_with_an_umlaut_matches_however_the_name_was_composed() -> None:
    assert taken(rules(include=("Mü*",)), "Mu\u0308ll.pdf")
