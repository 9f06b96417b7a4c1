"""Where quoted passages come from: the line below each, and the line above it made live.

Anna Weiss wrote:               leads to her message, where it is hers that is quoted
> Who has lamp oil?
From Anna Weiss, 1 Mar 1994     leads to the very line
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from posterity.render import urls
from posterity.render.addresses import Addresses
from posterity.render.html import attribute, escape
from posterity.render.links import ROOT
from posterity.render.moments import short
from posterity.render.texts import Texts
from posterity.rows import MessageRow, QuoteSpan

MOST = 3
"""Origins named below one passage."""

_WORD = re.compile(r"[^\W\d_]{3,}")


class Origins:
    """The passages of one text, asked for from top to bottom.

    Args:
        spans: passages that quote other messages, by first line.
        texts, addresses: of the site.
    """

    __slots__ = ("_addresses", "_passed", "_spans", "_texts")

    def __init__(
        self, spans: Sequence[QuoteSpan], texts: Texts, addresses: Addresses
    ) -> None:
        self._spans = spans
        self._texts = texts
        self._addresses = addresses
        self._passed = 0  # passages that end above what was asked for last

    def of(self, first: int, last: int) -> list[QuoteSpan]:
        """The first passage of each message that the lines first..last quote."""
        spans = self._spans
        while self._passed < len(spans) and spans[self._passed].last < first:
            self._passed += 1
        seen: dict[str, QuoteSpan] = {}
        for span in islice(spans, self._passed, None):
            if span.first > last:
                break
            if span.last >= first:
                seen.setdefault(span.origin.digest, span)
        return list(seen.values())

    def line(self, found: Sequence[QuoteSpan]) -> str:
        """The line that names the messages; found has at least one."""
        links = []
        for span in found[:MOST]:
            anchor = urls.line(span.origin_first)
            author = self._addresses.text(span.origin.author)
            who = escape(author or self._texts.instead(span.origin, "nobody"))
            when = short(span.origin.utc, self._texts["undated"], self._texts.calendar)
            links.append(f"{_opened(span.origin, anchor)}<bdi>{who}</bdi>, {when}</a>")
        label = escape(self._texts["quoted_from"])
        return f'<p class="origin">{label} {"; ".join(links)}</p>\n'

    def live(self, said: str, found: Sequence[QuoteSpan]) -> str:
        """An attribution's HTML as a link to the passage of the person it names.

        Returns:
            "" where it names none of those that are quoted, or holds a link already.
        """
        if "<a " in said:
            return ""
        words = {word.lower() for word in _WORD.findall(said)}
        for span in found[:MOST]:
            name = _WORD.findall(span.origin.author)
            if not words.isdisjoint(word.lower() for word in name):
                who = self._addresses.text(span.origin.author)
                when = short(span.origin.utc, self._texts["undated"], self._texts.calendar)
                anchor = urls.line(span.origin_first)
                return f"{_opened(span.origin, anchor, f'{who}, {when}')}{said}</a>"
        return ""


def _opened(row: MessageRow, anchor: str, title: str = "") -> str:
    """The start tag of a link to a message's page."""
    path = attribute(urls.quote(urls.message(row)))
    says = f' title="{attribute(title)}"' if title else ""
    return f'<a href="{ROOT}{path}#{anchor}"{says}>'
