"""What can go wrong with other machines that have pages read here, as sentences."""

from pathlib import Path

from papertray.daemon.errors import PapertrayError


class GuestError(PapertrayError):
    """Something about other machines that have pages read here."""


class GuestNameUnfit(GuestError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name!r} cannot be a machine's name here.", "Take letters, digits, dots and dashes: laptop."
        )


class GuestKnown(GuestError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} has a token already.",
            f"If it was lost, `papertray serve revoke {name}` and add it again; or take another name.",
        )


class GuestUnknown(GuestError):
    def __init__(self, name: str) -> None:
        super().__init__(f"No machine {name!r} may come here.", "`papertray serve list` shows them.")


class GuestListDamaged(GuestError):
    def __init__(self, file: Path) -> None:
        super().__init__(
            f"{file} cannot be understood, so no other machine is let in.",
            "Delete it, and add the machines again: `papertray serve add NAME`.",
        )


class CertificateUnusable(GuestError):
    def __init__(self, file: Path) -> None:
        super().__init__(
            f"The certificate in {file} cannot be used, so no other machine is let in.",
            "Delete it: `papertray serve on` makes another, and the other machines add this one again.",
        )


class NoticesMissing(GuestError):
    def __init__(self) -> None:
        super().__init__(
            "Other machines are looked for by zeroconf, which is not installed.",
            "Install it beside papertray: pip install 'papertray[serve]'; or give an address.",
        )


class NameNotUnique(GuestError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"More than one machine here calls itself {name}.",
            "Take the address of the right one: `papertray servers find` lists them.",
        )


class CertificatesMissing(GuestError):
    def __init__(self) -> None:
        super().__init__(
            "A certificate is made by cryptography, which is not installed.",
            "Install it beside papertray: pip install 'papertray[serve]'",
        )
