"""Fronts and backs become one document when both are there, and not before."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from papertray.daemon.records import DocumentRecord
from papertray.daemon.stacks.sides import find_side, interleave_sides
from papertray.daemon.status import Activity
from tests.daemon.stacks.piles import draw_pile
from tests.daemon.stacks.test_splitting import said
from tests.desks import running, until


@pytest.mark.parametrize(
    ("name", "partner", "whole"),
    [
        ("scan-front.pdf", "scan-back.pdf", "scan.pdf"),
        ("Scan 12 Back.tif", "Scan 12 Front.tif", "Scan 12.pdf"),
        ("A_FRONT.PDF", "A_BACK.PDF", "A.pdf"),
    ],
)
def test_sides_are_known_by_their_names(name: str, partner: str, whole: str) -> None:
    side = find_side(Path("/in", name))
    assert side is not None
    assert (side.partner.name, side.whole.name) == (partner, whole)
    assert side.is_front is ("front" in name.lower())


def test_other_names_are_no_sides() -> None:
    assert [find_side(Path(name)) for name in ("front.pdf", "-back.pdf", "feedback.pdf", "a-backs.pdf")] == [
        None
    ] * 4


def test_backs_are_taken_from_the_last_sheet_on() -> None:
    assert interleave_sides(3) == ((0, 1), (1, 3), (0, 2), (1, 2), (0, 3), (1, 1))


def test_two_sides_become_one_document_when_both_are_there(tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    draw_pile(inbox / "whole.pdf", ["one", "two", "three", "four"])
    backs = draw_pile(inbox / "scan-back.pdf", ["four", "two"])
    draw_pile(inbox / "more-front.pdf", ["five", "six"])
    draw_pile(inbox / "more-back.pdf", ["seven"])
    with running(inbox, folder={"join_sides": True}) as desk:
        desk.ends("whole.pdf", "more-front.pdf", "more-back.pdf")
        until(lambda: _sentence(desk.client.documents(), "scan-back.pdf").startswith("It waits"), "waiting")
        assert desk.states()["scan-back.pdf"] == "arrived"
        until(lambda: desk.client.status().activity == Activity.IDLE, "rest while nothing can be done")
        draw_pile(inbox / "scan-front.pdf", ["one", "three"])
        desk.ends("scan-front.pdf", "scan-back.pdf", "scan.pdf")
        for name in ("more-front.pdf", "more-back.pdf"):
            assert _sentence(desk.client.documents(), name).startswith("It was not joined")
        note = (inbox / "scan-back.md").read_text()
        desk.client.retry(next(each.id for each in desk.client.documents() if each.path == backs))
        desk.ends("scan-back.pdf")
        assert len(desk.client.documents()) == 6
    assert said(inbox / "scan.md") == said(inbox / "whole.md")
    assert said(inbox / "scan-front.md") == ["Page 1 of scan.pdf.", "Page 3 of scan.pdf."]
    assert said(inbox / "scan-back.md") == ["Page 4 of scan.pdf.", "Page 2 of scan.pdf."]
    assert (inbox / "scan-back.md").read_text() == note


def _sentence(documents: Sequence[DocumentRecord], name: str) -> str:
    return next(each.sentence for each in documents if each.path.name == name)
