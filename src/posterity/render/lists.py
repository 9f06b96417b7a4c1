"""Rows of lists, printed: threads, messages, people, files.

Lists are packed into pages by the octets of their rows, so rows are printed first.
"""

from __future__ import annotations

from posterity.render import urls
from posterity.render.html import breakable, clip, escape
from posterity.render.messages import file_item
from posterity.render.moments import moment, short, span, years
from posterity.render.press import Press
from posterity.rows import AttachmentRow, MessageRow, PersonRow, ThreadSummary

WORDS = 90
"""Characters of a message's first words."""

MOST_OCTETS = 120_000
"""Octets of a list page's rows; with what stands around them under 150 KB."""


def thread_path(summary: ThreadSummary) -> str:
    """Where a thread is read: its page, or its only message's."""
    root = summary.root
    return urls.thread(root.thread) if root.thread else urls.message(root)


def thread_row(
    press: Press, links: urls.Links, summary: ThreadSummary, *, author: bool = True
) -> str:
    """A thread: subject, starter, messages, people, span."""
    root, texts = summary.root, press.texts
    href = links.to(thread_path(summary))
    words = [escape(texts.count("messages", summary.messages))]
    if 0 < summary.in_month < summary.messages:
        words.append(escape(texts.count("here", summary.in_month)))
    if summary.people > 1:
        words.append(escape(texts.count("people", summary.people)))
    who = f"{_person(press, links, root)} " if author else ""
    when = escape(span(summary.first, summary.last, texts["undated"], texts.calendar))
    return (
        f'<li><a href="{href}"><bdi>{escape(press.subject(root))}</bdi></a>'
        f"<p>{who}<span>{', '.join(words)}</span>"
        f" <span>{when}</span></p></li>\n"
    )


def message_row(
    press: Press,
    links: urls.Links,
    row: MessageRow,
    *,
    author: bool = True,
    clock: bool = False,
) -> str:
    """A message: subject, author, day, or its time where a heading tells the day."""
    href = links.to_message(row)
    who = f"{_person(press, links, row)} " if author else ""
    first = clip(press.addresses.text(row.words), WORDS)
    words = f" <q>{escape(first)}</q>" if first else ""
    when = _time(press, row) if clock else _day(press, row)
    return (
        f'<li><a href="{href}"><bdi>{escape(press.subject(row))}</bdi></a>'
        f"<p>{who}{when}{words}</p></li>\n"
    )


def person_row(press: Press, links: urls.Links, person: PersonRow) -> str:
    """A person: name, messages, years."""
    name = breakable(
        escape(press.addresses.text(person.name[:80]) or press.texts["nobody"])
    )
    when = escape(years(person.first, person.last, press.texts["undated"]))
    return (
        f'<tr><th scope="row"><a href="{links.to(urls.person(person.slug))}">'
        f"<bdi>{name}</bdi></a></th><td>{press.texts.number(person.posts)}</td><td>{when}</td></tr>\n"
    )


def attachment_row(
    press: Press, links: urls.Links, one: AttachmentRow, row: MessageRow
) -> str:
    """A file: name, type, size, and the message it came with."""
    item = file_item(press, one, links)
    return (
        f'<tr><th scope="row"><a href="{item.href}"><bdi>{breakable(escape(item.name))}</bdi></a></th>'
        f"<td>{escape(item.media_type)}</td><td>{item.size}</td>"
        f'<td><a href="{links.to_message(row)}"><bdi>{escape(press.subject(row, 80))}'
        f"</bdi></a></td></tr>\n"
    )


def _person(press: Press, links: urls.Links, row: MessageRow) -> str:
    name = f"<bdi>{escape(press.author(row))}</bdi>"
    if not row.person:
        return name
    return f'<a class="who" href="{links.to(urls.person(row.person))}">{name}</a>'


def _time(press: Press, row: MessageRow) -> str:
    at = moment(row.utc, press.texts.calendar)
    return f'<time datetime="{at.iso}">{at.iso[11:16]}</time>' if at else ""


def _day(press: Press, row: MessageRow) -> str:
    at = moment(row.utc, press.texts.calendar)
    if at is None:
        return f"<span>{escape(short(None, press.texts['undated']))}</span>"
    return f'<time datetime="{at.iso}">{at.short}</time>'
