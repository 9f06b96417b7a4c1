"""Who quotes a message, and whom it quotes: the lists at the foot of its page.

Beside each passage stands whom it is quoted from; the list of them is printed only
where a message quotes several others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from posterity.render import urls
from posterity.render.html import escape
from posterity.render.moments import short
from posterity.render.press import Press
from posterity.render.texts import Texts
from posterity.rows import MessageRow, QuotedIn, QuoteSpan

MOST = 20
"""Messages that are listed; the rest are counted."""


def quoted_in(press: Press, row: MessageRow, links: urls.Links) -> str:
    """The messages that quote one, as list items; "" for none."""
    found = press.reader.quoted_in(row.key)
    return _items(press, row, found, links) if found else ""


def quotes(
    press: Press, row: MessageRow, spans: Sequence[QuoteSpan], links: urls.Links
) -> str:
    """The messages that one quotes, as list items; "" where they are not several."""
    if len(spans) < 2:
        return ""
    lines: dict[int, QuotedIn] = {}
    for span in spans:
        held = lines.get(span.origin.key)
        count = span.last - span.first + 1 + (held.lines if held else 0)
        lines[span.origin.key] = QuotedIn(span.origin, count)
    return _items(press, row, list(lines.values()), links) if len(lines) > 1 else ""


def _items(
    press: Press, row: MessageRow, found: Sequence[QuotedIn], links: urls.Links
) -> str:
    items = list(_listed(press, row, found[:MOST], links))
    if len(found) > MOST:
        more = escape(press.texts.count("more_messages", len(found) - MOST))
        items.append(f"<li>{more}</li>\n")
    return "".join(items)


def _listed(
    press: Press, row: MessageRow, found: Iterable[QuotedIn], links: urls.Links
) -> Iterable[str]:
    """One a message: who, when, how much, and under which subject where it is another."""
    undated = press.texts["undated"]
    for other, lines in found:
        who, when = (
            escape(press.author(other, 40)),
            short(other.utc, undated, press.texts.calendar),
        )
        count = _lines(press.texts, lines)
        about = ""
        if other.base_subject != row.base_subject:
            about = f" <cite>{escape(press.subject(other, 70))}</cite>"
        yield (
            f'<li><a href="{links.to_message(other)}"><bdi>{who}</bdi>, {when}</a>'
            f"{about} <small>{count}</small></li>\n"
        )


@lru_cache(maxsize=1024)
def _lines(texts: Texts, number: int) -> str:
    return escape(texts.count("lines", number))
