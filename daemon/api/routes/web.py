"""The page: its files for whoever is logged in, and the way in for whoever brings a code."""

import mimetypes
import re
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from fastapi.staticfiles import StaticFiles

from papertray.daemon.api.admission.access import AccessRules
from papertray.daemon.api.admission.sessions import CODE_SECONDS, SESSION_SECONDS
from papertray.daemon.api.page import page_catalogue, render_page, translate_page
from papertray.daemon.api.values import Name
from papertray.daemon.client.login_page import remove_login_page
from papertray.daemon.places import Places
from papertray.daemon.wire import LoginCode
from papertray.engine.language import Catalogue, translatable

FILES = Path(__file__).parents[2] / "web"
_KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>papertray</title>
<h1>papertray</h1>
<p>{sentence}</p>
<p>{way_in}</p>
</html>
"""
_WAY_IN = translatable("Open this page with `papertray open`, or from the tray's menu.")
_CODE = re.compile("`(.+?)`")
_LOGGED_IN = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=/">
<link rel="icon" href="data:,"><title>papertray</title>
</html>
"""
"""No redirection: that would count as begun by the file that led here, and the strict cookie not be sent."""


def routes(access: AccessRules, url: str, places: Places) -> APIRouter:
    api = APIRouter()

    def words(request: Request) -> Catalogue:
        return page_catalogue(places, request.headers.get("accept-language", ""))

    def refused(request: Request, sentence: str, status: int) -> Response:
        said = words(request)
        way_in = _CODE.sub(r"<code>\1</code>", said.translate(_WAY_IN))
        page = _PAGE.format(sentence=said.translate(sentence), way_in=way_in)
        return HTMLResponse(translate_page(page, said), status)

    @api.post("/v1/login-code", tags=["page"])
    def login_code() -> LoginCode:
        """A code that opens the page in a browser: good once, for a minute."""
        code = access.sessions.code()
        return LoginCode(code, f"{url}/login?code={code}", CODE_SECONDS)

    @api.get("/login", include_in_schema=False)
    def login(request: Request, code: Annotated[Name, Query()] = "") -> Response:
        cookie = access.sessions.begin(code)
        remove_login_page(places, code)
        if cookie is None:
            return refused(request, translatable("This link was used already, or is too old."), 403)
        answer = HTMLResponse(_LOGGED_IN)
        answer.set_cookie(
            access.cookie, cookie, max_age=int(SESSION_SECONDS), httponly=True, samesite="strict", path="/"
        )
        return answer

    @api.get("/", include_in_schema=False)
    def page(request: Request) -> Response:
        if not access.sessions.holds(request.cookies.get(access.cookie, "")):
            return refused(request, translatable("It runs."), 401)
        return HTMLResponse(render_page(FILES / "index.html", words(request)))

    @api.get("/docs", include_in_schema=False)
    def described() -> Response:
        """What can be asked, for people; it needs nothing from elsewhere."""
        return FileResponse(FILES / "docs.html")

    return api


def static_files() -> StaticFiles:
    for suffix, kind in _KINDS.items():  # what Windows' registry says of them may be anything
        mimetypes.add_type(kind, suffix)
    return StaticFiles(directory=FILES)
