"""HTTP/1.1 on a socket, with bounds on a client's patience with us and ours with it.

uvicorn's protocol over h11, which refuses most of what is malformed, and besides:

    a line that ends in a bare LF    400: others would count requests differently
    a head that is not whole in HEAD_TIME seconds, or a connection that says nothing
                                     closed
    an answer of which nothing is taken for SEND_TIME seconds
                                     dropped

Sources: RFC 9112 §2.2 (line endings), §9.5 (timeouts); RFC 9110 §15.5.1.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable
from typing import Any, Final

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_TIME: Final = 10.0
"""Seconds for a request's head, from the connection or from its first octet."""
SEND_TIME: Final = 60.0
"""Seconds in which something must be taken of an answer that waits."""
AHEAD: Final = 65_536
"""Octets of an answer that the system may hold unsent: what a slow reader takes is then
seen here. Left to itself Linux holds megabytes, and wants a third of them taken."""
IDLE_TIME: Final = 5
"""Seconds between a reader's requests."""
LONGEST_HEAD: Final = 16_384
"""Octets of a request's head."""
MOST_CONNECTIONS: Final = 1_000
"""One more is answered 503."""

_BARE: Final = re.compile(rb"(?<!\r)\n")


class Timer:
    """Something that happens later, if it is not put off."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._handle: asyncio.TimerHandle | None = None

    @property
    def runs(self) -> bool:
        """Whether it is going to happen."""
        return self._handle is not None

    def start(self, seconds: float, do: Callable[[], None]) -> None:
        """Do something in so many seconds; unless it is stopped before."""
        self.stop()
        self._handle = self._loop.call_later(seconds, do)

    def stop(self) -> None:
        """Let it not happen."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None


class Wire(H11Protocol):
    """One connection."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **named)
        self._asking = Timer(self.loop)
        self._sending = Timer(self.loop)
        self._last = b""
        self._left = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # every wait is told: pause_writing
        held = transport.get_extra_info("socket")
        if held is not None and hasattr(socket, "TCP_NOTSENT_LOWAT"):
            held.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, AHEAD)
        self._asking.start(HEAD_TIME, self._close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._asking.stop()
        self._sending.stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; no request here has a body, so all of it is lines."""
        if _BARE.search(self._last + data, len(self._last)):
            self._asking.stop()
            self._refuse()
            return
        self._last = data[-1:]
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._asking.stop()
        elif not self._asking.runs:
            self._asking.start(HEAD_TIME, self._close)

    def pause_writing(self) -> None:
        """The reader does not take what was sent."""
        super().pause_writing()
        self._left = self.transport.get_write_buffer_size()
        self._sending.start(SEND_TIME, self._look)

    def resume_writing(self) -> None:
        """The reader took it."""
        self._sending.stop()
        super().resume_writing()

    def _look(self) -> None:
        left = self.transport.get_write_buffer_size()
        if left >= self._left:
            self.transport.abort()
            return
        self._left = left
        self._sending.start(SEND_TIME, self._look)

    def _close(self) -> None:
        self.transport.close()

    def _refuse(self) -> None:
        """400, where no other answer is under way; and no more of this connection."""
        if self.conn.our_state is h11.IDLE:
            self.send_400_response("Invalid HTTP request received.")
        self.transport.close()


OPTIONS: Final[dict[str, Any]] = {
    "http": Wire,
    "ws": "none",
    "access_log": False,
    "log_level": "warning",
    "server_header": False,
    "limit_concurrency": MOST_CONNECTIONS,
    "timeout_keep_alive": IDLE_TIME,
    "timeout_graceful_shutdown": IDLE_TIME,
    "h11_max_incomplete_event_size": LONGEST_HEAD,
}
"""How uvicorn is to serve."""


def run(app: ASGIApp, host: str, port: int) -> None:
    """Serve an application until the process is told to end."""
    uvicorn.run(app, host=host, port=port, **OPTIONS)
