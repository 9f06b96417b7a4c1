"""What can be wrong with mail: one closed list, each with its meaning.

A defect never stops anything. It says what was odd, where, and what was done about
it, so that a reader can judge the value beside it. `posterity defects` counts them;
docs/defects.md is generated from this file.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, Self


class DefectCode(StrEnum):
    """A kind of defect. The value is its lasting name in files and exports."""

    meaning: str

    def __new__(cls, code: str, meaning: str) -> Self:
        """Make a member that is its code and carries its meaning."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    # the header block
    NO_HEADER = "no-header", "The message has no header block; all of it is read as body."
    JUNK_IN_HEADER = (
        "junk-in-header",
        "A line among the header fields is neither a field nor a fold; it is kept and skipped.",
    )
    ENVELOPE_IN_HEADER = (
        "envelope-in-header",
        "A From_ or >From_ line stands inside the header block; it is skipped.",
    )
    HEADER_TOO_LONG = (
        "header-too-long",
        "The header block is longer than is read; the octets are all kept.",
    )
    CONTROL_IN_HEADER = "control-in-header", "A header field holds control characters."
    NUL_IN_HEADER = "nul-in-header", "A header field holds NUL."
    REPEATED_FIELD = (
        "repeated-field",
        "A field that may stand once stands several times; the first one is used.",
    )
    JOINED_VALUES = (
        "joined-values",
        "Several values of a field were joined by 0x1C (an export habit); they are read apart.",
    )
    # characters
    UNDECLARED_8BIT = "undeclared-8bit", "Octets above 0x7F with no charset declared."
    UNKNOWN_CHARSET = "unknown-charset", "The charset label names no charset we know."
    WRONG_CHARSET = "wrong-charset", "The text does not decode in the charset it declares."
    UNDECODABLE = "undecodable", "Some octets have no reading; they are shown as U+FFFD."
    BAD_ENCODED_WORD = (
        "bad-encoded-word",
        "An encoded word (RFC 2047) is broken; it is read as far as it makes sense, or left as written.",
    )
    UNDECLARED_QP = (
        "undeclared-quoted-printable",
        "The body is quoted-printable but does not say so; the shown text is decoded.",
    )
    # dates
    NO_DATE = "no-date", "There is no Date field."
    BAD_DATE = "bad-date", "The Date field cannot be read."
    IMPLAUSIBLE_DATE = "implausible-date", "The date is outside the years mail has existed."
    ARCHIVER_DATE = (
        "archiver-date",
        "The Date is the time an archiver ran, written where there was none; it is unknown.",
    )
    OBSOLETE_DATE = (
        "obsolete-date",
        "The date has an obsolete or foreign form; it was read.",
    )
    WRONG_WEEKDAY = "wrong-weekday", "The weekday does not fit the date; the date is used."
    TWO_DIGIT_YEAR = "two-digit-year", "The year has fewer than four digits."
    UNKNOWN_ZONE = (
        "unknown-zone",
        "The time zone's name is unknown; the list's zone is assumed.",
    )
    NO_ZONE = "no-zone", "The date has no time zone; the list's zone is assumed."
    ABSURD_OFFSET = (
        "absurd-offset",
        "The zone is more than 14 hours from UTC; it was folded or ignored.",
    )
    JUNK_IN_DATE = "junk-in-date", "A date stands among other words; the date was read."
    # addresses and ids
    NO_FROM = "no-from", "There is no From field, or it is empty."
    BAD_ADDRESS = (
        "bad-address",
        "An address does not follow the grammar; it is shown as written.",
    )
    OBFUSCATED_ADDRESS = (
        "obfuscated-address",
        "An address is spelled 'user at host' by an archiver; it is read so.",
    )
    NO_MESSAGE_ID = "no-message-id", "There is no Message-ID."
    BAD_MESSAGE_ID = "bad-message-id", "The Message-ID does not follow the grammar."
    SEVERAL_MESSAGE_IDS = "several-message-ids", "There are several Message-IDs."
    TOO_MANY_REFERENCES = (
        "too-many-references",
        "More ids are referred to than are used; all are kept in the octets.",
    )
    NO_SUBJECT = "no-subject", "There is no Subject, or it is empty."
    # MIME
    BAD_CONTENT_TYPE = (
        "bad-content-type",
        "The Content-Type cannot be read; text/plain assumed.",
    )
    NO_BOUNDARY = (
        "no-boundary",
        "A multipart has no boundary; its content is shown as text.",
    )
    MISSING_BOUNDARY = (
        "missing-boundary",
        "The boundary never occurs in the multipart; its content is shown as text.",
    )
    BOUNDARY_TOO_LONG = "boundary-too-long", "The boundary is longer than is used."
    UNCLOSED_MULTIPART = (
        "unclosed-multipart",
        "A multipart ends without its closing boundary.",
    )
    EMPTY_MULTIPART = "empty-multipart", "A multipart holds no part."
    TOO_MANY_PARTS = "too-many-parts", "The message has more parts than are read."
    TOO_DEEP = (
        "too-deep",
        "Parts are nested deeper than is read; the rest is left as it is.",
    )
    BAD_ENCODING = (
        "bad-encoding",
        "The transfer encoding is unknown; the octets are used as is.",
    )
    DAMAGED_BASE64 = "damaged-base64", "base64 data is damaged; what could be read was."
    DAMAGED_QP = (
        "damaged-quoted-printable",
        "Quoted-printable data is damaged; what could be read was.",
    )
    DAMAGED_UUENCODE = (
        "damaged-uuencode",
        "uuencoded data is damaged; what could be read was.",
    )
    BAD_PARAMETER = (
        "bad-parameter",
        "A MIME parameter (RFC 2231) is broken; it is read as far as it makes sense.",
    )
    EXTERNAL_BODY = "external-body", "A part lies outside the message; nothing is fetched."
    NAME_TOO_LONG = (
        "name-too-long",
        "A file name is longer than 255 octets; it was cut for display.",
    )
    # text
    NUL_IN_BODY = "nul-in-body", "The body holds NUL; it is shown as a visible mark."
    CONTROL_IN_BODY = (
        "control-in-body",
        "The body holds control characters; they are shown as marks.",
    )
    LONG_LINE = "long-line", "A line is longer than is shown whole."
    BARE_CR = (
        "bare-cr",
        "A carriage return without a line feed; read as a line end in text.",
    )
    # framing, seen in one message
    FALSE_TAIL = (
        "false-tail",
        "This looks like the tail of the message before it, cut at a body line that begins with From.",
    )
    HIDDEN_MAIL = (
        "hidden-mail",
        "The body holds another whole message, envelope and header.",
    )
    QUOTED_FROM = "quoted-from", "Body lines read >From where the sender wrote From."
    TRUNCATED = "truncated", "The message ends in the middle."
    BAD_CONTENT_LENGTH = "bad-content-length", "Content-Length does not match the body."


class Defect(NamedTuple):
    """One oddity of one message.

    Attributes:
        code: what kind.
        where: the field name, part number or offset it was seen at; "" for the whole.
        detail: a short quotation or figure, at most 120 characters, control-free.
    """

    code: DefectCode
    where: str = ""
    detail: str = ""
