"""What can go wrong with another form than Markdown."""

from collections.abc import Iterable

from papertray.engine.errors.family import PapertrayError
from papertray.engine.exit_codes import ExitCode


class UnknownFormat(PapertrayError):
    exit_code = ExitCode.NOT_UNDERSTOOD

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"papertray writes nothing as {name!r}.", f"It writes {', '.join(known)}.")


class OutputsMissing(PapertrayError):
    def __init__(self, form: str, library: str) -> None:
        super().__init__(
            f"{form} is written by {library}, which is not installed.",
            "Install it beside papertray: pip install 'papertray[outputs]'",
        )
