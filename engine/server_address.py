"""Where an inference engine is asked for pages, with its key; or what starts it here. No network."""

from dataclasses import dataclass, field
from pathlib import PurePath
from urllib.parse import urlsplit

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
THIS_MACHINE = "this machine"
PORT = "{port}"  # in a server's command and address, for the free port that it gets


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """An inference engine that is asked over HTTP. `family` is the sort of its model; "": by its name.

    At most `in_flight` pages are with it at once; None: as many as it takes well.
    With a `command` it is one that papertray starts on this machine. One with a `fingerprint` is known by
    its certificate, whoever signed that and whatever host it names. `name` is what people call it.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    family: str = ""
    in_flight: int | None = None
    command: tuple[str, ...] = ()
    fingerprint: str = ""
    name: str = ""

    @property
    def place(self) -> str:
        """For status and notes: its name, or host and port; of one that papertray starts, what it is."""
        if self.command:
            return f"{THIS_MACHINE}, {self.program}"
        return self.name or urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def program(self) -> str:
        return PurePath(self.command[0]).name.removesuffix(".exe") if self.command else ""

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or (443 if self.url.startswith("https:") else 80)

    @property
    def is_local(self) -> bool:
        return self.host in _LOOPBACK

    @property
    def is_open_to_others(self) -> bool:
        """Whether what is sent can be read on its way."""
        return not self.is_local and not self.url.startswith("https:")
