"""The API keeps to its description, whatever it is asked: by schemathesis, in this process."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.types import ASGIApp, Receive, Scope, Send

from posterity.serve.openapi import document

EXAMPLES = 40
SEARCH = "/api/v1/search"
VALID, OTHERWISE = (
    schemathesis.GenerationMode.POSITIVE,
    schemathesis.GenerationMode.NEGATIVE,
)
CASES = [
    (path, mode)
    for path, what in document()["paths"].items()
    for mode in (VALID, OTHERWISE)
    if mode is VALID or what["get"]["parameters"]
]


def lasting(app: ASGIApp) -> ASGIApp:
    """An application that outlives the one request of a test's client."""

    async def lives(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for stage in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{stage}.complete"})

    return lives


@pytest.fixture(scope="module")
def described(client: Any) -> Any:
    """The description as the server gives it."""
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", lasting(client.app))


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # of schemathesis's own client
@pytest.mark.parametrize(("path", "mode"), CASES)
def test_the_description_is_kept(
    described: Any, path: str, mode: schemathesis.GenerationMode
) -> None:
    """Every answer has a status, a type and a form that stand in the description.

    A query may be refused though it is a text: no schema knows the language of queries.
    """
    cases = described[path]["GET"].as_strategy(generation_mode=mode)
    excluded = [positive_data_acceptance] if path == SEARCH else []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def asked(data: st.DataObject) -> None:
        case = data.draw(cases)
        answer = case.call_and_validate(excluded_checks=excluded)

        assert answer.status_code < 500

    asked()
