"""The page of one message."""

from __future__ import annotations

from typing import NamedTuple

from posterity.render import urls
from posterity.render.citations import citation
from posterity.render.citing import quoted_in, quotes
from posterity.render.headers import all_fields, header_data
from posterity.render.html import clip, escape, markup, quotable, shown
from posterity.render.htmlmail import view_file, view_of
from posterity.render.letters import Letter, raw_path, read_letter
from posterity.render.links import ROOT
from posterity.render.moments import moment, short
from posterity.render.outline import Outline
from posterity.render.press import File, Frame, Press, Step, way_to_person, ways
from posterity.render.withdrawn import note, withdrawn_page
from posterity.rows import AttachmentRow, MessageRow

MAX_FILES = 200
"""Attachments listed on a page."""

MAX_IMAGE = 300_000
"""Octets of an image that is shown on the page; a larger one is a link."""

MAX_COPIES = 50
"""Copies, and places where a message was found, that are listed."""

_SHOWN_IMAGES = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})


class FileItem(NamedTuple):
    """An attachment as a page lists it."""

    href: str
    name: str
    media_type: str
    size: str
    image: bool


def message_page(press: Press, outline: Outline, letter: Letter, view: str = "") -> File:
    """The page of a message that stands in a thread.

    Args:
        view: its own HTML, where that is published (`htmlmail`).
    """
    row = letter.row
    links = urls.Links(urls.message(row))
    at = outline.index[row.key]
    before, after = outline.beside(at)
    older, newer = press.reader.in_time(row.key)
    steps = (_step(press, links, before), _step(press, links, after))
    times = (_step(press, links, older), _step(press, links, newer))
    thread = _thread(press, outline, at, links)
    slots = {
        **_heading(press, row, links),
        **_around(steps, thread),
        "headers_href": _headers(outline, at, links),
        "data": header_data(press, letter, links),
        "fields": all_fields(press, letter),
        "raw_href": links.to(raw_path(press, row)),
        "notes": _notes(press, letter),
        "view_href": links.to(urls.html_view(row.digest)) if view else "",
        "body": letter.html.replace(ROOT, links.root),
        "files": _files(press, row, links),
        "tree": outline.tree(press.texts, press.addresses, links).around(at),
        **_in_time(times),
        "quoted_in": quoted_in(press, row, links),
        "quotes": quotes(press, row, letter.quotes, links),
        "copies": _copies(press, row, links),
        **_cited(press, row),
        "found": _found(press, letter, links),
        "defects": _defects(press, row),
        "returns": _returns(press, outline, row, links),
        "permalink": shown(press.absolute(links.path)),
    }
    trail = press.trail_to_month(links, row.month)
    if thread:
        words = press.texts.count("thread_of", len(outline.places))
        trail = (*trail, Step(thread.href, words))
    frame = Frame(
        links.path,
        _title(press, row),
        "message",
        trail,
        steps[0] or times[0],
        steps[1] or times[1],
        about=press.said(row),
        published=slots["iso"],
    )
    return press.framed(frame, links, press.filled("message.html", slots, {}))


def _heading(press: Press, row: MessageRow, links: urls.Links) -> dict[str, str]:
    """What stands at the top: the subject, who wrote, when."""
    when = moment(row.utc, press.texts.calendar)
    return {
        "subject": shown(press.subject(row, 400)),
        "author": shown(press.author(row)),
        "author_href": links.to(urls.person(row.person)) if row.person else "",
        "iso": when.iso if when else "",
        "day": when.day if when else "",
    }


def _around(steps: tuple[Step | None, Step | None], thread: Step | None) -> dict[str, str]:
    """The ways in the thread; all "" for a message that is alone."""
    before, after = steps if thread else (None, None)
    return {
        "before_href": before.href if before else "",
        "before_words": shown(before.words) if before else "",
        "after_href": after.href if after else "",
        "after_words": shown(after.words) if after else "",
        "thread_href": thread.href if thread else "",
        "thread_words": shown(thread.words) if thread else "",
    }


def _cited(press: Press, row: MessageRow) -> dict[str, str]:
    cited = citation(press, row)
    return {
        "cite_text": quotable(markup(cited.text)),
        "cite_bibtex": quotable(markup(cited.bibtex)),
        "cite_ris": quotable(markup(cited.ris)),
        "cite_csl": markup(cited.csl),
    }


def single_page(press: Press, key: int) -> File:
    """One message's page, alone: what a server sends."""
    outline = Outline(press.reader.tree(press.reader.thread_of(key)))
    row = press.reader.message(key)
    if row.withdrawn:
        return withdrawn_page(press, outline, row)
    letter = read_letter(press, row)
    return message_page(press, outline, letter, view_of(press, letter))


def html_view(press: Press, key: int) -> File | None:
    """The file of a message's own HTML, alone; None where none is published."""
    letter = read_letter(press, press.reader.message(key))
    view = view_of(press, letter)
    return view_file(press, letter, view) if view else None


def _title(press: Press, row: MessageRow) -> str:
    """Subject, person and date: what tells a page from a hundred thousand others."""
    who = press.author(row, 60)
    return f"{press.subject(row)} \N{EM DASH} {who}, {short(row.utc, press.texts['undated'], press.texts.calendar)}"


def _step(press: Press, links: urls.Links, row: MessageRow | None) -> Step | None:
    if row is None:
        return None
    words = f"{press.author(row, 30)}, {short(row.utc, press.texts['undated'], press.texts.calendar)}"
    return Step(links.to_message(row), words)


def _thread(press: Press, outline: Outline, at: int, links: urls.Links) -> Step | None:
    """The way to this message on the thread page; None for a message that is alone."""
    if not outline.digest:
        return None
    path = urls.thread(outline.digest, outline.part(at))
    anchor = urls.in_thread(outline.row(at).digest)
    words = press.texts.count("whole_thread", len(outline.places))
    return Step(links.to(path, anchor), words)


def _in_time(times: tuple[Step | None, Step | None]) -> dict[str, str]:
    """The ways to the messages published just before and after."""
    older, newer = times
    return {
        "older_href": older.href if older else "",
        "older_words": shown(older.words) if older else "",
        "newer_href": newer.href if newer else "",
        "newer_words": shown(newer.words) if newer else "",
    }


def _headers(outline: Outline, at: int, links: urls.Links) -> str:
    """The way to the thread as its headers alone have it; "" where they tell all of it."""
    if not outline.inferred:
        return ""
    return links.to(urls.thread(outline.digest, outline.part(at)), urls.BY_HEADERS)


def _notes(press: Press, letter: Letter) -> str:
    """What a reader should know of the text before reading it."""
    notes = []
    if letter.body.html:
        notes.append("note_html")
    if letter.found_in:
        notes.append("note_recovered")
    if not letter.row.listed:
        notes.append("note_copy")
    words = [press.texts[name] for name in notes]
    if letter.row.amended:
        words.append(note(press, letter.row))
    return "".join(f'<p class="note">{shown(one)}</p>\n' for one in words)


def _files(press: Press, row: MessageRow, links: urls.Links) -> str:
    """The files that came with the message, as list items."""
    if not row.attachments:
        return ""
    items = []
    for one in press.reader.attachments(row.key)[:MAX_FILES]:
        href, name, media_type, size, image = file_item(press, one, links)
        picture = f'<img src="{href}" alt="" loading="lazy">' if image else ""
        items.append(
            f'<li><a href="{href}">{picture}<bdi>{shown(name)}</bdi></a>'
            f" <span>{shown(media_type)}, {shown(size)}</span></li>\n"
        )
    return "".join(items)


def file_item(press: Press, one: AttachmentRow, links: urls.Links) -> FileItem:
    """An attachment as lists show it."""
    return FileItem(
        links.to(urls.attachment(one.digest, one.media_type)),
        clip(press.addresses.text(one.filename), 120) or press.texts["unnamed_file"],
        one.media_type,
        press.texts.octets(one.size),
        one.media_type in _SHOWN_IMAGES and one.size <= MAX_IMAGE,
    )


def _copies(press: Press, row: MessageRow, links: urls.Links) -> str:
    """The other copies of the letter, as list items."""
    items = []
    for one in press.reader.copies(row.key)[:MAX_COPIES]:
        day = short(one.message.utc, press.texts["undated"], press.texts.calendar)
        words = shown(f"{press.subject(one.message)}, {day}")
        how = shown(press.texts[f"copy_{one.how.name.lower()}"])
        href = links.to_message(one.message)
        items.append(
            f'<li><a href="{href}"><bdi>{words}</bdi></a> <small>{how}</small></li>\n'
        )
    return "".join(items)


def _found(press: Press, letter: Letter, links: urls.Links) -> str:
    """Where a recovered message lies, as a list item.

    What source a kept one came from is said on the about page only, so that a site is
    the same whether its mail came as an mbox or as a Maildir.
    """
    if letter.found_in is None:
        return ""
    host = letter.found_in.host
    words = escape(press.texts["found_inside"])
    subject = escape(press.subject(host))
    at = escape(
        press.texts.fill("found_at", offset=press.texts.number(letter.found_in.offset))
    )
    href = links.to_message(host)
    return f'<li>{words} <a href="{href}"><bdi>{subject}</bdi></a> {at}</li>\n'


def _defects(press: Press, row: MessageRow) -> str:
    """What is odd about the message, as list items."""
    items = []
    for code, spot, detail in press.reader.defects(row.key)[:MAX_COPIES]:
        where = press.addresses.text(clip(": ".join(w for w in (spot, detail) if w), 160))
        place = f" <code>{escape(where)}</code>" if where else ""
        items.append(f"<li>{escape(press.texts.meaning(code))}{place}</li>\n")
    return "".join(items)


def _returns(press: Press, outline: Outline, row: MessageRow, links: urls.Links) -> str:
    """The ways back: the months and the people of the thread, few of a long one."""
    near = outline.near(outline.index[row.key])
    found = outline.ways.get((links.folder, near[0], near[-1]))
    if found is None:
        rows = [outline.row(at) for at in near]
        months = sorted({one.month for one in rows})
        people = {one.person: press.author(one, 40) for one in reversed(rows) if one.person}
        found = ways(
            [Step(links.to(urls.month(name)), press.month(name)) for name in months]
        )
        found += "".join(
            way_to_person(links.folder, slug, name)
            for slug, name in sorted(people.items(), key=lambda pair: (pair[1], pair[0]))
        )
        outline.ways[links.folder, near[0], near[-1]] = found
    return found
