"""The models: which there are, which are here, fetching and removing them. In OpenAI's shape and more."""

from typing import Any

from fastapi import APIRouter

from papertray.daemon.api.answers import JsonAnswer
from papertray.daemon.api.state import ApiState
from papertray.daemon.api.values import Done, Model, Models, Name
from papertray.engine.models.catalog import CATALOG, CatalogEntry, find_entry


def routes(office: ApiState) -> APIRouter:
    api = APIRouter(prefix="/v1/models", tags=["models"])

    @api.get("", response_model=Models)
    def models() -> JsonAnswer:
        chosen = office.settings().engine.model
        return JsonAnswer({"object": "list", "data": _all(office, chosen), "chosen": chosen})

    @api.get("/{name}", response_model=Model)
    def model(name: Name) -> JsonAnswer:
        asked = find_entry(name).name
        return JsonAnswer(
            next(one for one in _all(office, office.settings().engine.model) if one["id"] == asked)
        )

    @api.post("/{name}/pull", response_model=Done, status_code=202)
    def pull(name: Name) -> JsonAnswer:
        """Begin to fetch it, or go on; who asks agrees to its licence. The status tells how far it is."""
        office.downloads.begin(name)
        return JsonAnswer({"ok": True}, 202)

    @api.post("/{name}/cancel", response_model=Done)
    def cancel(name: Name) -> JsonAnswer:
        """Stop fetching it; what arrived is kept. `ok` says whether it was on its way."""
        return JsonAnswer({"ok": office.downloads.cancel(name)})

    @api.delete("/{name}", response_model=Done)
    def remove(name: Name) -> JsonAnswer:
        """Delete its files, half-fetched ones too. `ok` says whether there were any."""
        return JsonAnswer({"ok": office.weights.remove(name) > 0})

    return api


def _all(office: ApiState, chosen: str) -> list[dict[str, Any]]:
    on_their_way = {download.model: download.done for download in office.downloads.now()}
    status = office.board.now[1]
    in_use = status.reader if status.loaded else ""

    def told(row: CatalogEntry) -> dict[str, Any]:
        here = office.weights.presence(row)
        return {
            "id": row.name,
            "object": "model",
            "created": 0,
            "owned_by": "papertray",
            "title": row.title,
            "licence": row.licence,
            "size": row.size,
            "installed": here == "yes",
            "here": here,
            "chosen": row.name == chosen,
            "in_use": row.name == in_use,
            "done": on_their_way.get(row.name),
        }

    return [told(row) for row in CATALOG]
