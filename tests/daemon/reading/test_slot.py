"""The one reader that is loaded, and what is said where another was chosen."""

from papertray.daemon.reading.slot import ReaderSlot
from papertray.daemon.settings import EngineSettings
from papertray.engine.errors import WeightsError
from papertray.engine.pages import LoadProgress, Reader
from tests.fakes import InstantReader


class LateModel:
    """A model that is chosen before it is here."""

    here: tuple[str, ...] = ()

    def open(self, engine: EngineSettings, progress: LoadProgress) -> Reader:
        if not self.here:
            raise WeightsError("It is chosen, but not here.")
        return InstantReader()

    def fallback(self, _engine: EngineSettings) -> Reader:
        return InstantReader()

    def stock(self) -> tuple[str, ...]:
        return self.here


def test_the_alarm_of_a_model_that_was_not_here_ends_when_it_came_before_any_page() -> None:
    source = LateModel()
    slot = ReaderSlot(source, lambda: 0.0)
    slot.get(EngineSettings(model="dots-ocr"))
    slot.forget_old_trouble()
    assert slot.now.trouble is not None
    source.here = ("dots-ocr",)
    slot.forget_old_trouble()
    assert slot.now.trouble is None
    slot.get(EngineSettings(model="dots-ocr"))
    assert slot.now.trouble is None


class SlowModel(LateModel):
    """One that says how far it is."""

    slot: ReaderSlot
    progress: LoadProgress

    def __init__(self) -> None:
        self.shares: list[float | None] = []

    def open(self, engine: EngineSettings, progress: LoadProgress) -> Reader:
        for share in (0.0, 0.43, 1.0):
            progress(share)
            self.shares.append(self.slot.now.share)
        self.progress = progress
        return InstantReader()


def test_how_far_a_model_is_loaded_is_said_until_it_is() -> None:
    source = SlowModel()
    source.slot = slot = ReaderSlot(source, lambda: 0.0)
    slot.get(EngineSettings(model="dots-ocr"))
    assert source.shares == [0.0, 0.43, 1.0]
    source.progress(0.5)  # it loads itself again, for want of memory
    assert slot.now.share is None
