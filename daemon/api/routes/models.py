"""The models: which there are, which are here, fetching and removing them. In OpenAI's shape and more."""

from fastapi import APIRouter

from papertray.daemon.api.state import ApiState
from papertray.daemon.api.values import Name
from papertray.daemon.choices import ModelChoice, ModelChoices
from papertray.daemon.wire import Done
from papertray.engine.models.catalog import CATALOG, CatalogEntry
from papertray.engine.models.gguf import find_download
from papertray.engine.models.recognisers import RECOGNISERS


def routes(state: ApiState) -> APIRouter:
    api = APIRouter(prefix="/v1/models", tags=["models"])

    @api.get("")
    def models() -> ModelChoices:
        """Every model that papertray knows, best first, and which is chosen; also the recognisers."""
        chosen = state.settings().engine.model
        return ModelChoices(
            data=tuple(_choice(state, entry, chosen) for entry in CATALOG),
            recognisers=tuple(_choice(state, one.entry, chosen) for one in RECOGNISERS),
            chosen=chosen,
            install=state.downloads.install_line(),
        )

    @api.get("/{name}")
    def model(name: Name) -> ModelChoice:
        """One model, or recogniser: what it is good at, its licence and size, and whether it is here."""
        return _choice(state, find_download(name), state.settings().engine.model)

    @api.post("/{name}/pull", status_code=202)
    def pull(name: Name, install: bool = False) -> Done:
        """Begin to fetch it, or go on; who asks agrees to its licence. The status tells how far it is.

        With `install` the libraries that are missing are installed first, into papertray's own environment.
        """
        (state.downloads.begin_with_libraries if install else state.downloads.begin)(name)
        return Done()

    @api.post("/{name}/cancel")
    def cancel(name: Name) -> Done:
        """Stop fetching it; what arrived is kept. `ok` says whether it was on its way."""
        return Done(state.downloads.cancel(name))

    @api.delete("/{name}")
    def remove(name: Name) -> Done:
        """Delete its files, half-fetched ones too. `ok` says whether there were any."""
        return Done(state.weights.remove(name) > 0)

    return api


def _choice(state: ApiState, entry: CatalogEntry, chosen: str) -> ModelChoice:
    fetched = {download.model: download for download in state.downloads.now()}.get(entry.name)
    trouble = state.downloads.trouble(entry.name)
    here, status = state.weights.presence(entry), state.board.now[1]
    return ModelChoice(
        id=entry.name,
        title=entry.title,
        licence=entry.licence,
        size=entry.size,
        installed=here == "yes",
        here=here,
        chosen=entry.name == chosen,
        in_use=status.loaded and status.reader == entry.name,
        done=fetched.done if fetched else None,
        installing=fetched.installing if fetched else "",
        problem=trouble.sentence if trouble else "",
        advice=trouble.advice if trouble else "",
        languages=entry.languages,
        good_at=entry.good_at,
        score=entry.score,
        score_source=entry.score_source,
        pages_a_minute=entry.pages_a_minute,
    )
