"""Following a daemon that comes, changes, goes and comes back."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from papertray.daemon.choices import DeviceChoices, ModelChoices
from papertray.daemon.errors import DaemonNotRunning
from papertray.daemon.records import DocumentRecord
from papertray.daemon.status import Activity, DocumentState, Status
from papertray.tray.follow import WAITS, follow_daemon
from papertray.tray.view import TrayView
from tests.tray.views import device, document, model, status

CPU = device("cpu", "cpu in float32")
QUICK = model("quick", "The quick reader", installed=True)


@dataclass
class Scripted:
    """A daemon for each connection: its statuses, or an error instead."""

    lives: list[list[Status] | Exception]
    asked: list[str] = field(default_factory=list)

    def events(self) -> Iterator[Status]:
        life = self.lives.pop(0) if self.lives else DaemonNotRunning()
        if isinstance(life, Exception):
            raise life
        try:
            yield from life
        finally:
            self.asked.append("close")

    def documents(self, states: tuple[DocumentState, ...] = (), limit: int = 50) -> list[DocumentRecord]:
        self.asked.append("documents")
        return [document(1, state=states[0])]

    def devices(self) -> DeviceChoices:
        self.asked.append("devices")
        return DeviceChoices(chosen="cpu", in_use="", devices=(CPU,))

    def models(self) -> ModelChoices:
        return ModelChoices(data=(QUICK,), chosen="auto")


def followed(daemon: Scripted, waits: int) -> tuple[list[TrayView], list[float]]:
    """All views and waits, until so many waits were made."""
    views: list[TrayView] = []
    waited: list[float] = []

    def wait(seconds: float) -> bool:
        waited.append(seconds)
        return len(waited) == waits

    follow_daemon(daemon, views.append, lambda: True, wait)
    return views, waited


def test_the_first_status_is_shown_before_anything_is_asked() -> None:
    views, _ = followed(Scripted([[status()]]), 1)
    assert views[0] == TrayView(status())
    assert views[1] == TrayView(
        status(),
        devices=(CPU,),
        device="cpu",
        models=(QUICK,),
        recent=(document(1, state=DocumentState.DONE),),
        failed=(document(1, state=DocumentState.FAILED),),
        at_login=True,
    )


def test_lists_are_asked_for_again_only_when_they_may_have_changed() -> None:
    first, later = status(counts={"done": 1}), status(counts={"done": 2})
    other = replace(later, device="cuda")
    daemon = Scripted(
        [[first, replace(first, at=1.0), replace(first, activity=Activity.WORKING), later, other]]
    )
    followed(daemon, 1)
    assert daemon.asked.count("devices") == 2
    assert daemon.asked.count("documents") == 2 * 2


def test_a_daemon_that_ends_is_shown_as_gone_and_what_was_known_stays() -> None:
    views, _ = followed(Scripted([[status()]]), 1)
    assert views[-1].status is None
    assert views[-1].recent == views[-2].recent


def test_it_looks_for_ever_ever_more_rarely_and_begins_anew_after_it_found_one() -> None:
    lost: list[list[Status] | Exception] = [DaemonNotRunning()] * 8
    views, waited = followed(Scripted([*lost, [status()], *lost]), 12)
    assert waited == [*WAITS, WAITS[-1], WAITS[-1], *WAITS[:4]]
    assert [view.status for view in views if view.status] == [status(), status()]


def test_the_stream_of_events_is_closed_when_a_question_fails_halfway() -> None:
    class Silent(Scripted):
        def devices(self) -> DeviceChoices:
            raise DaemonNotRunning

    daemon = Silent([[status(), status()], [status()]])
    followed(daemon, 2)
    assert daemon.asked.count("close") == 2
