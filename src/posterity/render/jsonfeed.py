"""The newest messages as a JSON Feed 1.1 (jsonfeed.org), for who would rather not parse XML.

An item is named by message hash, as an Atom entry is. The format wants text of each
item: it is the first words, and the page has the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from posterity.render import urls
from posterity.render.html import visible
from posterity.render.moments import moment
from posterity.render.press import File, Press
from posterity.rows import MessageRow

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(press: Press, rows: Iterable[MessageRow]) -> File:
    """The site's feed; rows newest first, undated ones are left out."""
    settings = press.settings
    feed: dict[str, Any] = {"version": VERSION, "title": visible(settings.title)}
    if settings.base_url:
        feed["home_page_url"] = press.absolute(urls.HOME)
        feed["feed_url"] = press.absolute(urls.JSON_FEED)
    if settings.description:
        feed["description"] = visible(settings.description)
    feed["language"] = settings.language
    feed["items"] = [_item(press, row) for row in rows if moment(row.utc)]
    text = json.dumps(feed, ensure_ascii=False, indent=1)
    return File(urls.JSON_FEED, f"{text}\n".encode("utf-8", "replace"))


def _item(press: Press, row: MessageRow) -> dict[str, Any]:
    at = moment(row.utc)
    assert at is not None, "undated messages were left out"
    path = urls.message(row)
    return {
        "id": f"urn:sha256:{row.digest}",
        "url": press.absolute(path) or urls.quote(path),
        "title": visible(press.subject(row, 300)),
        "content_text": visible(press.addresses.text(row.words)),
        "date_published": at.iso,
        "authors": [{"name": visible(press.author(row, 200))}],
    }
