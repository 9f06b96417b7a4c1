"""The search page: empty for its script to fill, or with the answer of a server.

Without a question both are the same octets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup

from posterity.fields import FIELDS
from posterity.query.snippets import Piece
from posterity.render import urls
from posterity.render.hits import Hit
from posterity.render.html import attribute, escape, printed
from posterity.render.moments import moment
from posterity.render.press import File, Frame, Press
from posterity.store.search import Answer, Order

SCRIPTS = ("search-query.js", "search-index.js", "search.js")


class Asked(NamedTuple):
    """A question a server was asked, and what it found.

    Attributes:
        query: as typed.
        answer: None where the query was refused.
        hits: of this answer, in order.
        refusal: the sentence that says what was wrong.
        place: where in the query.
        grouped: only the first hit of each thread.
    """

    query: str
    answer: Answer | None
    hits: Sequence[Hit]
    refusal: str = ""
    place: int = 0
    grouped: bool = False


class SearchPage(NamedTuple):
    """What the template shows.

    Attributes:
        answered: HTML of the answer, "" where the script is to find one.
        fields: (names, help, example) of the query language.
    """

    query: str
    answered: Markup
    scripts: tuple[str, ...]
    fields: tuple[tuple[str, str, str], ...]


def search_page(press: Press, asked: Asked | None = None) -> File:
    """The search page."""
    links = urls.Links(urls.SEARCH)
    frame = Frame(links.path, press.texts["search_title"], "search", indexed=False)
    scripts = () if asked else tuple(urls.static(press.theme.asset(s)) for s in SCRIPTS)
    page = SearchPage(
        query=asked.query if asked else "",
        answered=printed(_answered(press, links, asked)) if asked else Markup(""),
        scripts=scripts,
        fields=tuple(
            (
                ", ".join(f"{name}:" for name in (f.name, *f.short)),
                press.texts[f"field_{f.name}"],
                f.example,
            )
            for f in FIELDS
        ),
    )
    return press.print("search.html", frame, links, page)


def _answered(press: Press, links: urls.Links, asked: Asked) -> str:
    answer = asked.answer
    if answer is None:
        before, after = asked.query[: asked.place], asked.query[asked.place :]
        return (
            f'<p class="note">{escape(asked.refusal)}'
            f" <code>{escape(before)}<mark>{escape(after) or ' '}</mark></code></p>\n"
        )
    if not answer.total:
        return f'<p class="note">{escape(press.texts["search_none"])}</p>\n'
    hits = "".join(_hit(press, links, hit) for hit in asked.hits)
    return (
        f'<p class="found">{escape(_counts(press, answer))}</p>\n'
        f"{_choices(press, asked, answer)}{_years(press, asked, answer)}"
        f"{_people(press, asked, answer)}"
        f'<ol class="hits">\n{hits}</ol>\n{_more(press, asked, answer)}'
    )


def _counts(press: Press, answer: Answer) -> str:
    messages = press.texts.count("messages", answer.total)
    return f"{messages}, {press.texts.count('threads', answer.threads)}"


def _link(asked: Asked, query: str, **options: str) -> str:
    """A reference to another search."""
    options = {name: value for name, value in options.items() if value}
    if asked.grouped and "group" not in options:
        options["group"] = "thread"
    return attribute(urls.search_for(query, **options))


def _choices(press: Press, asked: Asked, answer: Answer) -> str:
    parts = []
    for order in Order:
        words = escape(press.texts[f"search_{order.value}"])
        if order is answer.order:
            parts.append(f'<b aria-current="true">{words}</b>')
        else:
            href = _link(asked, asked.query, o=order.value)
            parts.append(f'<a href="{href}">{words}</a>')
    plain = asked._replace(grouped=not asked.grouped)
    words = press.texts["search_ungrouped" if asked.grouped else "search_grouped"]
    parts.append(f'<a href="{_link(plain, asked.query)}">{escape(words)}</a>')
    return f'<p class="choices">{" ".join(parts)}</p>\n'


def _years(press: Press, asked: Asked, answer: Answer) -> str:
    if len(answer.years) < 2:
        return ""
    links = (
        f'<a href="{_link(asked, f"{asked.query} date:{year:04}")}">{year} ({press.texts.number(hits)})</a>'
        for year, hits in answer.years
        if year
    )
    return f'<p class="choices">{" ".join(links)}</p>\n'


def _people(press: Press, asked: Asked, answer: Answer) -> str:
    if len(answer.people) < 2:
        return ""
    links = (
        f'<a href="{_link(asked, f"{asked.query} person:{one.slug}")}">'
        f"<bdi>{escape(one.name)}</bdi> ({press.texts.number(one.hits)})</a>"
        for one in answer.people
    )
    return f'<p class="choices">{" ".join(links)}</p>\n'


def _more(press: Press, asked: Asked, answer: Answer) -> str:
    if not answer.cursor:
        return ""
    href = _link(asked, asked.query, o=answer.order.value, c=answer.cursor)
    return f'<p class="more"><a href="{href}" rel="next">{escape(press.texts["search_more"])}</a></p>\n'


def _hit(press: Press, links: urls.Links, hit: Hit) -> str:
    row = hit.row
    at = moment(row.utc, press.texts.calendar)
    subject = _marked(hit.subject) or escape(press.texts["no_subject"])
    by = f"<bdi>{escape(press.author(row))}</bdi>"
    if at:
        by += f' · <time datetime="{at.iso}">{escape(at.short)}</time>'
    if hit.in_thread > 1:
        by += f" · {escape(press.texts.fill('search_in_thread', n=press.texts.number(hit.in_thread)))}"
    return (
        f'<li class="hit"><h2><a href="{attribute(links.to_message(row))}">{subject}'
        f'</a></h2>\n<p class="by">{by}</p>\n'
        f'<p class="snippet">{_marked(hit.snippet)}</p></li>\n'
    )


def _marked(pieces: Iterable[Piece]) -> str:
    """Escaped first, marked then: no text of mail is ever markup."""
    return "".join(
        f"<mark>{escape(piece.text)}</mark>" if piece.hit else escape(piece.text)
        for piece in pieces
    )
