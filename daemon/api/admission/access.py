"""Who is let in: what a request is for, where it comes from, who sends it. Pure."""

from dataclasses import dataclass

from papertray.daemon.api.admission.sessions import Sessions

OPEN = frozenset({"/healthz", "/login", "/"})
"""What anybody on this machine may see: that papertray runs, and how to get in."""

FROM_OWNER = "from_owner"
"""In a request's state: it came through the socket that only the owner of this home can reach."""

ENDLESS = frozenset({"/v1/events"})
_SAFE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class IncomingRequest:
    """What the gate looks at of a request. A header that is missing is empty."""

    method: str
    path: str
    host: str
    origin: str
    fetch_site: str
    authorization: str
    cookie: str
    from_owner: bool = False


@dataclass(frozen=True, slots=True)
class RequestRefusal:
    status: int
    sentence: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class AccessRules:
    """`hosts` are the names this server goes by, with the port."""

    hosts: frozenset[str]
    sessions: Sessions
    cookie: str


def check_request(request: IncomingRequest, access: AccessRules) -> RequestRefusal | None:
    """Why this request is turned away, or None."""
    if not request.from_owner and request.host.lower() not in access.hosts:
        return RequestRefusal(421, "This server does not go by that name.", "Use 127.0.0.1 or localhost.")
    ours = {f"http://{host}" for host in access.hosts}
    if request.origin and request.origin.lower() not in ours:
        return RequestRefusal(403, "Another page may not speak to papertray.")
    if request.path in OPEN:
        return None
    if request.method == "HEAD" and request.path in ENDLESS:
        return RequestRefusal(405, "A stream that never ends has no head to be asked for.", "Ask with GET.")
    token = bearer_token(request.authorization)
    if request.from_owner or (token is not None and access.sessions.knows(token)):
        return None
    if not access.sessions.holds(request.cookie):
        return RequestRefusal(
            401,
            "papertray does not know who asks.",
            "Send the token as `Authorization: Bearer TOKEN`, or open the page with `papertray open`.",
        )
    from_our_page = bool(request.origin) or request.fetch_site == "same-origin"
    if request.method not in _SAFE and not from_our_page:
        return RequestRefusal(403, "Only papertray's own page may do this with a cookie.")
    return None


def bearer_token(authorization: str) -> str | None:
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
