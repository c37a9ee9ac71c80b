"""A server that is known by its certificate, as a person has compared it once, and not by who signed it.

Asks a server for its certificate; nothing else is sent there. What is made of it trusts that one alone: on a
network at home no authority knows the machines, and their names and addresses change.
"""

import hashlib
import ssl

_SECONDS = 10.0


def fetch_certificate(host: str, port: int) -> bytes:
    """What it shows to everybody. Raises OSError where nobody is there who speaks TLS."""
    return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate((host, port), timeout=_SECONDS))


def fingerprint_of(certificate: bytes) -> str:
    """SHA-256, in the letters that people compare: AB:12:…"""
    return hashlib.sha256(certificate).digest().hex(":").upper()


def trust_only(certificate: bytes) -> ssl.SSLContext:
    """For connections to whoever holds the key of this certificate, and to nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # it may have been signed by another
    context.load_verify_locations(cadata=certificate)
    return context


def same_fingerprint(one: str, other: str) -> bool:
    """However they are written: with colons or blanks, in small letters or large."""
    return plain_fingerprint(one) == plain_fingerprint(other)


def plain_fingerprint(written: str) -> str:
    return written.replace(":", "").replace(" ", "").lower()
