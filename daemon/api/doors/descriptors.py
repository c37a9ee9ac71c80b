"""How many connections the API may hold, so that descriptors are left for documents, journal and children.

Raises this process's soft limit of open files where the hard one allows it. Windows has no such limit.
"""

from contextlib import suppress

ENOUGH = 8192  # more than papertray ever needs; some systems refuse what is far beyond
FOR_THE_WORK = 128
MOST_CONNECTIONS = 512
FEWEST_CONNECTIONS = 8
MOST_OF_GUESTS = 128
MOST_OF_THE_OWNER = 64  # at the socket that only the owner reaches: the tray, `papertray open`


def raise_descriptor_limit() -> int:
    """Have as many descriptors as this process may and could use; the answer is how many."""
    try:
        import resource
    except ImportError:
        return ENOUGH
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return ENOUGH if soft == resource.RLIM_INFINITY else soft
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return soft


def most_connections(descriptors: int) -> int:
    """How many at one place; each may open a file besides, for what it brings or takes."""
    half = (descriptors - FOR_THE_WORK) // 2
    return max(FEWEST_CONNECTIONS, min(half, MOST_CONNECTIONS))
