"""The same person on three systems, so that plans can be compared letter by letter on any machine."""

from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath

from papertray.daemon.services.login import InstallOptions, Login

PYTHON = ("-P", "-m", "papertray.daemon.cli")
OPTIONS = InstallOptions()

LINUX = Login(
    home=PurePosixPath("/home/ada"),
    user="ada",
    number=1000,
    papertray=("/opt/papertray/bin/python3", *PYTHON),
    config=PurePosixPath("/home/ada/.config"),
    state=PurePosixPath("/home/ada/.local/state/papertray"),
    logs=PurePosixPath("/home/ada/.local/state/papertray/log"),
)
MACOS = Login(
    home=PurePosixPath("/Users/ada"),
    user="ada",
    number=501,
    papertray=("/Users/ada/papertray/bin/python3", *PYTHON),
    config=PurePosixPath("/Users/ada/.config"),
    state=PurePosixPath("/Users/ada/Library/Application Support/papertray"),
    logs=PurePosixPath("/Users/ada/Library/Logs/papertray"),
)
WINDOWS = Login(
    home=PureWindowsPath("C:/Users/ada"),
    user="OFFICE\\ada",
    number=0,
    papertray=("C:\\papertray\\Scripts\\python.exe", *PYTHON),
    config=PureWindowsPath("C:/Users/ada/.config"),
    state=PureWindowsPath("C:/Users/ada/AppData/Local/papertray"),
    logs=PureWindowsPath("C:/Users/ada/AppData/Local/papertray/Logs"),
)
SERVER = replace(
    WINDOWS,
    environment={"PAPERTRAY_HOME": "C:\\ProgramData\\papertray"},
    base_python="C:\\Python313\\python.exe",
)
FOLDER_OPTIONS = InstallOptions(folders=(PureWindowsPath("D:/scans"),))


def with_home(login: Login, home: str) -> Login:
    return replace(login, environment={"PAPERTRAY_HOME": home})
