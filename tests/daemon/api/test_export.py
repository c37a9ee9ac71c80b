"""A document in other forms over HTTP."""

import io
import shutil
import zipfile
from pathlib import Path

from tests.daemon.api.conftest import Served
from tests.desks import draw, until


def test_a_document_is_fetched_in_the_form_that_is_asked_for(api: Served, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    draw(inbox / "Rechnung März.png", "Toner")
    until(lambda: (inbox / "Rechnung März.md").exists(), "the note")
    until(lambda: api.ask("GET", "/v1/documents/1").json()["state"] == "done", "the end")

    forms = api.ask("GET", "/v1/formats").json()["formats"]
    assert {"name": "pdf", "title": "Searchable PDF"} in forms
    pdf = api.ask("GET", "/v1/documents/1/export?as=pdf")
    assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf")
    assert pdf.content.startswith(b"%PDF-1.7")
    assert (
        "attachment; filename*=UTF-8''Rechnung%20M%C3%A4rz.searchable.pdf"
        in pdf.headers["content-disposition"]
    )
    assert "papertray-remark" not in pdf.headers
    both = api.ask("GET", "/v1/documents/1/export?as=txt,json")
    with zipfile.ZipFile(io.BytesIO(both.content)) as archive:
        assert archive.namelist() == ["Rechnung März.txt", "Rechnung März.json"]

    (inbox / "more").mkdir()
    shutil.copy(inbox / "Rechnung März.png", inbox / "more")
    until(lambda: api.ask("GET", "/v1/documents/2").json().get("state") == "done", "the second one")
    several = api.ask("POST", "/v1/documents/export", json={"documents": [1, 2, 9, 1], "as": "txt"})
    assert (several.status_code, several.headers["papertray-left-out"]) == (200, "1")
    with zipfile.ZipFile(io.BytesIO(several.content)) as archive:
        assert archive.namelist() == ["Rechnung März.txt", "Rechnung März.2.txt"]
    nothing = api.ask("POST", "/v1/documents/export", json={"documents": [1], "as": "csv"})
    assert nothing.status_code == 404

    assert api.ask("GET", "/v1/documents/1/export?as=epub").status_code == 422
    assert api.ask("GET", "/v1/documents/1/export?as=csv").status_code == 404
    assert api.ask("GET", "/v1/documents/7/export?as=txt").status_code == 404
    assert api.ask("POST", "/v1/documents/1/forget").status_code == 200
    assert api.ask("GET", "/v1/documents/1/export?as=txt").status_code == 409
