"""A server over the sample list, asked without a socket."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest
from starlette.types import Message

from posterity.cli.work import bring_up_to_date
from posterity.executor import SerialExecutor
from posterity.pipeline import NoProgress, ingest
from posterity.pipeline.index import index
from posterity.serve import create_app
from posterity.site import publish
from posterity.site.searchfiles import lend_search, publish_search
from posterity.sources import ReadOptions
from posterity.store import Archive

SAMPLE = Path(__file__).parents[2] / "samples" / "keepers.mbox"


class Answered(NamedTuple):
    """An answer, whole."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as a value."""
        return json.loads(self.body)

    @property
    def plain(self) -> bytes:
        """The body, unpacked where it was packed."""
        if self.headers.get("content-encoding") == "gzip":
            return gzip.decompress(self.body)
        return self.body


class Client:
    """Asks an ASGI application, begun as a server begins it, as a browser would."""

    def __init__(self, folder: Path) -> None:
        def make_index(to: Path) -> None:
            lend_search(Archive.open(folder), to, SerialExecutor())

        self.app = create_app(folder, make_index, log=False)
        self.loop = asyncio.new_event_loop()
        self._told: asyncio.Queue[Message] = asyncio.Queue()
        self._heard: asyncio.Queue[Message] = asyncio.Queue()
        life = self.app({"type": "lifespan"}, self._told.get, self._heard.put)
        self._life = asyncio.ensure_future(life, loop=self.loop)
        self._comes_to("startup")

    def close(self) -> None:
        """Let the application end, as a server does."""
        self._comes_to("shutdown")
        self.loop.run_until_complete(self._life)
        self.loop.close()

    def _comes_to(self, what: str) -> None:
        self.loop.run_until_complete(self._told.put({"type": f"lifespan.{what}"}))
        heard = self.loop.run_until_complete(self._heard.get())
        assert heard["type"] == f"lifespan.{what}.complete"

    def get(self, url: str, method: str = "GET", **headers: str) -> Answered:
        """Ask for a URL; `_` in the name of a header stands for `-`."""
        return self.loop.run_until_complete(self._get(url, method, headers))

    async def _get(self, url: str, method: str, headers: dict[str, str]) -> Answered:
        path, _, query = url.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode("ascii"),
            "root_path": "",
            "query_string": query.encode("ascii"),
            "headers": [
                (name.replace("_", "-").lower().encode(), value.encode("latin-1"))
                for name, value in {"host": "example.org", **headers}.items()
            ],
            "client": ("127.0.0.1", 1),
            "server": ("example.org", 80),
        }
        sent: list[Message] = []

        async def receive() -> Message:
            await asyncio.sleep(0)
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            await asyncio.sleep(0)
            sent.append(message)

        await self.app(scope, receive, send)
        start = sent[0]
        return Answered(
            start["status"],
            {name.decode(): value.decode("latin-1") for name, value in start["headers"]},
            b"".join(message.get("body", b"") for message in sent[1:]),
        )


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The sample list, indexed."""
    found = Archive.create(tmp_path_factory.mktemp("serve") / "keepers")
    ingest(found, [str(SAMPLE)], ReadOptions(), SerialExecutor(), NoProgress())
    bring_up_to_date(found, SerialExecutor(), NoProgress())
    index(found, SerialExecutor(), NoProgress())
    return found


@pytest.fixture(scope="session")
def site(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static site of the same archive."""
    folder = tmp_path_factory.mktemp("site") / "keepers"
    publish(archive, folder, SerialExecutor(), NoProgress())
    publish_search(archive, (folder, None), SerialExecutor(), NoProgress())
    return folder


@pytest.fixture(scope="session")
def client(archive: Archive, site: Path) -> Iterator[Client]:  # noqa: ARG001
    """Somebody who asks once the site is published: that leaves notes in the archive."""
    found = Client(archive.folder)
    yield found
    found.close()


@pytest.fixture
def connect() -> Iterator[Callable[[Path], Client]]:
    """Opens servers over other archives, and closes them."""
    opened: list[Client] = []

    def open_one(folder: Path) -> Client:
        opened.append(Client(folder))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()
