"""What each system is told, letter by letter, and that the machine is not touched by telling it."""

import plistlib
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from papertray.daemon.errors import ServiceError
from papertray.daemon.services import launchd, systemd, this_system, windows_service, windows_task
from papertray.daemon.services.login import start_command
from papertray.daemon.services.plan import RunCommand, plan_as_data, plan_in_words
from tests.daemon.services.golden import CASES, file_of, plans_text
from tests.daemon.services.logins import FOLDER_OPTIONS, LINUX, MACOS, OPTIONS, WINDOWS, with_home


@pytest.mark.parametrize("case", CASES)
def test_a_plan_is_what_was_agreed(case: str) -> None:
    assert plans_text(case) == file_of(case).read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_a_plan_says_the_same_as_data_and_in_words(case: str) -> None:
    kind, login, options = CASES[case]
    plan = kind.install(login, options)
    heads = [line for line in plan_in_words(plan) if line and not line.startswith("    ")]
    assert [next(iter(step)) for step in plan_as_data(plan)] == [head.split()[0].lower() for head in heads]


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("/opt/papertray", "/opt/papertray"),
        ("/home/a b/python", '"/home/a b/python"'),
        ("/100%/python", "/100%%/python"),
        ("/$HOME/python", "/$$HOME/python"),
        ('/a"b\\c/python', '"/a\\"b\\\\c/python"'),
    ],
)
def test_a_strange_path_survives_in_a_unit(word: str, written: str) -> None:
    assert f"\nExecStart={written} run\n" in systemd.unit_text(replace(LINUX, papertray=(word,)))


def test_a_home_is_carried_into_every_service() -> None:
    home = "/data/my scans"
    linux = with_home(LINUX, home)
    assert f'\nEnvironment="PAPERTRAY_HOME={home}"\n' in systemd.unit_text(linux)
    assert f'Exec=env "PAPERTRAY_HOME={home}" /opt/papertray/bin/python3 -P' in systemd.autostart_text(linux)
    agent = plistlib.loads(launchd.plist_text(launchd.daemon_agent(with_home(MACOS, home))).encode())
    assert agent["EnvironmentVariables"] == {"PAPERTRAY_HOME": home}
    task = windows_task.task_xml(with_home(WINDOWS, home), windows_task.DAEMON)
    assert f'"PAPERTRAY_HOME={home}" run' in task


def test_a_task_with_letters_of_xml_in_its_names_is_still_xml() -> None:
    task = windows_task.task_xml(with_home(WINDOWS, "C:\\a & <b>"), windows_task.TRAY)
    root = ElementTree.fromstring(task.split("\n", 1)[1])
    assert root.findtext(".//{*}Arguments", "").endswith('"PAPERTRAY_HOME=C:\\a & <b>" tray')


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("C:\\p\\python.exe", "C:\\p\\pythonw.exe"),
        ("C:\\p\\pythonw.exe", "C:\\p\\pythonw.exe"),
        ("C:\\p\\papertray.exe", "C:\\p\\papertrayw.exe"),
    ],
)
def test_a_task_opens_no_console(program: str, shown: str) -> None:
    assert windows_task.windowless_command((program, "run")) == (shown, "run")


def test_a_windows_service_without_a_home_is_refused_before_anything_is_done() -> None:
    with pytest.raises(ServiceError, match="needs a place for its files"):
        windows_service.install(WINDOWS, FOLDER_OPTIONS)


def test_nothing_is_written_before_systemd_and_launchd_were_asked() -> None:
    for kind, login in ((systemd, LINUX), (launchd, MACOS)):
        first = kind.install(login, OPTIONS)[0]
        assert isinstance(first, RunCommand)
        assert not first.may_fail


def test_a_bundle_starts_itself_and_an_installation_its_own_python() -> None:
    assert start_command("/opt/papertray/papertray", frozen=True) == ("/opt/papertray/papertray",)
    assert start_command("/venv/bin/python", frozen=False) == (
        "/venv/bin/python",
        "-P",
        "-m",
        "papertray.daemon.cli",
    )


def test_a_system_without_services_is_told_what_to_run() -> None:
    with pytest.raises(ServiceError, match="papertray run"):
        this_system("freebsd14")
