"""No request has a body here, so one that announces a body is refused, and its connection ended.

What is in it is then never read: neither as a body nor, by a server or a proxy that counts
otherwise, as another request (RFC 9112 §6.3, §11.2: request smuggling).
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from posterity.serve.notices import METHODS, error, not_allowed


class Bodiless:
    """Refuses requests with Transfer-Encoding, or a Content-Length that is not 0."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        if scope["type"] != "http" or not _has_body(scope):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if request.method in METHODS:
            answer = error(request, 400, "a request to read has no content")
        else:
            answer = await not_allowed(request, ValueError())
        answer.headers["Connection"] = "close"
        await answer(scope, receive, send)


def _has_body(scope: Scope) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in scope["headers"]
    )
