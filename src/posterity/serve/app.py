"""The ASGI application: routes, and what all answers have in common."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from posterity.errors import PosterityError, QueryError
from posterity.mboxrd import frame
from posterity.render import urls
from posterity.render.feeds import feed
from posterity.render.originals import served
from posterity.serve import api
from posterity.serve.accesslog import AccessLog
from posterity.serve.asking import asked_page, question, understood
from posterity.serve.desk import Desk, Desks
from posterity.serve.openapi import document
from posterity.serve.paths import elsewhere, file_at
from posterity.serve.replies import ASK_AGAIN, ONCE_LEVEL, POLICY, SAFETY, Body, reply, sent
from posterity.store.search import Order, Wish

Answer = TypeVar("Answer")
MakeIndex = Callable[[Path], None]
"""Writes the static search index below a folder."""

FEED_ENTRIES: Final = 50
MBOX_AT_ONCE: Final = 100
"""Messages between two breaths of a streamed mbox."""
LONGEST_PATH: Final = 2_048
_ODD: Final = re.compile(r"[\x00-\x1f\x7f\\]|(?:^|/)\.\.?(?:/|$)|//")
_PIECE: Final = re.compile(r"search/(?:index|[0-9a-f]{12})\.js")


class Server:
    """Answers requests over one archive.

    Args:
        folder: the archive's.
        make_index: writes the static search index; None to go without.
    """

    def __init__(self, folder: Path, make_index: MakeIndex | None) -> None:
        self.desks = Desks(folder)
        self._make_index = make_index
        self._indexing = asyncio.Lock()
        self._indexes: dict[int, tempfile.TemporaryDirectory[str]] = {}

    async def work(self, do: Callable[[Desk], Answer]) -> Answer:
        """Do something at a desk, in a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.desks.pool, lambda: do(self.desks.desk()))

    def close(self) -> None:
        """Let go of everything."""
        self.desks.close()
        for folder in self._indexes.values():
            folder.cleanup()

    # -- pages

    async def page(self, request: Request) -> Response:
        """Any file of the static site."""
        path = request.url.path.removeprefix("/")
        path = request.path_params.get("path", path)
        if len(path) > LONGEST_PATH or _ODD.search(path):
            return await self._missing(request)
        if path == "" or path.endswith("/"):
            path += "index.html"
        if _PIECE.fullmatch(path):
            return await self._piece(request, path)
        body, made = await self.work(lambda desk: self._body(desk, path))
        if body is not None:
            return reply(request, body, made, _status(body))
        target = await self.work(lambda desk: elsewhere(desk, path))
        if target:
            return _moved(request, path, target)
        return await self._missing(request)

    def _body(self, desk: Desk, path: str) -> tuple[Body | None, int]:
        def make() -> Body | None:
            file = file_at(desk, path)
            return Body.of(file.path, file.content) if file else None

        body = self.desks.kept(("page", path), make, lambda one: one.weight if one else 200)
        return body, desk.made

    async def unknown(self, request: Request, error: Exception) -> Response:
        """No route leads there: a path with a line end, say."""
        del error
        return await self._missing(request)

    async def _missing(self, request: Request) -> Response:
        body, made = await self.work(lambda desk: self._body(desk, urls.NOT_FOUND))
        assert body is not None
        return reply(request, body, made, 404)

    async def _piece(self, request: Request, path: str) -> Response:
        """A file of the static search index, which is made when first asked for."""
        made = await self.work(lambda desk: desk.made)
        folder = await self._index(made)
        file = folder / path if folder else None
        if file is None or not file.is_file():
            return await self._missing(request)
        content = await asyncio.to_thread(file.read_bytes)
        return reply(request, Body.of(path, content), made)

    async def _index(self, made: int) -> Path | None:
        if self._make_index is None:
            return None
        async with self._indexing:
            if made not in self._indexes:
                for old in self._indexes.values():
                    old.cleanup()
                self._indexes.clear()
                folder = tempfile.TemporaryDirectory(prefix="posterity-")
                await asyncio.to_thread(self._make_index, Path(folder.name))
                self._indexes[made] = folder
            return Path(self._indexes[made].name)

    # -- search

    async def search(self, request: Request) -> Response:
        """The search page, with an answer where there is a question."""
        if not request.query_params.get("q", "").strip():
            body, made = await self.work(lambda desk: self._body(desk, urls.SEARCH))
            assert body is not None
            return reply(request, body, made)

        def answer(desk: Desk) -> tuple[bytes, int, int]:
            asked = asked_page(desk, request.query_params)
            page = desk.renderer.search(asked)
            return page.content, desk.made, 200 if asked.answer else 400

        content, made, status = await self.work(answer)
        return reply(request, Body.of(urls.SEARCH, content, ONCE_LEVEL), made, status)

    async def mbox(self, request: Request) -> Response:
        """All messages of a query as mboxrd, as they are read."""
        query = request.query_params.get("q", "")
        try:
            keys = await self.work(lambda desk: desk.searcher.keys(understood(query)))
        except QueryError as refusal:
            return _refused(request, refusal)
        headers = {
            **SAFETY,
            "Content-Type": "application/mbox",
            "Content-Disposition": 'attachment; filename="search.mbox"',
            "Content-Security-Policy": POLICY,
            "Cache-Control": ASK_AGAIN,
        }
        if request.method == "HEAD":
            return Response(headers=headers)
        return StreamingResponse(self._mbox(keys), headers=headers)

    async def _mbox(self, keys: tuple[int, ...]) -> AsyncIterator[bytes]:
        for start in range(0, len(keys), MBOX_AT_ONCE):
            some = keys[start : start + MBOX_AT_ONCE]
            yield await self.work(partial(_framed, keys=some))

    async def feed(self, request: Request) -> Response:
        """The newest messages of a query."""
        query = request.query_params.get("q", "")
        wish = Wish(Order.NEWEST, FEED_ENTRIES)

        def answer(desk: Desk) -> tuple[bytes, int]:
            keys = desk.searcher.search(understood(query), wish).keys
            rows = [desk.reader.message(key) for key in keys]
            press = desk.renderer.press
            return feed(
                press, urls.SEARCH_FEED, urls.SEARCH, query, rows
            ).content, desk.made

        try:
            content, made = await self.work(answer)
        except QueryError as refusal:
            return _refused(request, refusal)
        return reply(request, Body.of(urls.SEARCH_FEED, content, ONCE_LEVEL), made)

    async def by_id(self, request: Request) -> Response:
        """A redirect to the message that bears a Message-ID."""
        name = request.path_params.get("id") or request.query_params.get("id", "")
        name = name.strip().removeprefix("<").removesuffix(">")
        holders = await self.work(lambda desk: desk.reader.holders(name) if name else [])
        shown = [row for row in holders if not row.withdrawn]
        if not shown:
            return await self._missing(request)
        return _moved(
            request, request.url.path.removeprefix("/"), urls.message(shown[0]), 302
        )

    # -- the API

    async def _value(self, request: Request, make: Callable[[Desk], Any]) -> Response:
        try:
            value, made = await self.work(lambda desk: (make(desk), desk.made))
        except QueryError as refusal:
            return _refused(request, refusal)
        if value is None:
            return _error(request, 404, "there is nothing of that name", 0)
        body = Body.of("answer.json", _json(value), ONCE_LEVEL)
        answer = reply(request, body, made)
        answer.headers.update(_OPEN)
        return answer

    async def api_archive(self, request: Request) -> Response:
        """What the archive is."""
        return await self._value(request, api.archive_value)

    async def api_search(self, request: Request) -> Response:
        """Find messages."""

        def make(desk: Desk) -> dict[str, Any]:
            return api.search_value(desk, question(request.query_params))

        return await self._value(request, make)

    async def api_message(self, request: Request) -> Response:
        """One message."""
        digest = request.path_params["hash"]
        return await self._value(request, lambda desk: api.message_value(desk, digest))

    async def api_thread(self, request: Request) -> Response:
        """One thread."""
        digest = request.path_params["hash"]
        return await self._value(request, lambda desk: api.thread_value(desk, digest))

    async def api_person(self, request: Request) -> Response:
        """One person."""
        slug = request.path_params["slug"]
        return await self._value(request, lambda desk: api.person_value(desk, slug))

    async def api_months(self, request: Request) -> Response:
        """The months."""
        return await self._value(request, api.months_value)

    async def api_document(self, request: Request) -> Response:
        """What the API is."""
        return await self._value(request, lambda _: document())

    async def api_missing(self, request: Request) -> Response:
        """There is no such thing."""
        return _error(request, 404, "there is nothing of that name", 0)


def _framed(desk: Desk, *, keys: tuple[int, ...]) -> bytes:
    """Some messages as mboxrd; recovered and withdrawn ones are not among them."""
    frames = []
    for key in keys:
        row = desk.reader.message(key)
        if not row.withdrawn and desk.reader.found_in(key) is None:
            octets = desk.reader.octets(key)
            frames.append(frame(served(octets, row.digest, desk.renderer.press.addresses)))
    return b"".join(frames)


_OPEN: Final = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )


def _error(request: Request, status: int, why: str, place: int) -> Response:
    headers = {
        **SAFETY,
        **_OPEN,
        "Content-Type": "application/json; charset=utf-8",
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-store",
    }
    return sent(request, _json({"error": {"why": why, "place": place}}), status, headers)


def _refused(request: Request, refusal: QueryError) -> Response:
    return _error(request, 400, refusal.why, refusal.place)


def _status(body: Body) -> int:
    return 404 if body.path == urls.NOT_FOUND else 200


def _moved(request: Request, path: str, target: str, status: int = 308) -> Response:
    """A redirect within the site; the target is made by us, and relative."""
    headers = {
        **SAFETY,
        "Content-Security-Policy": POLICY,
        "Location": urls.relative(path, target),
        "Cache-Control": ASK_AGAIN,
    }
    return sent(request, b"", status, headers)


async def _failed(request: Request, error: Exception) -> Response:
    """The world failed: said in one fixed sentence, and on standard error."""
    sys.stderr.write(f"posterity: {str(error).encode('unicode_escape').decode('ascii')}\n")
    return _error(request, 503, "the archive cannot be read just now", 0)


async def _not_allowed(request: Request, error: Exception) -> Response:
    """Only reading is."""
    del error
    answer = _error(request, 405, "this can only be read", 0)
    answer.headers["Allow"] = "GET, HEAD"
    return answer


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
            yield
        finally:
            server.close()

    app: ASGIApp = Starlette(
        routes=_routes(server),
        exception_handlers={
            PosterityError: _failed,
            404: server.unknown,
            405: _not_allowed,
        },
        lifespan=living,
    )
    return AccessLog(app) if log else app


def _routes(server: Server) -> list[Route]:
    def route(path: str, answer: Callable[[Request], Awaitable[Response]]) -> Route:
        return Route(path, answer, methods=["GET", "HEAD"])

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
