"""What can go wrong with a model: its name, its files, its download."""

from papertray.engine.errors.family import PapertrayError
from papertray.engine.exit_codes import ExitCode


class UnknownModel(PapertrayError):
    """No model has this name."""

    exit_code = ExitCode.NO_SUCH_MODEL

    def __init__(self, name: str, nearest: str = "") -> None:
        meant = f"Did you mean {nearest}? " if nearest else ""
        super().__init__(
            f"There is no model called {name}.", f"{meant}`papertray models list` shows all of them."
        )


class ReadsNoPages(UnknownModel):
    """The name is that of a recogniser, which only adds to the quick reader."""

    def __init__(self, name: str) -> None:
        PapertrayError.__init__(
            self,
            f"{name} reads no pages by itself: the quick reader uses it as soon as it is here.",
            f"`papertray models pull {name}` fetches it, `papertray model quick` chooses the quick reader.",
        )


class WeightsError(PapertrayError):
    """A model's files are missing, damaged, or cannot be put in place."""

    exit_code = ExitCode.WEIGHTS


class DownloadError(WeightsError):
    """A model could not be fetched; what arrived whole is kept."""

    exit_code = ExitCode.DOWNLOAD
    retry = True


class DownloadStopped(DownloadError):
    exit_code = ExitCode.INTERRUPTED

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The download of {name} was stopped.",
            f"What arrived is kept; `papertray models pull {name}` goes on from there.",
        )
