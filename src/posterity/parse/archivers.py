"""What an archiver wrote where the message said nothing.

MHonArc, given text without a header, made one: the time it ran (asctime, no zone), From
"Anonymous", and an id of the text's MD5 at NO-ID-FOUND. Seen in 29 messages of one list,
most of them tails that were cut off at a body line beginning with From.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_MADE_UP = re.compile(r"[0-9a-f]{32}@NO-ID-FOUND\.mhonarc\.(?:org|com)", re.IGNORECASE)
_RUN_TIME = re.compile(rb"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}")
_NOBODY = b"Anonymous"


def is_run_time(message_ids: Sequence[str], date: bytes) -> bool:
    """Whether a Date is the time an archiver ran: it made up the id as well."""
    return (
        len(message_ids) == 1
        and _MADE_UP.fullmatch(message_ids[0]) is not None
        and _RUN_TIME.fullmatch(date) is not None
    )


def is_tail(senders: Sequence[bytes]) -> bool:
    """Whether a message with such a Date has no header of its own at all."""
    return list(senders) == [_NOBODY]
