"""Messages that a mail program keeps but its user does not see.

They are set aside with a reason, counted, and never lost; an option takes them in.

    Thunderbird   X-Mozilla-Status with bit 0x0008: deleted, the file not compacted yet
    Pine, UW IMAP the first message of a folder holds the server's own notes
    Maildir       flag T in the file name: trashed
    MH            a file name with a comma or # before the number: removed by rmm
"""

from __future__ import annotations

import re

EXPUNGED = "deleted by its reader (X-Mozilla-Status 0x0008), the folder not compacted"
INTERNAL = "a mail server's own notes (FOLDER INTERNAL DATA), no message"
TRASHED = "trashed by its reader (Maildir flag T)"
REMOVED = "removed by its reader (MH file name with a mark before the number)"

EXPUNGED_BIT = 0x0008
"""nsMsgMessageFlags::Expunged in Mozilla's mail code."""

_MOZILLA_STATUS = re.compile(
    rb"(?mi)^X-Mozilla-Status[ \t]*:[ \t]*([0-9a-f]{1,8})[ \t]*\r?$"
)
_INTERNAL_SUBJECT = re.compile(rb"(?mi)^Subject[ \t]*:[^\n]*FOLDER INTERNAL DATA")
_INTERNAL_FIELD = re.compile(
    rb"(?mi)^(?:X-IMAP(?:base)?[ \t]*:|From[ \t]*:[^\n]*Mail System Internal Data)"
)
_HEADER_END = re.compile(rb"\n\r?\n")


def why_left_out(found: bytes) -> str:
    """The reason to set a message aside, by its header; "" for none."""
    if b"X-Mozilla-Status" in found:
        status = _MOZILLA_STATUS.search(found, 0, header_end(found))
        if status and int(status[1], 16) & EXPUNGED_BIT:
            return EXPUNGED
    if b"FOLDER INTERNAL DATA" in found:
        end = header_end(found)
        if _INTERNAL_SUBJECT.search(found, 0, end) and _INTERNAL_FIELD.search(
            found, 0, end
        ):
            return INTERNAL
    return ""


def header_end(found: bytes) -> int:
    """Where the header block ends."""
    end = _HEADER_END.search(found)
    return end.start() + 1 if end else len(found)
