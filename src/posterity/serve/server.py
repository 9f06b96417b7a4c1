"""The answers to requests: each asks at a desk, in a thread, and replies."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from posterity.errors import QueryError
from posterity.mboxrd import frame
from posterity.render import urls
from posterity.render.feeds import feed
from posterity.render.originals import served
from posterity.serve import api
from posterity.serve.asking import asked_page, question, understood
from posterity.serve.codings import chosen
from posterity.serve.desk import Desk, Desks
from posterity.serve.moved import GONE, MISSING, body_at
from posterity.serve.notices import OPEN, as_json, error, nothing, refused
from posterity.serve.openapi import document
from posterity.serve.replies import ASK_AGAIN, POLICY, SAFETY, Body, reply
from posterity.store.search import Order, Wish

Answer = TypeVar("Answer")
MakeIndex = Callable[[Path], None]
"""Writes the static search index below a folder."""

FEED_ENTRIES: Final = 50
MBOX_AT_ONCE: Final = 100
"""Messages between two breaths of a streamed mbox."""
LONGEST_PATH: Final = 2_048
_ODD: Final = re.compile(r"[\x00-\x1f\x7f\\]|(?:^|/)\.\.?(?:/|$)|//")
_PIECE: Final = re.compile(r"search/(?:index|trends|[0-9a-f]{12})\.js")


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
        self._indexes: dict[tuple[int, ...], tempfile.TemporaryDirectory[str]] = {}

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
        path = request.path_params["path"]
        if len(path) > LONGEST_PATH or _ODD.search(path):
            return await self._missing(request)
        if path == "" or path.endswith("/"):
            path += "index.html"
        if _PIECE.fullmatch(path):
            return await self._piece(request, path)
        return await self._standing(request, path)

    async def _standing(self, request: Request, path: str) -> Response:
        """What stands at a path of the site."""
        coding = _coding(request)
        body, made = await self.work(lambda desk: self._body(desk, path, coding))
        if body is None:
            return await self._missing(request)
        return reply(request, body, made)

    def _body(self, desk: Desk, path: str, coding: str) -> tuple[Body | None, int]:
        """What stands at a path, packed for who asks; each is made once."""

        def make() -> Body | None:
            return body_at(desk, path)

        def packed() -> Body | None:
            plain = self.desks.kept(desk, ("page", path), make, _weight)
            return plain.inside(coding) if plain else None

        if not coding:
            return self.desks.kept(desk, ("page", path), make, _weight), desk.made
        return self.desks.kept(desk, (coding, path), packed, _weight), desk.made

    async def _missing(self, request: Request) -> Response:
        coding = _coding(request)
        body, made = await self.work(lambda desk: self._body(desk, urls.NOT_FOUND, coding))
        assert body is not None
        assert body.status == MISSING
        return reply(request, body, made)

    async def unknown(self, request: Request, why: Exception) -> Response:
        """No route leads there: a path with a line end, say."""
        del why
        if request.scope["path"].startswith("/api/"):
            return nothing(request)
        return await self._missing(request)

    async def _piece(self, request: Request, path: str) -> Response:
        """A file of the static search index, which is made when first asked for."""
        stamp, made = await self.work(lambda desk: (desk.stamp, desk.made))
        folder = await self._index(stamp)
        file = folder / path if folder else None
        if file is None or not file.is_file():
            return await self._missing(request)
        coding = _coding(request)

        def read() -> Body:
            return Body.of(path, file.read_bytes()).inside(coding, once=True)

        return reply(request, await asyncio.to_thread(read), made)

    async def _index(self, stamp: tuple[int, ...]) -> Path | None:
        if self._make_index is None:
            return None
        async with self._indexing:
            if stamp not in self._indexes:
                for old in self._indexes.values():
                    old.cleanup()
                self._indexes.clear()
                folder = tempfile.TemporaryDirectory(prefix="posterity-")
                await asyncio.to_thread(self._make_index, Path(folder.name))
                self._indexes[stamp] = folder
            return Path(self._indexes[stamp].name)

    # -- search

    async def search(self, request: Request) -> Response:
        """The search page, with an answer where there is a question."""
        if not request.query_params.get("q", "").strip():
            return await self._standing(request, urls.SEARCH)
        coding = _coding(request)

        def answer(desk: Desk) -> tuple[Body, int]:
            asked = asked_page(self.desks, desk, request.query_params)
            page = desk.renderer.search(asked)
            body = Body.of(urls.SEARCH, page.content, 200 if asked.answer else 400)
            return body.inside(coding, once=True), desk.made

        return reply(request, *await self.work(answer))

    async def mbox(self, request: Request) -> Response:
        """All messages of a query as mboxrd, as they are read."""
        query = request.query_params.get("q", "")
        try:
            keys = await self.work(lambda desk: desk.searcher.keys(understood(query)))
        except QueryError as refusal:
            return refused(request, refusal)
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
        coding = _coding(request)

        def answer(desk: Desk) -> tuple[Body, int]:
            keys = desk.searcher.search(understood(query), wish).keys
            rows = [desk.reader.message(key) for key in keys]
            press = desk.renderer.press
            file = feed(press, urls.SEARCH_FEED, urls.SEARCH, query, rows)
            return Body.of(file.path, file.content).inside(coding, once=True), desk.made

        try:
            return reply(request, *await self.work(answer))
        except QueryError as refusal:
            return refused(request, refusal)

    async def by_id(self, request: Request) -> Response:
        """A redirect to the message that bears a Message-ID."""
        name = request.path_params.get("id") or request.query_params.get("id", "")
        name = name.strip().removeprefix("<").removesuffix(">")
        if name in {"", "index.html"}:
            return await self._standing(request, urls.FIND_BY_ID)
        holders = await self.work(lambda desk: desk.reader.holders(name) if name else [])
        shown = [row for row in holders if not row.withdrawn]
        if not shown:
            return await self._missing(request)
        body = Body.of(urls.FIND_BY_ID, b"", 302, urls.message(shown[0]))
        return reply(request, body, 0)

    # -- the API

    async def _value(self, request: Request, make: Callable[[Desk], Any]) -> Response:
        coding = _coding(request)

        def answer(desk: Desk) -> tuple[Body | None, int]:
            value = make(desk)
            if value is None:
                return None, desk.made
            body = Body.of("answer.json", as_json(value))
            return body.inside(coding, once=True), desk.made

        try:
            body, made = await self.work(answer)
        except QueryError as refusal:
            return refused(request, refusal)
        except api.WithdrawnError:
            return error(request, GONE, "its keeper withdrew it")
        if body is None:
            return nothing(request)
        found = reply(request, body, made)
        found.headers.update(OPEN)
        return found

    async def api_archive(self, request: Request) -> Response:
        """What the archive is."""
        return await self._value(request, api.archive_value)

    async def api_search(self, request: Request) -> Response:
        """Find messages."""

        def make(desk: Desk) -> dict[str, Any]:
            return api.search_value(self.desks, desk, question(request.query_params))

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
        return nothing(request)


def _coding(request: Request) -> str:
    return chosen(request.headers.get("accept-encoding", ""))


def _weight(body: Body | None) -> int:
    return body.weight if body else 200


def _framed(desk: Desk, *, keys: tuple[int, ...]) -> bytes:
    """Some messages as mboxrd; recovered and withdrawn ones are not among them."""
    frames = []
    for key in keys:
        row = desk.reader.message(key)
        if not row.withdrawn and desk.reader.found_in(key) is None:
            octets = desk.reader.octets(key)
            frames.append(frame(served(octets, row.digest, desk.renderer.press.addresses)))
    return b"".join(frames)
