"""What a person asks of the daemon: pause, go on, read again what failed, take over settings."""

import time

from fastapi import APIRouter

from papertray.daemon.api.answers import JsonAnswer
from papertray.daemon.api.state import ApiState
from papertray.daemon.api.values import Choice, Count, Done, Pause
from papertray.daemon.settings.steering import save_choice


def routes(office: ApiState) -> APIRouter:
    api = APIRouter(prefix="/v1", tags=["control"])
    requests = office.journal.requests

    @api.post("/pause", response_model=Done)
    def pause(how: Pause | None = None) -> JsonAnswer:
        """Read nothing for so many seconds, or until resumed."""
        seconds = how.seconds if how else None
        requests.pause(None if seconds is None else time.time() + seconds)
        return JsonAnswer({"ok": True})

    @api.post("/resume", response_model=Done)
    def resume() -> JsonAnswer:
        requests.resume()
        return JsonAnswer({"ok": True})

    @api.post("/retry-failed", response_model=Count)
    def retry_failed() -> JsonAnswer:
        """Read again every document that failed, in whole or in part."""
        return JsonAnswer({"queued": requests.retry_failed()})

    @api.post("/reload", response_model=Done)
    def reload() -> JsonAnswer:
        """Read the settings file again."""
        requests.reload()
        return JsonAnswer({"ok": True})

    @api.post("/device", response_model=Done)
    def device(choice: Choice) -> JsonAnswer:
        """Choose the device; the settings file says it then."""
        return _chosen("device", choice.name)

    @api.post("/model", response_model=Done)
    def model(choice: Choice) -> JsonAnswer:
        """Choose the model; the settings file says it then."""
        return _chosen("model", choice.name)

    def _chosen(what: str, name: str) -> JsonAnswer:
        save_choice(office.places, what, name)
        requests.reload()
        return JsonAnswer({"ok": True})

    return api
