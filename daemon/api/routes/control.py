"""What a person asks of the daemon: pause, go on, read again what failed, take over settings."""

import time

from fastapi import APIRouter

from papertray.daemon.api.answers import Json
from papertray.daemon.api.office import Office
from papertray.daemon.api.values import Choice, Count, Done, Pause
from papertray.daemon.settings.steering import choose


def routes(office: Office) -> APIRouter:
    api = APIRouter(prefix="/v1", tags=["control"])
    wishes = office.journal.wishes

    @api.post("/pause", response_model=Done)
    def pause(how: Pause | None = None) -> Json:
        """Read nothing for so many seconds, or until resumed."""
        seconds = how.seconds if how else None
        wishes.pause(None if seconds is None else time.time() + seconds)
        return Json({"ok": True})

    @api.post("/resume", response_model=Done)
    def resume() -> Json:
        wishes.resume()
        return Json({"ok": True})

    @api.post("/retry-failed", response_model=Count)
    def retry_failed() -> Json:
        """Read again every document that failed, in whole or in part."""
        return Json({"queued": wishes.retry_failed()})

    @api.post("/reload", response_model=Done)
    def reload() -> Json:
        """Read the settings file again."""
        wishes.reload()
        return Json({"ok": True})

    @api.post("/device", response_model=Done)
    def device(choice: Choice) -> Json:
        """Choose the device; the settings file says it then."""
        return _chosen("device", choice.name)

    @api.post("/model", response_model=Done)
    def model(choice: Choice) -> Json:
        """Choose the model; the settings file says it then."""
        return _chosen("model", choice.name)

    def _chosen(what: str, name: str) -> Json:
        choose(office.places, what, name)
        wishes.reload()
        return Json({"ok": True})

    return api
