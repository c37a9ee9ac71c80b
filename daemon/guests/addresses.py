"""At which addresses other machines reach this one, where it listens at a `host` of the settings."""

import socket

EVERYWHERE = frozenset({"0.0.0.0", "::"})


def addresses_of(host: str) -> tuple[str, ...]:
    """Those of version 4; that of a name is looked up. None while there is no network."""
    if host not in EVERYWHERE:
        try:
            return (socket.gethostbyname(host),)
        except OSError:
            return ()
    import psutil

    return tuple(
        address.address
        for each in psutil.net_if_addrs().values()
        for address in each
        if address.family is socket.AF_INET and not address.address.startswith("127.")
    )
