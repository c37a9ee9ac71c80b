"""The menu of every state, line by line."""

import pytest

from papertray.daemon.status import (
    STOPPED,
    Activity,
    DocumentState,
    DownloadProgress,
    PageInProgress,
    Trouble,
)
from papertray.engine.language import speak
from papertray.tray.menu import PAUSES, MenuAction, MenuItem, MenuVerb, build_menu
from papertray.tray.view import TrayView
from papertray.tray.words import describe_merits
from tests.tray.views import document, model, noted, view


def labels(items: tuple[MenuItem, ...]) -> list[str]:
    return [item.label or "-" for item in items]


def named(shown: TrayView, *path: str) -> MenuItem:
    items = build_menu(shown)
    for label in path:
        item = next(item for item in items if item.label.startswith(label))
        items = item.items
    return item


def test_all_that_can_be_asked_is_in_the_menu() -> None:
    shown = view(
        recent=(noted(1),), failed=(document(2, sentence="No."),), counts={"failed": 1}, at_login=True
    )
    assert labels(build_menu(shown)) == [
        "papertray is idle",
        "Open dashboard",
        "Open inbox",
        "-",
        "Pause",
        "Device",
        "Model",
        "-",
        "Recent",
        "Problems (1)",
        "-",
        "Start at login",
        "Settings file",
        "Logs",
        "-",
        "Quit tray",
        "Stop papertray",
    ]


@pytest.mark.parametrize("shown", [TrayView(), TrayView(STOPPED), TrayView(None, at_login=False)])
def test_without_a_daemon_the_menu_starts_one(shown: TrayView) -> None:
    items = build_menu(shown)
    assert [item.label for item in items if item.default] == ["Start papertray"]
    assert MenuAction(MenuVerb.STOP) not in [item.action for item in items]
    assert "Quit tray" in labels(items)


@pytest.mark.parametrize("shown", [TrayView(), view(), view(Activity.PAUSED), view(Activity.WORKING)])
def test_one_line_is_the_default_and_the_first_only_tells(shown: TrayView) -> None:
    items = build_menu(shown)
    assert [item.default for item in items].count(True) == 1
    assert not items[0].enabled


def test_a_pause_can_be_chosen_and_taken_back() -> None:
    assert [item.action for item in named(view(), "Pause").items] == [action for _label, action in PAUSES]
    assert named(view(), "Pause", "Until I resume").action == MenuAction(MenuVerb.PAUSE, None)
    assert named(view(), "Pause", "15 minutes").action == MenuAction(MenuVerb.PAUSE, 900)
    assert named(view(Activity.PAUSED), "Resume").action == MenuAction(MenuVerb.RESUME)
    assert "Pause" not in labels(build_menu(view(Activity.PAUSED)))


def test_a_device_shows_its_row_or_why_it_cannot_be_used() -> None:
    assert named(view(), "Device", "Automatic") == MenuItem(
        "Automatic", MenuAction(MenuVerb.DEVICE, "auto"), checked=True
    )
    cpu = named(view(device="cpu"), "Device", "CPU")
    assert (cpu.label, cpu.action, cpu.checked) == (
        "CPU in bfloat16 with 4-bit weights",
        MenuAction(MenuVerb.DEVICE, "cpu"),
        True,
    )
    cuda = named(view(), "Device", "CUDA")
    assert (cuda.label, cuda.enabled) == ("CUDA: No NVIDIA card was found.", False)


def test_a_model_is_chosen_when_it_is_here_and_offered_with_its_size_when_not() -> None:
    assert named(view(), "Model", "The quick").action == MenuAction(MenuVerb.MODEL, "quick")
    assert named(view(), "Model", "Download") == MenuItem(
        "Download DeepSeek-OCR 2 (6.8 GB)", MenuAction(MenuVerb.DOWNLOAD, "deepseek-ocr-2")
    )


def test_each_model_says_what_it_is_good_at_in_lines_that_fit() -> None:
    about = named(view(), "Model", "What they are good at")
    assert labels(about.items) == ["DeepSeek-OCR 2", "The quick reader"]
    assert labels(about.items[0].items) == [
        "Good at: whole pages: text, tables and formulas in one go",
        "Languages: about 100",
        "Score: 91.09 OmniDocBench 1.5, whole pages, as its publisher",
        "has it (arXiv 2601.20552)",
        "1.6 pages a minute on two cores",
        "Licence: MIT",
    ]
    assert not any(line.enabled for line in about.items[0].items)


def test_a_speed_is_said_with_no_more_than_one_decimal() -> None:
    spoken = [describe_merits(model("quick", "Q", pages_a_minute=speed)) for speed in (32.0, 0.55, 12)]
    assert [next(lines).partition(" ")[0] for lines in spoken] == ["32", "0.6", "12"]


def test_a_model_on_its_way_shows_how_far_it_is_and_can_be_stopped() -> None:
    shown = view(downloads=(DownloadProgress("deepseek-ocr-2", 17, 68),))
    assert named(shown, "Model", "DeepSeek").label == "DeepSeek-OCR 2: 25%"
    stop = named(shown, "Model", "DeepSeek", "Stop")
    assert stop.action == MenuAction(MenuVerb.CANCEL_DOWNLOAD, "deepseek-ocr-2")


def test_a_recent_note_opens_and_one_without_a_note_leads_to_the_dashboard() -> None:
    shown = view(recent=(noted(1, "letter.pdf"), document(2, "other.pdf")))
    assert named(shown, "Recent", "letter.md").action == MenuAction(
        MenuVerb.NOTE, str(noted(1, "letter.pdf").note)
    )
    assert named(shown, "Recent", "other.pdf").action == MenuAction(MenuVerb.DASHBOARD)


def test_problems_are_counted_even_those_that_are_not_listed() -> None:
    shown = view(
        troubles=(Trouble("The disk is full.", "Make room."),),
        failed=(
            document(2, "a.pdf", state=DocumentState.PROBLEMS),
            document(3, sentence="b.pdf needs a password."),
        ),
        counts={"failed": 30, "problems": 4},
        errands_unfinished=2,
    )
    problems = named(shown, "Problems (37)")
    assert labels(problems.items) == [
        "The disk is full.",
        "2 errands failed or wait.",
        "a.pdf is read, but for some of its pages.",
        "b.pdf needs a password.",
        "-",
        "Read the failed ones again",
    ]


def test_where_all_is_well_there_are_no_problems_to_see() -> None:
    assert not [label for label in labels(build_menu(view())) if label.startswith("Problems")]


def test_start_at_login_is_ticked_hidden_or_asks_for_the_other_way() -> None:
    assert named(view(at_login=True), "Start at login") == MenuItem(
        "Start at login", MenuAction(MenuVerb.AT_LOGIN, False), checked=True
    )
    assert named(view(at_login=False), "Start at login").action == MenuAction(MenuVerb.AT_LOGIN, True)
    assert "Start at login" not in labels(build_menu(view()))


def test_a_long_name_does_not_make_the_menu_as_wide_as_the_screen() -> None:
    shown = view(recent=(noted(1, "x" * 300 + ".pdf"),))
    assert len(named(shown, "Recent", "x").label) <= 60


def test_no_line_makes_the_menu_wider_than_sixty_letters() -> None:
    long = "Correspondence with the county archive about the minutes of the summer session.pdf"
    shown = view(
        Activity.WORKING,
        version="1.2.3",
        troubles=(Trouble(f"{long} cannot be read, for reasons that take a while to explain."),),
        reading=(PageInProgress(1, long, 1, 200), PageInProgress(2, long, 3, 4)),
        recent=(noted(1, long),),
        failed=(document(2, long, sentence=f"{long} is broken."),),
    )

    def all_of(items: tuple[MenuItem, ...]) -> list[MenuItem]:
        return [each for item in items for each in (item, *all_of(item.items))]

    assert max(len(item.label) for item in all_of(build_menu(shown))) <= 60
    assert build_menu(shown)[-1] == MenuItem("papertray 1.2.3")


def test_what_this_desktop_has_a_tool_for_can_be_added() -> None:
    assert not {"Add files…", "Add what is on the clipboard"} & set(labels(build_menu(view())))
    able = view(can_choose_files=True, can_paste=True, can_cut_screen=True)
    assert labels(build_menu(able))[3:6] == [
        "Add files…",
        "Add what is on the clipboard",
        "Add a part of the screen…",
    ]


@pytest.mark.parametrize("code", ["zh", "lt", "de"])
def test_in_every_language_the_menu_is_its_own_and_no_wider(code: str) -> None:
    shown = view(failed=(document(2),), at_login=True, can_choose_files=True, can_paste=True)
    english = set(labels(build_menu(shown)))
    speak(code)
    try:
        told = labels(build_menu(shown))
    finally:
        speak("en")
    alike = {"-", "Model", "Device"} if code == "lt" else {"-"}
    assert english & set(told) <= alike
    assert max(map(len, told)) <= 40
