"""An open file on its way from the renderer to its child, so that no path is opened twice.

POSIX systems send descriptors through a socket that both sides hold. Windows copies a handle into the other
process, whose number then travels with the request.
"""

import os
import socket
import sys
from collections.abc import Callable
from typing import Protocol

from papertray.engine.render_child.frames import Header

ONE = b"f"  # what a descriptor travels with


class FileSender(Protocol):
    """The renderer's end."""

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What the child has to inherit."""
        ...

    def argument(self) -> str:
        """Tells the child where its end is."""
        ...

    def start(self, process: int, /) -> None:
        """The child is ready, and has this number."""
        ...

    def send(self, descriptor: int) -> Header:
        """What the request says of it; OSError when the child has gone."""
        ...

    def close(self) -> None: ...


class FileReceiver(Protocol):
    """The child's end."""

    def receive(self, request: Header, /) -> int:
        """The descriptor of the file that a request is about; it is whoever's who asks."""
        ...


class SocketSender:
    def __init__(self) -> None:
        self._ours, self._childs = socket.socketpair()

    @property
    def descriptors(self) -> tuple[int, ...]:
        return (self._childs.fileno(),)

    def argument(self) -> str:
        return str(self._childs.fileno())

    def start(self, _process: int) -> None:
        self._childs.close()

    def send(self, descriptor: int) -> Header:
        socket.send_fds(self._ours, [ONE], [descriptor])
        return {}

    def close(self) -> None:
        self._ours.close()
        self._childs.close()


class SocketReceiver:
    def __init__(self, argument: str) -> None:
        self._socket = socket.socket(fileno=int(argument))

    def receive(self, _request: Header) -> int:
        _byte, descriptors, _flags, _address = socket.recv_fds(self._socket, len(ONE), 1)
        return descriptors[0]


Sender: Callable[[], FileSender]
Receiver: Callable[[str], FileReceiver]
if sys.platform == "win32":
    import _winapi
    import msvcrt

    class HandleSender:
        def __init__(self) -> None:
            self._process = 0

        @property
        def descriptors(self) -> tuple[int, ...]:
            return ()

        def argument(self) -> str:
            return ""

        def start(self, process: int) -> None:
            self._process = _winapi.OpenProcess(_winapi.PROCESS_DUP_HANDLE, False, process)

        def send(self, descriptor: int) -> Header:
            return {
                "handle": _winapi.DuplicateHandle(
                    _winapi.GetCurrentProcess(),
                    msvcrt.get_osfhandle(descriptor),
                    self._process,
                    0,
                    False,
                    _winapi.DUPLICATE_SAME_ACCESS,
                )
            }

        def close(self) -> None:
            if self._process:
                _winapi.CloseHandle(self._process)
                self._process = 0

    class HandleReceiver:
        def __init__(self, argument: str) -> None: ...

        def receive(self, request: Header) -> int:
            return msvcrt.open_osfhandle(request["handle"], os.O_RDONLY | os.O_BINARY)

    Sender = HandleSender
    Receiver = HandleReceiver
else:
    Sender = SocketSender
    Receiver = SocketReceiver
