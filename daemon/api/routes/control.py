"""What a person asks of the daemon: pause, go on, read again what failed, take over settings."""

import time

from fastapi import APIRouter

from papertray.daemon.api.state import ApiState
from papertray.daemon.api.values import Choice, Pause
from papertray.daemon.settings.choosing import choose
from papertray.daemon.wire import Count, Done


def routes(state: ApiState) -> APIRouter:
    api = APIRouter(prefix="/v1", tags=["control"])
    requests = state.journal.requests

    @api.post("/pause")
    def pause(how: Pause | None = None) -> Done:
        """Read nothing for so many seconds, or until resumed."""
        seconds = how.seconds if how else None
        requests.pause(None if seconds is None else time.time() + seconds)
        return Done()

    @api.post("/resume")
    def resume() -> Done:
        """Go on reading."""
        requests.resume()
        return Done()

    @api.post("/retry-failed")
    def retry_failed() -> Count:
        """Read again every document that failed, in whole or in part."""
        return Count(requests.retry_failed())

    @api.post("/reload")
    def reload() -> Done:
        """Read the settings file again."""
        requests.reload()
        return Done()

    @api.post("/device")
    def device(choice: Choice) -> Done:
        """Choose the device, if it can be used; the settings file says it then. A look takes some seconds."""
        return _save("device", choice)

    @api.post("/model")
    def model(choice: Choice) -> Done:
        """Choose the model, if it is here; the settings file says it then."""
        return _save("model", choice)

    def _save(what: str, choice: Choice) -> Done:
        choose(state.places, what, choice.name)
        requests.reload()
        return Done()

    return api
