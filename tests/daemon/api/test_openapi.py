"""The API's description: kept in the repository, true, and without a request that it cannot answer."""

import json
import os
import socket
import warnings
from pathlib import Path

import pytest

from tests.daemon.api.conftest import Served, served

KEPT = Path(__file__).parents[3] / "docs" / "openapi.json"
RENEW = "RENEW_OPENAPI=1 .venv/bin/pytest tests/daemon/api/test_openapi.py"
EXAMPLES = 6
_CHANGES_THE_MACHINE = {  # what would watch any folder, or open any program
    ("POST", "/v1/folders"),
    ("POST", "/v1/documents/{number}/open"),
    ("GET", "/v1/events"),  # never ends
}


def test_the_description_that_is_kept_is_the_one_that_is_served(api: Served) -> None:
    serves = api.ask("GET", "/v1/openapi.json").json()
    if os.environ.get("RENEW_OPENAPI"):
        KEPT.write_text(json.dumps(serves, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert serves == kept, f"The API has changed. To keep what it is now: {RENEW}"


def test_no_request_that_fits_the_description_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{nobody.getsockname()[1]}")
    with served(tmp_path / "inbox") as api, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of the library that asks
        faults, asked = _ask_everything(api)
    assert not faults
    assert asked > 100


def _ask_everything(api: Served) -> tuple[list[str], int]:
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings

    schema = schemathesis.openapi.from_dict(api.ask("GET", "/v1/openapi.json").json())
    faults: list[str] = []
    asked = 0

    def ask(case: schemathesis.Case) -> None:
        nonlocal asked
        api.ask("POST", "/v1/resume")  # else an upload would be turned away
        answer = case.call(base_url=api.url, headers={"Authorization": f"Bearer {api.token}"}, timeout=300)
        asked += 1
        if answer.status_code >= 500 and answer.status_code not in (502, 503):
            faults.append(f"{case.method} {case.formatted_path}: {answer.status_code} {answer.text[:200]}")

    for found in schema.get_all_operations():
        operation = found.ok()
        if (operation.method.upper(), operation.path) in _CHANGES_THE_MACHINE:
            continue
        limits = settings(
            max_examples=EXAMPLES,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        limits(given(case=operation.as_strategy())(ask))()
    return faults, asked
