"""A note tells where it comes from, and accounts for every page."""

from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from papertray.engine.language import speak
from papertray.engine.markdown import FailedPage, NoteOrigin, compose_note, figure_file, noted_source
from papertray.engine.pages import Block, BlockKind, Ending, PageText, ReaderIdentity, TextSource

SHA = "0123456789abcdef" * 4
READER = ReaderIdentity("quick", "rapidocr 3.10.0, det, rec", "cpu")
WHEN = datetime(2026, 3, 1, 12, 30, 5, tzinfo=UTC)


def origin(source: str = "scan.pdf", rung: str = "") -> NoteOrigin:
    return NoteOrigin(source, SHA, READER, WHEN, rung)


def page(text: str = "Hello.", **more: object) -> PageText:
    return PageText((Block(BlockKind.TEXT, text),), **more)


def front_matter(note: str) -> dict[str, object]:
    return yaml.safe_load(note.split("---\n")[1])


def test_a_note_tells_where_it_comes_from() -> None:
    assert front_matter(compose_note(origin(), [page(), page()])) == {
        "source": "scan.pdf",
        "sha256": SHA,
        "pages": 2,
        "reader": "quick",
        "revision": "rapidocr 3.10.0, det, rec",
        "device": "cpu",
        "date": WHEN,
    }


def test_a_note_tells_what_was_given_up_for_memory() -> None:
    assert front_matter(compose_note(origin(rung="smaller pages"), [page()]))["memory"] == "smaller pages"


def test_a_note_names_its_doubtful_pages_and_only_those() -> None:
    pages = [page(confidence=0.99), page(confidence=0.4), FailedPage(3, "Torn.", ""), page(confidence=0.9)]
    assert front_matter(compose_note(origin(), pages))["doubtful_pages"] == [2, 4]
    assert "doubtful" not in compose_note(origin(), [page(confidence=1.0), page(confidence=None)])


SAME, RECOGNISED = TextSource.WRITTEN, TextSource.RECOGNISED


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ((SAME, SAME), "from the PDF itself"),
        ((SAME, SAME, SAME, RECOGNISED), "pages 1-3 from the PDF itself, page 4 recognised"),
        ((RECOGNISED, SAME), "page 1 recognised, page 2 from the PDF itself"),
        ((TextSource.PARTLY_WRITTEN,), "from the PDF itself, the rest recognised"),
        ((RECOGNISED, RECOGNISED), None),
        ((TextSource.BY_TESSERACT,), "recognised by Tesseract"),
        (
            (RECOGNISED, TextSource.PARTLY_BY_TESSERACT),
            "page 1 recognised, page 2 recognised partly by Tesseract",
        ),
    ],
)
def test_a_note_tells_how_its_pages_were_come_by(sources: tuple[TextSource, ...], said: str | None) -> None:
    note = compose_note(origin(), [page(source=source) for source in sources])
    assert front_matter(note).get("text") == said
    assert noted_source(note) == SHA


def test_pages_that_failed_were_come_by_in_no_way() -> None:
    pages = [page(source=SAME), FailedPage(2, "It is torn.", "Mend it."), page(source=RECOGNISED)]
    said = front_matter(compose_note(origin(), pages))["text"]
    assert said == "page 1 from the PDF itself, page 3 recognised"


@pytest.mark.parametrize(
    ("readers", "said"),
    [
        (("server", "server"), None),
        (("", "server"), None),
        (("server", "quick", "quick", "server"), "page 1 server, pages 2-3 quick, page 4 server"),
    ],
)
def test_a_note_tells_who_read_which_page_where_it_was_not_one(
    readers: tuple[str, ...], said: str | None
) -> None:
    note = compose_note(origin(), [page(reader=reader) for reader in readers])
    assert front_matter(note).get("readers") == said
    assert noted_source(note) == SHA


@given(name=st.text(min_size=1))
@settings(derandomize=True, deadline=None, max_examples=500)
def test_any_file_name_survives_the_front_matter(name: str) -> None:
    note = compose_note(origin(name), [page()])
    assert front_matter(note)["source"] == name
    assert noted_source(note) == SHA


def test_a_file_name_that_is_no_unicode_can_still_be_written() -> None:
    compose_note(origin("b\udcffd.pdf"), [page()]).encode()


def test_pages_are_divided_by_comments() -> None:
    note = compose_note(origin(), [page("One."), page("Two."), page("Three.")], front_matter=False)
    assert note.startswith("One.\n\n<!-- page 2 of 3 -->\n\nTwo.\n\n<!-- page 3 of 3 -->\n\nThree.\n")


def test_a_paragraph_that_goes_on_is_one_unless_pages_between_were_left_out() -> None:
    pages = [page("Most captains arrived before noon, because the wind made the"), page("passage dangerous.")]
    joined = compose_note(origin(), pages, front_matter=False)
    assert "made the <!-- page 2 of 2 --> passage dangerous.\n" in joined
    assert "\n\n<!-- page 2 of 2 -->\n\npassage" in compose_note(origin(), pages, gaps={1})


def test_a_note_ends_with_one_newline() -> None:
    for wanted in (True, False):
        note = compose_note(origin(), [page("One.\n\n")], front_matter=wanted)
        assert note.endswith("\n")
        assert not note.endswith("\n\n")


def test_a_blank_page_leaves_a_comment() -> None:
    note = compose_note(origin(), [page(), PageText((), blank=True)])
    assert "<!-- page 2 of 2 -->\n\n<!-- page 2 is blank -->\n" in note


def test_a_blank_page_that_is_dropped_is_named_at_the_head_and_keeps_its_number() -> None:
    blank = PageText((), blank=True)
    pages = [page("Most captains came, because the wind made the"), blank, page("passage dangerous."), blank]
    note = compose_note(origin(), pages, drop_blank=True)
    assert front_matter(note)["blank_pages"] == [2, 4]
    assert front_matter(note)["pages"] == 4
    assert note.endswith("made the <!-- page 3 of 4 --> passage dangerous.\n")
    faint = [*pages, PageText((), warnings=("What is here is too faint to be read.",))]
    assert "<!-- page 5 of 5 -->\n\n> [!WARNING]" in compose_note(origin(), faint, drop_blank=True)
    without_head = compose_note(origin(), pages, drop_blank=True, front_matter=False)
    assert "<!-- page 4 is blank -->" in without_head  # or nobody would be told
    assert "blank_pages" not in compose_note(origin(), pages)


def test_a_page_that_failed_leaves_a_visible_warning() -> None:
    note = compose_note(origin(), [page(), FailedPage(2, "The page is torn.", "Scan it again.")])
    assert "> [!WARNING]\n> Page 2 could not be read. The page is torn. Scan it again.\n" in note
    assert front_matter(note)["warnings"] == ["page 2: The page is torn."]


def test_the_sentence_of_a_failure_cannot_break_out_of_its_warning() -> None:
    note = compose_note(origin(), [FailedPage(1, "evil\n\n# <b>.pdf", "")], front_matter=False)
    shown = MarkdownIt().render(note.split("\n\n<!--")[0])
    assert "<h1>" not in shown
    assert "<b>" not in shown
    assert shown.count("<p>") == 1


@pytest.mark.parametrize("ending", [Ending.TOKEN_LIMIT, Ending.LOOP_CUT, Ending.CANCELLED])
def test_a_page_that_was_cut_short_says_so(ending: Ending) -> None:
    note = compose_note(origin(), [page(ending=ending)])
    assert "> [!WARNING]\n> Page 1: " in note
    assert "Hello." in note
    assert len(front_matter(note)["warnings"]) == 1


def test_warnings_of_a_page_stand_before_its_text() -> None:
    note = compose_note(origin(), [page(warnings=("One line was left out.",))])
    assert "> [!WARNING]\n> Page 1: One line was left out.\n\nHello.\n" in note


def test_a_page_with_ink_and_no_text_is_not_passed_over() -> None:
    assert "No text was found" in compose_note(origin(), [PageText(())])


def test_figures_are_linked_where_the_note_keeps_them() -> None:
    pages = [page("![a](figure:1)"), page("![b](figure:1) and ![c](figure:2)")]
    note = compose_note(origin(), pages, figures="my scan.assets")
    assert "![a](my%20scan.assets/page-1-1.png)" in note
    assert "![b](my%20scan.assets/page-2-1.png) and ![c](my%20scan.assets/page-2-2.png)" in note


def test_figure_files_never_leave_their_folder() -> None:
    assert figure_file(3, "../../etc/passwd") == "page-3-~2e~2e~2f~2e~2e~2fetc~2fpasswd.png"
    assert figure_file(3, "chart.png") == "page-3-chart.png"


def test_a_note_without_front_matter_still_tells_its_source() -> None:
    note = compose_note(origin(), [page()], front_matter=False)
    assert not note.startswith("---")
    assert noted_source(note) == SHA


@pytest.mark.parametrize(
    "note",
    [
        "",
        "Shopping list",
        f"---\nsha256: {SHA}\n---\n",
        f'---\nsource: "scan.pdf"\nsha256: "{SHA}"\n---\n',
        f'---\ntitle: mine\nsource: "scan.pdf"\nsha256: "{SHA}"\npages: 1\n---\n',
        f"About <!-- papertray sha256={SHA} --> in the middle.",
        f"<!-- papertray sha256={SHA} -->\n\nand then my own text",
        f"<!-- papertray sha256={SHA[:-1]} -->",
        "---\n[unclosed",
    ],
)
def test_what_we_did_not_write_has_no_source(note: str) -> None:
    assert noted_source(note) is None


@given(st.text())
@settings(derandomize=True, deadline=None)
def test_no_text_makes_the_question_for_its_source_fail(text: str) -> None:
    assert noted_source(text) is None


def test_a_note_warns_in_the_language_that_is_spoken() -> None:
    failed = FailedPage(2, "No text was found on this page.", "Drop it again.")
    pages = [page(ending=Ending.TOKEN_LIMIT), failed]
    speak("de")
    try:
        note = compose_note(origin(), pages)
    finally:
        speak("en")
    assert "Seite 1: Der Leser erreichte hier seine Längengrenze; das Ende der Seite fehlt." in note
    assert "Seite 2 konnte nicht gelesen werden. Auf dieser Seite wurde kein Text gefunden." in note
    assert front_matter(note)["warnings"] == [
        "Seite 1: Der Leser erreichte hier seine Längengrenze; das Ende der Seite fehlt.",
        "Seite 2: Auf dieser Seite wurde kein Text gefunden.",
    ]
    assert "<!-- page 1 of 2 -->" in note or "<!-- page 2 of 2 -->" in note
