"""A pile in a watched folder becomes the documents that it is, and its note says where each page went."""

from pathlib import Path

from tests.daemon.stacks.piles import BLANK, QR, SEPARATOR, draw_pile
from tests.desks import draw, running, until

PILE = ["bill", "its back", SEPARATOR, BLANK, "letter", BLANK, QR, "poem"]
WHERE = [
    "Page 1 of scan.1.pdf.",
    "Page 2 of scan.1.pdf.",
    "A separator sheet: it is in none of the documents.",
    "A blank sheet: it is in none of the documents.",
    "Page 1 of scan.2.pdf.",
    "Page 2 of scan.2.pdf.",
    "A separator sheet: it is in none of the documents.",
    "Page 1 of scan.3.2.pdf.",
]


def said(note: Path) -> list[str]:
    """What the pages of a note say."""
    lines = note.read_text().split("---\n", 2)[-1].splitlines()
    return [line for line in lines if line and not line.startswith("<!--")]


def test_a_pile_is_split_at_its_separators_and_nothing_is_lost(tmp_path: Path) -> None:
    inbox, archive = tmp_path / "in", tmp_path / "done"
    inbox.mkdir()
    draw_pile(inbox / "plain.pdf", ["bill", "its back", "letter", BLANK, "poem"])
    old = draw_pile(inbox / "scan.pdf", PILE).stat().st_mtime_ns
    draw(tmp_path / "own.png", "own").rename(inbox / "scan.3.pdf")  # a name that is taken
    folder = {"split_at": "barcode", "archive": archive, "outputs": ["txt"]}
    with running(inbox, folder=folder) as desk:
        desk.ends("plain.pdf", "scan.pdf", "scan.1.pdf", "scan.2.pdf", "scan.3.2.pdf", "scan.3.pdf")
        until(lambda: len(list(archive.iterdir())) == 6, "the archive")
        until(lambda: (inbox / "scan.3.2.txt").exists(), "the last output")
        documents = {each.path.name: each for each in desk.client.documents()}
    assert said(inbox / "scan.md") == WHERE
    read_apart = [page for part in ("1", "2", "3.2") for page in said(inbox / f"scan.{part}.md")]
    assert read_apart == said(inbox / "plain.md")  # pixel for pixel what the scanner gave
    assert {each.state.value for each in documents.values()} == {"done"}
    assert documents["scan.1.pdf"].mtime_ns == old
    assert not (inbox / "scan.txt").exists()  # of the parts, not of the pile


def test_blank_sheets_split_and_what_is_one_document_or_cannot_be_cut_stays_one(tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    draw_pile(inbox / "pile.tif", [BLANK, "one", "two", BLANK, BLANK, "three"])
    draw_pile(inbox / "letter.tif", ["one", "two"])
    damaged = draw_pile(tmp_path / "whole.pdf", ["one", BLANK, "two"]).read_bytes()
    (inbox / "damaged.pdf").write_bytes(damaged.replace(b"/Count 3", b"/Count 2", 1))
    names = {"pile.tif", "pile.1.pdf", "pile.2.pdf", "letter.tif", "damaged.pdf"}
    with running(inbox, folder={"split_at": "blank"}) as desk:
        desk.ends(*names)
        documents = {each.path.name: each for each in desk.client.documents()}
        note = (inbox / "pile.md").read_text()
        desk.client.retry(documents["pile.tif"].id)  # its pages are read in its parts
        desk.ends("pile.tif")
        assert {each.path.name for each in desk.client.documents()} == names
        (inbox / "pile.1.pdf").unlink()
        desk.client.retry(documents["pile.tif"].id)
        desk.ends("pile.tif")
        assert not (inbox / "pile.1.pdf").exists(), "a person did not want it"
        desk.client.forget(documents["pile.tif"].id)
        desk.client.retry(documents["pile.tif"].id)
        desk.ends("pile.tif")
        until((inbox / "pile.1.pdf").exists, "the part that was deleted")
        desk.ends(*names)
    assert (inbox / "pile.md").read_text() == note
    assert {path.name for path in inbox.glob("[!.]*") if path.suffix != ".md"} == names
    assert said(inbox / "pile.1.md") == said(inbox / "letter.md")
    uncut = documents["damaged.pdf"]
    assert (uncut.pages, uncut.sentence) == (
        2,
        "It could not be cut into its documents, so it was read as one.",
    )
