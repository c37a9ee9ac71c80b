"""The certificate that other machines know this one by: made once, signed by itself, compared by people.

One file of this home holds it and its key, readable by its owner alone. Who has seen its fingerprint takes no
other for this machine, whatever its address is.
"""

import os
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from papertray.daemon.guests.problems import CertificatesMissing, CertificateUnusable
from papertray.engine.readers.server.certificates import fingerprint_of

_YEARS = 30
_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


def make_certificate(file: Path, name: str) -> None:
    """Unless there is one. `name` is this machine's, for people who look into it."""
    if file.exists():
        return
    try:
        content = _new_certificate(name)
    except ImportError:
        raise CertificatesMissing from None
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
        new.write(content)


def read_fingerprint(file: Path) -> str:
    try:
        text = file.read_text(encoding="ascii")
        begin = text.index(_BEGIN)
        end = text.index(_END, begin) + len(_END)
        return fingerprint_of(ssl.PEM_cert_to_DER_cert(text[begin:end]))
    except (OSError, ValueError) as problem:
        raise CertificateUnusable(file) from problem


def serve_with(file: Path) -> ssl.SSLContext:
    """For connections that come in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        context.load_cert_chain(file)
    except OSError as problem:
        raise CertificateUnusable(file) from problem
    return context


def _new_certificate(name: str) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = ec.generate_private_key(ec.SECP256R1())
    plain = name.encode("ascii", "replace").decode()[:50]  # the field takes 64 bytes
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"papertray on {plain}")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=365))  # clocks differ
        .not_valid_after(now + timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)
