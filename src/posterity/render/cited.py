"""Rows of messages that others quote: shared by the first page, the figures and people."""

from __future__ import annotations

from markupsafe import Markup

from posterity.render import urls
from posterity.render.html import escape, printed
from posterity.render.moments import moment
from posterity.render.press import Press

MOST = 10
"""Messages in a list of the most cited."""


def cited_rows(
    press: Press, links: urls.Links, most: int = MOST, person: int | None = None
) -> Markup:
    """The messages that most others quote, as items of a list; "" for none.

    Args:
        links: of the page they stand on.
        most: how many.
        person: only this one's, by key, and without the name.
    """
    rows = []
    for row, by in press.reader.cited(most, person):
        href = links.to_message(row)
        at = moment(row.utc, press.texts.calendar)
        who = ""
        if person is None:
            who = f"<bdi>{escape(press.author(row))}</bdi>"
            if row.person:
                who = f'<a class="who" href="{links.to(urls.person(row.person))}">{who}</a>'
        when = f' <time datetime="{at.iso}">{at.short}</time>' if at else ""
        count = escape(press.texts.count("cited_by", by))
        rows.append(
            f'<li><a href="{href}"><bdi>{escape(press.subject(row))}</bdi></a>'
            f"<p>{who}{when} <span>{count}</span></p></li>\n"
        )
    return printed("".join(rows))
