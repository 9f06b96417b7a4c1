"""What was asked, a line each, on standard error."""

from __future__ import annotations

import sys
import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST: Final = 500
"""Characters of a request's line that are written."""


class AccessLog:
    """A line on standard error for every request, with nothing in it a reader could inject."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and take the time."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        seen = {"status": 0, "octets": 0}

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
            elif message["type"] == "http.response.body":
                seen["octets"] += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            took = (time.perf_counter() - start) * 1000
            client = (scope.get("client") or ("-",))[0]
            path = scope.get("raw_path", b"").decode("latin-1")
            query = scope.get("query_string", b"").decode("latin-1")
            line = f"{client} {scope['method']} {path}{'?' if query else ''}{query}"
            plain = line.encode("unicode_escape").decode("ascii")[:MOST]
            sys.stderr.write(f"{plain} {seen['status']} {seen['octets']} {took:.1f}ms\n")
