"""Which machines may come: their tokens, kept as hashes, and the certificate they know this one by."""

import ssl
from pathlib import Path

import pytest

from papertray.daemon.guests.certificate import make_certificate, read_fingerprint, serve_with
from papertray.daemon.guests.guest_list import GuestList
from papertray.daemon.guests.problems import (
    CertificateUnusable,
    GuestKnown,
    GuestListDamaged,
    GuestNameUnfit,
    GuestUnknown,
)


def test_a_machine_is_known_by_its_token_until_it_is_revoked_and_no_file_has_the_token(
    tmp_path: Path,
) -> None:
    file = tmp_path / "guests.json"
    guests = GuestList(file)
    laptop, phone = guests.add("laptop"), guests.add("old-phone.home")
    assert (guests.find(laptop), guests.find(phone), guests.find("wrong")) == (
        "laptop",
        "old-phone.home",
        None,
    )
    assert laptop not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(GuestKnown):
        guests.add("laptop")
    guests.remove("laptop")
    assert (guests.find(laptop), guests.find(phone)) == (None, "old-phone.home")
    with pytest.raises(GuestUnknown):
        guests.remove("laptop")


@pytest.mark.parametrize("name", ["", "a b", "a/b", "x" * 41, "\n", "<b>"])
def test_a_name_that_could_be_taken_for_something_else_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(GuestNameUnfit):
        GuestList(tmp_path / "guests.json").add(name)


@pytest.mark.parametrize("content", ["{", '[{"name": "a"}]', '"laptop"', "[1]"])
def test_a_damaged_list_lets_nobody_in(tmp_path: Path, content: str) -> None:
    file = tmp_path / "guests.json"
    file.write_text(content)
    with pytest.raises(GuestListDamaged):
        GuestList(file).find("anything")


def test_the_certificate_is_made_once_and_its_file_is_the_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "certificate.pem"
    make_certificate(file, "desk\u00fc" + "p" * 80)
    fingerprint = read_fingerprint(file)
    make_certificate(file, "desk")
    assert read_fingerprint(file) == fingerprint
    assert fingerprint.count(":") == 31
    assert file.stat().st_mode & 0o077 == 0
    assert serve_with(file).minimum_version is ssl.TLSVersion.TLSv1_3
    file.write_text("no certificate")
    for use in (read_fingerprint, serve_with):
        with pytest.raises(CertificateUnusable):
            use(file)
