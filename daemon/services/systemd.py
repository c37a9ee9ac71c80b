"""Linux: a unit of systemd for one's own login, and an autostart entry for the tray.

The hardening is what torch survives: MemoryDenyWriteExecute breaks oneDNN, and a sandboxed file system would
hide the folders that people watch.
"""

from pathlib import Path, PurePath

from papertray.daemon.errors import ServiceError
from papertray.daemon.services.login import InstallOptions, Login
from papertray.daemon.services.plan import (
    NOT_FOUND,
    CommandResult,
    CommandRunner,
    Plan,
    RemovePath,
    RunCommand,
    WriteFile,
    unexplained_error,
)
from papertray.daemon.services.state import ServiceState
from papertray.engine.exit_codes import ExitCode

NAME = "papertray.service"
SYSTEMCTL = ("systemctl", "--user")
BOOTED_WITH_SYSTEMD = Path("/run/systemd/system")  # there when systemd runs this machine; see sd_booted(3)
FINAL_EXIT_CODES = (ExitCode.NOT_UNDERSTOOD, ExitCode.SETTINGS, ExitCode.ALREADY_RUNNING)
PROPERTIES = ("LoadState", "ActiveState", "UnitFileState", "MainPID", "StatusText")

UNIT = """\
[Unit]
Description=papertray: a Markdown note beside each scan

[Service]
Type=notify
ExecStart={command}
{environment}Restart=on-failure
RestartSec=3
# A wrong option, settings that make no sense, another papertray at work: starting again mends none of them.
RestartPreventExitStatus={final_exit_codes}
WatchdogSec=180
TimeoutStopSec=10
# The stop signal is for papertray alone: it ends its children when the page in hand is given back.
KillMode=mixed
# A child that took too much memory costs one document, not the service.
OOMPolicy=continue
NoNewPrivileges=yes
LockPersonality=yes
RestrictSUIDSGID=yes
UMask=0077

[Install]
WantedBy=default.target
"""

AUTOSTART = """\
[Desktop Entry]
Type=Application
Name=papertray
Comment=How reading goes, in the tray
Exec={command}
Icon=papertray
Terminal=false
NoDisplay=true
X-GNOME-Autostart-enabled=true
"""


def unit_path(login: Login) -> PurePath:
    return login.config / "systemd" / "user" / NAME


def autostart_path(login: Login) -> PurePath:
    return login.config / "autostart" / "papertray-tray.desktop"


def unit_text(login: Login) -> str:
    command = " ".join(_quote(word).replace("$", "$$") for word in (*login.papertray, "run"))
    environment = "".join(
        f"Environment={_quote(f'{name}={value}')}\n" for name, value in login.environment.items()
    )
    final_exit_codes = " ".join(str(code.value) for code in FINAL_EXIT_CODES)
    return UNIT.format(command=command, environment=environment, final_exit_codes=final_exit_codes)


def autostart_text(login: Login) -> str:
    assignments = [f"{name}={value}" for name, value in login.environment.items()]
    words = (*(["env", *assignments] if assignments else []), *login.papertray, "tray")
    return AUTOSTART.format(command=" ".join(_quote_for_desktop(word) for word in words))


def install(login: Login, options: InstallOptions) -> Plan:
    """Asks first whether there is a manager to talk to, so that nothing is left where there is none."""
    return (
        RunCommand((*SYSTEMCTL, "show-environment")),
        WriteFile(unit_path(login), unit_text(login)),
        *([WriteFile(autostart_path(login), autostart_text(login))] if options.tray else []),
        RunCommand((*SYSTEMCTL, "daemon-reload")),
        RunCommand((*SYSTEMCTL, "enable", NAME)),
        *([RunCommand(("loginctl", "enable-linger", login.user))] if options.linger else []),
        RunCommand((*SYSTEMCTL, "restart", NAME)),
    )


def uninstall(login: Login) -> Plan:
    return (
        RunCommand((*SYSTEMCTL, "disable", "--now", NAME), may_fail=True),
        RemovePath(unit_path(login)),
        RemovePath(autostart_path(login)),
        RunCommand((*SYSTEMCTL, "daemon-reload"), may_fail=True),
        RunCommand((*SYSTEMCTL, "reset-failed", NAME), may_fail=True),
    )


def start(_login: Login) -> Plan:
    return (RunCommand((*SYSTEMCTL, "start", NAME)),)


def stop(_login: Login) -> Plan:
    return (RunCommand((*SYSTEMCTL, "stop", NAME)),)


def tray_at_login(login: Login, wanted: bool) -> Plan:
    """For a desktop without systemd: the tray alone, which starts papertray where none runs."""
    return (
        WriteFile(autostart_path(login), autostart_text(login))
        if wanted
        else RemovePath(autostart_path(login)),
    )


def look(login: Login, run: CommandRunner) -> ServiceState:
    step = RunCommand((*SYSTEMCTL, "show", NAME, f"--property={','.join(PROPERTIES)}"))
    result = run(step.command)
    if result.code != 0:
        raise explain(step, result)
    properties = dict(line.partition("=")[::2] for line in result.text.splitlines())
    return ServiceState(
        system="systemd",
        path=str(unit_path(login)),
        installed=properties.get("LoadState") == "loaded",
        enabled=properties.get("UnitFileState") == "enabled",
        running=properties.get("ActiveState") in ("active", "reloading"),
        pid=int(properties.get("MainPID", "0")) or None,
        says=properties.get("StatusText", ""),
    )


def explain(step: RunCommand, result: CommandResult, booted: bool | None = None) -> ServiceError:
    booted = BOOTED_WITH_SYSTEMD.is_dir() if booted is None else booted
    no_bus = "connect to" in result.text and "bus" in result.text
    if result.code == NOT_FOUND or (no_bus and not booted) or "not been booted" in result.text:
        return ServiceError(
            "This system is not run by systemd, so papertray cannot become a service of it.",
            "Start `papertray run` from your desktop's autostart, your own init system or tmux;"
            " docs/services.md shows how, for Alpine, WSL and containers.",
        )
    if no_bus or "XDG_RUNTIME_DIR" in result.text:
        return ServiceError(
            "systemd runs, but this login has no manager of its own to talk to (no user bus).",
            "Log in on the screen or with ssh as the user itself, not through su or sudo; where nobody"
            " logs in, run `sudo loginctl enable-linger USER` once."
            " XDG_RUNTIME_DIR must be /run/user/ and your number.",
        )
    if step.command[-2:] in (("restart", NAME), ("start", NAME)):
        return ServiceError(
            "The service is installed, but papertray did not start.",
            "`papertray logs` or `journalctl --user -u papertray` says why;"
            " a `papertray run` in a terminal must be stopped first.",
        )
    return unexplained_error(step, result)


def _quote(word: str) -> str:
    """As systemd reads it: % begins a specifier, spaces and quotes end a word."""
    safe = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{safe}"' if any(letter.isspace() or letter in "\"'\\;" for letter in word) else safe


def _quote_for_desktop(word: str) -> str:
    """As desktops read it: escaped once for the quotes and once more for the file."""
    safe = word.replace("%", "%%")
    if word.replace("/", "").replace("-", "").replace(".", "").replace("_", "").isalnum():
        return safe
    for letter in '\\"`$':
        safe = safe.replace(letter, f"\\{letter}")
    return '"' + safe.replace("\\", "\\\\") + '"'
