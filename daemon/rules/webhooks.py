"""Call the webhook of a rule: facts as JSON, signed where a key is named. No redirect is followed.

The address may hold a secret: only its host is told.
"""

import asyncio
import hashlib
import hmac
import json
import threading
from collections.abc import Mapping

import httpx

from papertray.daemon.rules.facts import RuleFacts
from papertray.daemon.rules.outcomes import ErrandInterrupted, ErrandOutcome
from papertray.daemon.settings import RuleSettings
from papertray.engine.server_address import ServerAddress

DELIVERY, SIGNATURE = "Papertray-Delivery", "Papertray-Signature"
_SECONDS = 30.0  # for all of one call
_LOOK = 0.1  # between two looks at whether to stop
_WORTH_ANOTHER_TRY = frozenset({408, 425, 429})


def call_webhook(
    rule: RuleSettings,
    facts: RuleFacts,
    delivery: int,
    environment: Mapping[str, str],
    stop: threading.Event,
) -> ErrandOutcome:
    """`delivery` is the same at each try. Raises ErrandInterrupted when `stop` is set meanwhile."""
    assert rule.webhook
    key = environment.get(rule.webhook_key_env, "")
    if rule.webhook_key_env and not key:
        missing = f"The variable {rule.webhook_key_env}, which is to hold the webhook's key, is not set."
        return ErrandOutcome(missing, again=True)
    body = json.dumps({"delivery": delivery, **facts.values}).encode()
    head = {"Content-Type": "application/json", "User-Agent": "papertray", DELIVERY: str(delivery)}
    if key:
        head[SIGNATURE] = "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    address = ServerAddress(rule.webhook, "")
    try:
        status = asyncio.run(_post(address, body, head, stop))
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as problem:
        return ErrandOutcome(f"{address.place} cannot be reached ({type(problem).__name__}).", again=True)
    return _judge(address.place, status)


def _judge(host: str, status: int) -> ErrandOutcome:
    if httpx.codes.is_success(status):
        return ErrandOutcome(f"{host} took it ({status}).", worked=True)
    again = status in _WORTH_ANOTHER_TRY or httpx.codes.is_server_error(status)
    return ErrandOutcome(f"{host} did not take it ({status}).", again=again)


async def _post(address: ServerAddress, body: bytes, head: Mapping[str, str], stop: threading.Event) -> int:
    """The status of the answer, of which nothing else is read."""
    call = asyncio.create_task(_exchange(address, body, head))
    while not call.done():
        await asyncio.wait({call}, timeout=_LOOK)
        if stop.is_set() and not call.done():
            call.cancel()
            raise ErrandInterrupted
    return call.result()


async def _exchange(address: ServerAddress, body: bytes, head: Mapping[str, str]) -> int:
    """What goes to this machine goes through no proxy."""
    async with (
        asyncio.timeout(_SECONDS),
        httpx.AsyncClient(timeout=_SECONDS, trust_env=not address.is_local) as client,
        client.stream("POST", address.url, content=body, headers=head) as response,
    ):
        return response.status_code
