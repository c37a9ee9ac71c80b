"""What a hub, the network or the disk answered, as sentences. Only `engine.models.download` imports this."""

from typing import Any

import httpx2
from huggingface_hub import constants
from huggingface_hub.errors import HfHubHTTPError, HFValidationError

from papertray.engine.models.download_problems import (
    Explanation,
    Explanations,
    Order,
    explain_by,
    explain_cut,
    explain_damage,
    explain_disk,
    explain_rest,
    name_missing,
)
from papertray.engine.models.manifest import WrongBytes

FILES_IN_WORDS = (
    "the .safetensors and .json files, merges.txt or vocab.txt where there is one, and the licence"
)


def explain_fault(fault: Exception, order: Order) -> Explanation:
    return explain_by(_EXPLANATIONS, fault, order)


def _answer(fault: Any, order: Order) -> Explanation:
    code = fault.response.status_code
    revision = order["revision"] or "main"
    sentence, advice = _STATUS.get(code, _BUSY if code >= 500 else _ODD)
    names = {"hub": order["endpoint"], "model": order["hub_id"], "revision": revision, "code": code}
    return sentence.format(**names), advice.format(**names) or explain_rest(order)


_REFUSED = (
    "{hub} does not give {model} to just anyone (answer {code}).",
    "Set HF_TOKEN to an access token of an account that may have it, or use another hub through HF_ENDPOINT.",
)
_BUSY = ("{hub} is out of order just now (answer {code}).", "")
_ODD = ("{hub} answered {code} to a question about {model}.", "Check HF_ENDPOINT, if it is set.")
_STATUS = {
    401: _REFUSED,
    403: _REFUSED,
    404: (
        "{hub} has no {model} at revision {revision}.",
        "If HF_ENDPOINT names a mirror, it may lack this model: try without.",
    ),
    429: ("{hub} asks for a pause: too many downloads from here (answer 429).", ""),
}


def _unreachable(_fault: Any, order: Order) -> Explanation:
    which = ", ".join(name_missing(order)) if "files" in order else FILES_IN_WORDS
    page = f"{order['endpoint']}/{order['hub_id']}/tree/{order['revision'] or 'main'}"
    return (
        f"{order['endpoint']} cannot be reached from here.",
        "Check the network, or name a mirror in HF_ENDPOINT. To go without: on a machine with a network get"
        f" {which} from {page}, copy them into a folder here, and run"
        f" `papertray models add {order['name']} FOLDER`.",
    )


def _slow(_fault: Any, order: Order) -> Explanation:
    limit = constants.HF_HUB_DOWNLOAD_TIMEOUT
    return (
        f"{order['endpoint']} did not answer within {limit} seconds.",
        f"{explain_rest(order)} HF_HUB_DOWNLOAD_TIMEOUT sets how long to wait.",
    )


def _address(_fault: Any, order: Order) -> Explanation:
    return (f"{order['endpoint']} is not the address of a hub.", "HF_ENDPOINT must begin with https://.")


def _not_a_hub(_fault: Any, order: Order) -> Explanation:
    return (
        f"{order['endpoint']} does not answer like a model hub.",
        "Check HF_ENDPOINT, if it is set, and whether this network asks for a login first.",
    )


_EXPLANATIONS: Explanations = (
    (WrongBytes, explain_damage),
    (HfHubHTTPError, _answer),
    (httpx2.TimeoutException, _slow),
    ((httpx2.UnsupportedProtocol, httpx2.InvalidURL, HFValidationError), _address),
    ((httpx2.ConnectError, httpx2.ProxyError), _unreachable),
    ((httpx2.NetworkError, httpx2.RemoteProtocolError), explain_cut),
    (OSError, explain_disk),
    ((ValueError, KeyError, AttributeError, TypeError), _not_a_hub),
)
