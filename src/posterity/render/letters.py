"""A message read once, for all the pages that show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from posterity.gist import Face
from posterity.model import Attachment, Body
from posterity.parse import parse_message
from posterity.parse.attachments import attachments
from posterity.parse.body import read_body
from posterity.parse.gists import body_of
from posterity.render import urls
from posterity.render.body import Context, fragment
from posterity.render.press import Press
from posterity.render.webcopies import copies_of
from posterity.rows import FoundIn, MessageRow, QuoteSpan


class Letter(NamedTuple):
    """A message, read.

    Attributes:
        octets: canonical, as served.
        html: the body's fragment, with line anchors.
        quotes: passages of it that quote other messages.
        found_in: where it was found inside another message, None for a kept one.
    """

    row: MessageRow
    octets: bytes
    message: Face
    body: Body
    html: str
    quotes: Sequence[QuoteSpan]
    found_in: FoundIn | None


def read_letter(press: Press, row: MessageRow) -> Letter:
    """Fetch, read and print one message's text."""
    octets, message, body = _read(press, row)
    quotes = press.reader.quotes(row.key)
    context = Context(
        press.texts,
        press.addresses,
        raw_path(press, row),
        press.holder,
        quotes,
        copies_of(press, row),
    )
    html = fragment(body, context)
    found = press.reader.found_in(row.key)
    return Letter(row, octets, message, body, html, quotes, found)


def _read(press: Press, row: MessageRow) -> tuple[bytes, Face, Body]:
    """A message's octets, and what is shown of them: as kept, or else parsed now."""
    octets = press.reader.octets(row.key)
    gist = press.reader.gist(row.key)
    if gist is not None:
        return octets, gist, body_of(octets, gist)
    message = parse_message(octets, row.digest)
    return octets, message, read_body(octets, message, press.settings.charset)


def files_of(letter: Letter) -> Sequence[Attachment]:
    """The files that came with a message, decoded."""
    if not letter.row.attachments:
        return ()
    return attachments(letter.octets, letter.message)


def raw_path(press: Press, row: MessageRow) -> str:
    """Where a message's octets are published."""
    if press.settings.raw == "months":
        return urls.month_mbox(row.month)
    return urls.raw(row.digest)
