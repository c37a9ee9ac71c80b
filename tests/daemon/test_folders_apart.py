"""Folders that are read each in its own way, by a whole daemon."""

from dataclasses import dataclass, field
from pathlib import Path

from papertray.daemon.cli.status_text import describe_status
from papertray.daemon.settings import EngineSettings
from papertray.engine.pages import Reader, ReaderIdentity
from tests.desks import draw, draw_pages, running, settings_for, until
from tests.fakes import InstantReader


class Named(InstantReader):
    def __init__(self, name: str, seen: list[tuple[str, float | None]]) -> None:
        super().__init__(before=lambda page: seen.append((name, page.dots_per_inch)))
        self.identity = ReaderIdentity(name, "1", "cpu")


@dataclass
class NamedReaders:
    """One for each model, which remembers the dots per inch of what it was given."""

    seen: list[tuple[str, float | None]] = field(default_factory=list)

    def open(self, engine: EngineSettings, *_: object) -> Reader:
        return Named(engine.model, self.seen)

    def fallback(self, engine: EngineSettings) -> Reader:
        raise NotImplementedError

    def is_back(self, engine: EngineSettings) -> bool:
        raise NotImplementedError

    def stock(self) -> tuple[str, ...]:
        return ()


def test_each_folder_is_read_as_it_wants_and_one_in_its_hours_waits(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    letters, nights = inbox / "letters", inbox / "nights"
    for folder in (letters, nights):
        folder.mkdir(parents=True)
    folders = [
        {"path": str(inbox), "settle": 0.1, "dots_per_inch": 100},
        {"path": str(letters), "settle": 0.1, "model": "dots-ocr"},
        {"path": str(nights), "settle": 0.1, "pause": "00:00-24:00", "dots_per_inch": 72},
    ]
    readers = NamedReaders()
    with running(inbox, readers, folders=folders, engine={"model": "quick"}) as desk:
        draw_pages(inbox / "one.pdf", "one", 1)
        draw_pages(letters / "two.pdf", "two", 1)
        draw(nights / "three.png", "three")
        until(lambda: [*desk.states().values()].count("done") == 2, "two notes")
        until(lambda: "queued" in desk.states().values(), "the one that waits")
        assert sorted(readers.seen) == [("dots-ocr", 100.0), ("quick", 100.0)]
        by_name = {each.path.name: each for each in desk.client.documents()}
        assert (by_name["one.pdf"].reader, by_name["two.pdf"].reader) == ("quick", "dots-ocr")
        until(lambda: desk.client.status().activity == "paused", "the pause in the status")
        said = "\n".join(describe_status(desk.client.status()))
        assert "papertray is paused until " in said
        assert f"{letters} (watched, native; read by dots-ocr)" in said
        assert f"{nights} (watched, native; waits until " in said
        folders[2]["pause"] = ""
        desk.settings = settings_for(inbox, folders=folders, engine={"model": "quick"})
        desk.client.reload()
        assert desk.ends("three.png")["three.png"] == "done"
