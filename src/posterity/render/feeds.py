"""Feeds: Atom (RFC 4287), well-formed whatever the mail holds.

Entries are named by message hash (`urn:sha256:`), so that a reader program knows a
message again when its URL moved. A message without a date is in no feed, for Atom
demands one and none may be invented.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from posterity.render import urls
from posterity.render.html import attribute, escape
from posterity.render.moments import moment
from posterity.render.press import File, Press
from posterity.rows import MessageRow


def feed(
    press: Press, path: str, page: str, title: str, rows: Sequence[MessageRow]
) -> File:
    """A feed of messages, newest first.

    Args:
        press: the site's.
        path: of the feed.
        page: path of the page that the feed follows.
        title: the feed's, plain text.
        rows: what it holds; undated ones are left out.
    """
    links = urls.Links(path)
    calendar = press.texts.calendar
    dated = sorted(
        (row for row in rows if moment(row.utc, calendar)),
        key=lambda row: (row.utc or 0, row.digest),
    )
    newest = moment(dated[-1].utc, calendar) if dated else None
    name = hashlib.sha256(f"{press.settings.title}\0{path}".encode("utf-8", "replace"))
    site = press.settings.title
    whole = title if title == site else f"{title} \N{EM DASH} {site}"
    head = [
        '<?xml version="1.0" encoding="utf-8"?>\n',
        '<feed xmlns="http://www.w3.org/2005/Atom">\n',
        f"<title>{escape(whole)}</title>\n",
        f"<id>urn:sha256:{name.hexdigest()}</id>\n",
        f"<updated>{newest.iso if newest else '0001-01-01T00:00:00Z'}</updated>\n",
        f'<link rel="self" type="application/atom+xml" href="{_href(press, links, path)}"/>\n',
        f'<link rel="alternate" type="text/html" href="{_href(press, links, page)}"/>\n',
        "<generator>Posterity</generator>\n",
    ]
    entries = [_entry(press, links, row) for row in reversed(dated)]
    content = "".join([*head, *entries, "</feed>\n"])
    return File(path, content.encode("utf-8", "replace"))


def _entry(press: Press, links: urls.Links, row: MessageRow) -> str:
    at = moment(row.utc, press.texts.calendar)
    assert at is not None, "undated messages were left out"
    summary = escape(press.addresses.text(row.words))
    href = attribute(press.absolute(urls.message(row)) or links.to_message(row))
    return (
        "<entry>\n"
        f"<title>{escape(press.subject(row, 300))}</title>\n"
        f"<id>urn:sha256:{row.digest}</id>\n"
        f"<author><name>{escape(press.author(row, 200))}</name></author>\n"
        f"<published>{at.iso}</published>\n<updated>{at.iso}</updated>\n"
        f'<link rel="alternate" type="text/html" href="{href}"/>\n'
        f"<summary>{summary}</summary>\n"
        "</entry>\n"
    )


def _href(press: Press, links: urls.Links, path: str) -> str:
    return attribute(press.absolute(path) or links.to(path))
