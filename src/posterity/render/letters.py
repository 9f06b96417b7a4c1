"""A message read once, for all the pages that show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from posterity.model import Attachment, Body, Message
from posterity.parse import parse_message
from posterity.parse.attachments import attachments
from posterity.parse.body import read_body
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
    message: Message
    body: Body
    html: str
    quotes: Sequence[QuoteSpan]
    found_in: FoundIn | None


def read_letter(press: Press, row: MessageRow) -> Letter:
    """Fetch, parse and print one message's text."""
    octets = press.reader.octets(row.key)
    message = parse_message(octets, row.digest)
    body = read_body(octets, message, press.settings.charset)
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
