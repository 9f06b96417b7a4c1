"""The ASGI application: routes, and what all answers have in common."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from posterity.errors import PosterityError
from posterity.serve.accesslog import AccessLog
from posterity.serve.bodiless import Bodiless
from posterity.serve.notices import METHODS, failed, not_allowed
from posterity.serve.server import MakeIndex, Server


def create_app(
    folder: Path, make_index: MakeIndex | None = None, *, log: bool = True
) -> ASGIApp:
    """The application over an archive.

    Args:
        folder: the archive's.
        make_index: writes the static search index below a folder, for its URLs.
        log: whether every request is a line on standard error.
    """
    server = Server(folder, make_index)

    @asynccontextmanager
    async def living(app: Starlette) -> AsyncIterator[None]:
        del app
        try:
            await asyncio.to_thread(server.desks.warm)
            yield
        finally:
            server.close()

    app: ASGIApp = Bodiless(
        Starlette(
            routes=_routes(server),
            exception_handlers={
                PosterityError: failed,
                404: server.unknown,
                405: not_allowed,
            },
            lifespan=living,
        )
    )
    return AccessLog(app) if log else app


def _routes(server: Server) -> list[Route]:
    def route(path: str, answer: Callable[[Request], Awaitable[Response]]) -> Route:
        return Route(path, answer, methods=list(METHODS))

    return [
        route("/search", server.search),
        route("/search.html", server.search),
        route("/search.mbox", server.mbox),
        route("/search.atom", server.feed),
        route("/mid/", server.by_id),
        route("/mid/{id:path}", server.by_id),
        route("/api/v1/", server.api_archive),
        route("/api/v1/search", server.api_search),
        route("/api/v1/messages/{hash}", server.api_message),
        route("/api/v1/threads/{hash}", server.api_thread),
        route("/api/v1/people/{slug:path}", server.api_person),
        route("/api/v1/months", server.api_months),
        route("/api/v1/openapi.json", server.api_document),
        route("/api/{rest:path}", server.api_missing),
        route("/{path:path}", server.page),
    ]
