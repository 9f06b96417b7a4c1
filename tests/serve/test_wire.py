"""W1, W5: what can be sent to a socket, and what becomes of the server."""

from __future__ import annotations

import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

import pytest
import uvicorn

from posterity.serve import create_app, wire
from posterity.store import Archive

PATIENCE = 10.0
"""Seconds a test waits for what should happen at once."""
GET = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
SMUGGLED = b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n"


class Running(NamedTuple):
    """A server on a socket."""

    server: uvicorn.Server
    port: int

    def connect(self) -> socket.socket:
        """A new connection."""
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def told(self, octets: bytes) -> bytes:
        """All that comes back for some octets, until the server closes."""
        with self.connect() as one:
            one.sendall(octets)
            return rest_of(one)

    def lives(self) -> bool:
        """Whether another reader is served."""
        return self.told(GET).startswith(b"HTTP/1.1 200 ")


def rest_of(one: socket.socket) -> bytes:
    """Everything until the other side closes."""
    octets = b""
    try:
        while more := one.recv(1 << 16):
            octets += more
    except ConnectionResetError:
        return octets  # so a server ends a connection with octets it did not read
    return octets


@contextmanager
def running(archive: Archive) -> Iterator[Running]:
    """The application on a port of this machine."""
    app = create_app(archive.folder, log=False)
    server = uvicorn.Server(uvicorn.Config(app, port=0, **wire.OPTIONS))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Running(server, server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def served(archive: Archive) -> Iterator[Running]:
    """A server as it is."""
    with running(archive) as found:
        yield found


@pytest.fixture
def hasty(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A server that waits for nobody."""
    monkeypatch.setattr(wire, "HEAD_TIME", 0.4)
    monkeypatch.setattr(wire, "SEND_TIME", 0.7)
    with running(archive) as found:
        yield found


def until(true: Callable[[], bool]) -> bool:
    """Wait for something; whether it came."""
    end = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


MALFORMED = {
    "nothing at all": b"\r\n\r\n\r\n",
    "not HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200) + b"\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "no number": b"GET / HTTP/one\r\nHost: x\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "no colon": b"GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n",
    "a blank before the colon": b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    "a NUL": b"GET / HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n",
    "a blank in the path": b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
    "a long path": b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a long header": b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 1_000_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 100_000 + b"\r\n",
    "no end": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 100_000,
}


@pytest.mark.parametrize("octets", MALFORMED.values(), ids=MALFORMED)
def test_what_is_malformed_is_refused(served: Running, octets: bytes) -> None:
    """W1: at most one answer, which is 400, then the connection ends; others are served."""
    try:
        answer = served.told(octets)
    except (BrokenPipeError, ConnectionResetError):
        answer = b""  # it did not even read the rest

    assert answer[:13] in {b"", b"HTTP/1.1 400 "}
    assert answer.count(b"HTTP/1.1 ") <= 1
    assert served.lives()


@pytest.mark.parametrize(
    "target",
    [
        b"http://evil.example/archive",
        b"//evil.example/archive",
        b"/\\evil.example",
        b"*",
        b"evil.example:443",
        b"/%ff%fe",
        b"/%00",
        b"/%zz",
        b"/" + b"%2e%2e/" * 1000,
        b"/?" + b"q" * 16_000,
    ],
)
def test_odd_targets_are_answered(served: Running, target: bytes) -> None:
    """W1, W3: a path that means nothing here is nothing here, and leads nowhere."""
    octets = b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    head = served.told(octets).partition(b"\r\n\r\n")[0].lower()

    assert head[9:12] in {b"200", b"400", b"404"}
    assert b"\r\nlocation:" not in head
    assert b"evil" not in head


@pytest.mark.parametrize("host", [b"evil.example", b"a/b?c#d", b"[::1", b'"><b>', b""])
def test_the_host_is_never_repeated(served: Running, host: bytes) -> None:
    """W3: redirects stay where they are, whatever the request says that is."""
    octets = b"GET /archive/1997 HTTP/1.1\r\nHost: " + host
    head = served.told(octets + b"\r\nConnection: close\r\n\r\n").partition(b"\r\n\r\n")[0]

    assert b"308" == head[9:12]
    assert b"location: 1997/index.html" in head.lower()


@pytest.mark.parametrize("said", [b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_who_does_not_ask_is_left(hasty: Running, said: bytes) -> None:
    """W1: a connection without a whole request ends, and its end is not put off by trickling."""
    with hasty.connect() as one:
        start = time.monotonic()
        one.sendall(said)
        one.settimeout(0.05)
        ended = False
        while not ended and time.monotonic() < start + PATIENCE:
            try:
                ended = one.recv(100) == b""
                one.sendall(b"A")
            except TimeoutError:
                one.sendall(b"A")
            except OSError:
                ended = True

        assert ended
        assert time.monotonic() - start < 3
    assert hasty.lives()


def test_who_takes_nothing_is_dropped(hasty: Running) -> None:
    """W1: an answer that is never read is not kept for ever."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.connect(("127.0.0.1", hasty.port))
        one.setblocking(False)
        ask = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        assert until(lambda: len(hasty.server.server_state.connections) == 1)
        end = time.monotonic() + PATIENCE
        dropped = False
        while not dropped and time.monotonic() < end:
            try:
                one.send(ask * 50)
            except BlockingIOError:
                time.sleep(0.02)
            except OSError:
                dropped = True

        assert dropped
        assert until(lambda: not hasty.server.server_state.connections)
    assert hasty.lives()


def test_who_reads_slowly_is_waited_for(hasty: Running) -> None:
    """W1: as long as something is taken, everything comes."""
    count = 20
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.connect(("127.0.0.1", hasty.port))
        one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * count + GET)
        octets = b""
        while more := one.recv(1 << 15):
            octets += more
            time.sleep(0.001)

    assert count + 1 == octets.count(b"HTTP/1.1 200 OK\r\n")


def test_a_thousand_connections(hasty: Running) -> None:
    """W1: so many are held and no more; when they are gone, all is as before."""
    most = wire.MOST_CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = 3 * most
    if hard < needed:
        pytest.skip(f"ONLY {hard} FILES: a thousand connections were not tried")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, needed), hard))
    with ExitStack() as stack:
        for _ in range(most + 50):
            stack.enter_context(hasty.connect())
        crowded = hasty.told(GET)[:13]

        assert crowded in {b"HTTP/1.1 503 ", b"HTTP/1.1 200 "}
        assert until(lambda: len(hasty.server.server_state.connections) <= 1)
    assert hasty.lives()


HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
TWO_WAYS = {
    "both": HEAD + CHUNKED + b"Content-Length: 4\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "both, the other way": HEAD
    + b"Content-Length: 6\r\n"
    + CHUNKED
    + b"\r\n0\r\n\r\n"
    + SMUGGLED,
    "two lengths": HEAD + b"Content-Length: 0\r\nContent-Length: 4\r\n\r\n" + SMUGGLED,
    "two lengths in one": HEAD + b"Content-Length: 0, 4\r\n\r\n" + SMUGGLED,
    "one length twice": HEAD + b"Content-Length: 4\r\n" * 2 + b"\r\nbody" + SMUGGLED,
    "a body": HEAD + b"Content-Length: 4\r\n\r\nbody" + SMUGGLED,
    "a body in chunks": HEAD + CHUNKED + b"\r\n4\r\nbody\r\n0\r\n\r\n" + SMUGGLED,
    "a body by POST": HEAD.replace(b"GET", b"POST")
    + b"Content-Length: 4\r\n\r\nbody"
    + SMUGGLED,
    "a signed length": HEAD + b"Content-Length: +0\r\n\r\n" + SMUGGLED,
    "a length in hex": HEAD + b"Content-Length: 0x0\r\n\r\n" + SMUGGLED,
    "another coding": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n" + SMUGGLED,
    "two codings": HEAD + b"Transfer-Encoding: identity, chunked\r\n\r\n" + SMUGGLED,
    "a blank before the colon": HEAD + CHUNKED.replace(b":", b" :") + b"\r\n" + SMUGGLED,
    "LF only": GET.replace(b"\r\n", b"\n") + SMUGGLED,
    "one LF": HEAD + b"A: b\nContent-Length: 4\r\n\r\n" + SMUGGLED,
    "LF at the end": HEAD + b"\n" + SMUGGLED,
}


@pytest.mark.parametrize("octets", TWO_WAYS.values(), ids=TWO_WAYS)
def test_what_can_be_counted_in_two_ways_is_refused(served: Running, octets: bytes) -> None:
    """W5: one refusal, and nothing that follows is taken for a request."""
    answer = served.told(octets)

    assert answer[:13] in {b"HTTP/1.1 400 ", b"HTTP/1.1 405 "}
    assert 1 == answer.count(b"HTTP/1.1 ")
    assert b"User-agent" not in answer
    assert served.lives()


def test_lines_may_come_in_pieces(served: Running) -> None:
    """W5: a CR and its LF in two packets are a line end; requests may follow each other."""
    with served.connect() as one:
        for octet in HEAD + b"\r\n" + GET:
            one.sendall(bytes([octet]))
        answer = rest_of(one)

    assert 2 == answer.count(b"HTTP/1.1 200 OK\r\n")


def test_no_websocket_and_no_upgrade(served: Running) -> None:
    """W1: whatever a client would like to speak instead, it is HTTP."""
    answer = served.told(HEAD + b"Connection: upgrade, close\r\nUpgrade: websocket\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 200 ")
