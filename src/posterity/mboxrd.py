"""Messages as one mboxrd file, from which each comes back octet for octet.

An mboxrd file is messages laid end to end, each after a From_ line and before one empty
line. A body line that looks like a From_ line, however often it was quoted before, gets
one more `>`; a reader takes exactly one away. The From_ line is always the same, since
nothing true is known of it, and by it our own reader knows the file for mboxrd.

Sources: qmail's mbox(5); RFC 4155 appendix A.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

ENVELOPE = b"From mboxrd@posterity Thu Jan  1 00:00:00 1970\r\n"
"""The From_ line before every message."""

_FROM_LINE = re.compile(rb"^(>*From )", re.MULTILINE)


def frame(octets: bytes) -> bytes:
    """One message as it stands in an mboxrd file: envelope, quoted text, one CRLF."""
    if b"From " in octets:
        octets = _FROM_LINE.sub(rb">\1", octets)
    return b"".join((ENVELOPE, octets, b"\r\n"))


def frames(messages: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of an mboxrd file, one a message, in the order given."""
    return map(frame, messages)
