"""Linux only: give up, for good, what this process could do with files, programs and the network.

Takes the folders that may still be read. What is open already stays open, and what may be done grows with
the kernel's version of Landlock; an older kernel, or one without it, forbids as much as it knows. Files can
still be looked up (whether they exist, how large they are), and sockets other than TCP are left alone.
"""

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # system calls, by the same numbers on every machine
_VERSION = 1  # asks for no ruleset, but for what the kernel knows
_BENEATH = 1  # a rule about a folder and all below it
_NO_NEW_PRIVILEGES = 38
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_FILES = {1: 13, 2: 14, 3: 15, 5: 16}  # from which version on: so many kinds of access, a bit for each
_TCP = 0b11  # bind, connect; from version 4
_OTHERS = 0b11  # abstract sockets and signals of processes outside; from version 6


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Folder(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def landlock_version() -> int:
    """0 where there is none, or where it may not be used."""
    return max(0, _call(_CREATE, None, 0, _VERSION))


def refuse_new_privileges() -> None:
    """No program that this process starts gains rights that it has not; Landlock asks for this too."""
    ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def forbid(readable: Iterable[Path]) -> int:
    """This thread, and all it starts, opens files in `readable` alone; the version that sees to it, or 0."""
    version = landlock_version()
    if not version:
        return 0
    rules = _Ruleset(
        files=(1 << max(bits for since, bits in _FILES.items() if since <= version)) - 1,
        network=_TCP if version >= 4 else 0,
        scoped=_OTHERS if version >= 6 else 0,
    )
    known = 8 if version < 4 else 16 if version < 6 else 24  # bytes of the structure
    ruleset = _call(_CREATE, ctypes.byref(rules), known, 0)
    if ruleset < 0:
        return 0
    try:
        for folder in readable:
            _allow_reading(ruleset, folder)
        return version if _call(_RESTRICT, ruleset, 0) == 0 else 0
    finally:
        os.close(ruleset)


def _allow_reading(ruleset: int, folder: Path) -> None:
    try:
        descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return  # then there is nothing in it to be read
    try:
        rule = _Folder(_READ_FILE | _READ_FOLDER, descriptor)
        _call(_ADD, ruleset, _BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(descriptor)


def _call(number: int, *values: object) -> int:
    libc = ctypes.CDLL(None)
    libc.syscall.restype = ctypes.c_long
    return int(libc.syscall(ctypes.c_long(number), *(_as_word(value) for value in values)))


def _as_word(value: object) -> object:
    """As wide as a register: the callee is variadic."""
    return ctypes.c_long(value) if isinstance(value, int) else value
