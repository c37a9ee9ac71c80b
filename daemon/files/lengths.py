"""Names that a file system would refuse as too long, cut between two letters. Pure."""

import os

LONGEST_NAME = 255  # bytes, on every file system that matters


def shorten_name(name: str, room: int) -> str:
    """What of it fits into so many bytes."""
    encoded = os.fsencode(name)
    return name if len(encoded) <= room else encoded[:room].decode(errors="ignore")
