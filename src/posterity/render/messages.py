"""The page of one message."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from posterity.defects import DefectCode
from posterity.render import urls
from posterity.render.citations import Citation, citation
from posterity.render.headers import all_fields, header_data
from posterity.render.html import clip, escape, printed
from posterity.render.letters import Letter, raw_path, read_letter
from posterity.render.links import ROOT
from posterity.render.moments import Moment, moment, short
from posterity.render.outline import Outline
from posterity.render.press import File, Frame, Press, Step, ways
from posterity.rows import AttachmentRow, MessageRow

MAX_FILES = 200
"""Attachments listed on a page."""

MAX_IMAGE = 300_000
"""Octets of an image that is shown on the page; a larger one is a link."""

MAX_COPIES = 50
"""Copies, and places where a message was found, that are listed."""

_MEANING = {code.value: code.meaning for code in DefectCode}
_SHOWN_IMAGES = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})


class FileItem(NamedTuple):
    """An attachment as a page lists it."""

    href: str
    name: str
    media_type: str
    size: str
    image: bool


class CopyItem(NamedTuple):
    """Another copy of the letter."""

    href: str
    words: str
    how: str


class MessagePage(NamedTuple):
    """What the page of a message shows; Markup is made of escaped text."""

    subject: str
    author: str
    author_href: str
    when: Moment | None
    data: Markup
    fields: Markup
    field_count: int
    raw_href: str
    notes: tuple[str, ...]
    body: Markup
    files: tuple[FileItem, ...]
    tree: Markup
    tree_note: str
    thread: Step | None
    thread_steps: tuple[Step | None, Step | None]
    in_time: Markup
    copies: tuple[CopyItem, ...]
    citation: Citation
    found: Markup
    defects: Markup
    returns: Markup
    permalink: str


def message_page(press: Press, outline: Outline, letter: Letter) -> File:
    """The page of a message that stands in a thread."""
    row = letter.row
    links = urls.Links(urls.message(row))
    at = outline.index[row.key]
    before, after = outline.beside(at)
    older, newer = press.reader.in_time(row.key)
    steps = (_step(press, links, before), _step(press, links, after))
    times = (_step(press, links, older), _step(press, links, newer))
    tree = outline.tree(press.texts, press.addresses, links)
    thread = _thread(press, outline, at, links)
    page = MessagePage(
        subject=press.subject(row, 400),
        author=press.author(row),
        author_href=links.to(urls.person(row.person)) if row.person else "",
        when=moment(row.utc),
        data=printed(header_data(press, letter, links)),
        fields=printed(all_fields(press, letter)),
        field_count=len(letter.message.fields),
        raw_href=links.to(raw_path(press, row)),
        notes=_notes(press, letter),
        body=printed(letter.html.replace(ROOT, links.root)),
        files=_files(press, row, links),
        tree=printed(tree.around(at)),
        tree_note=press.texts.count("messages", len(outline.places)),
        thread=thread,
        thread_steps=steps,
        in_time=ways(times),
        copies=_copies(press, row, links),
        citation=citation(press, row),
        found=_found(press, letter, links),
        defects=_defects(press, row),
        returns=_returns(press, outline, row, links),
        permalink=press.absolute(links.path),
    )
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
    )
    return press.print("message.html", frame, links, page)


def single_page(press: Press, key: int) -> File:
    """One message's page, alone: what a server sends."""
    outline = Outline(press.reader.tree(press.reader.thread_of(key)))
    return message_page(press, outline, read_letter(press, press.reader.message(key)))


def _title(press: Press, row: MessageRow) -> str:
    """Subject, person and date: what tells a page from a hundred thousand others."""
    who = press.author(row, 60)
    return (
        f"{press.subject(row)} \N{EM DASH} {who}, {short(row.utc, press.texts['undated'])}"
    )


def _step(press: Press, links: urls.Links, row: MessageRow | None) -> Step | None:
    if row is None:
        return None
    words = f"{press.author(row, 30)}, {short(row.utc, press.texts['undated'])}"
    return Step(links.to(urls.message(row)), words)


def _thread(press: Press, outline: Outline, at: int, links: urls.Links) -> Step | None:
    """The way to this message on the thread page; None for a message that is alone."""
    if not outline.digest:
        return None
    path = urls.thread(outline.digest, outline.part(at))
    anchor = urls.in_thread(outline.row(at).digest)
    words = press.texts.count("whole_thread", len(outline.places))
    return Step(links.to(path, anchor), words)


def _notes(press: Press, letter: Letter) -> tuple[str, ...]:
    """What a reader should know of the text before reading it."""
    notes = []
    if letter.body.html:
        notes.append(press.texts["note_html"])
    if letter.found_in:
        notes.append(press.texts["note_recovered"])
    if not letter.row.listed:
        notes.append(press.texts["note_copy"])
    return tuple(notes)


def _files(press: Press, row: MessageRow, links: urls.Links) -> tuple[FileItem, ...]:
    if not row.attachments:
        return ()
    rows = press.reader.attachments(row.key)[:MAX_FILES]
    return tuple(file_item(press, one, links) for one in rows)


def file_item(press: Press, one: AttachmentRow, links: urls.Links) -> FileItem:
    """An attachment as lists show it."""
    return FileItem(
        links.to(urls.attachment(one.digest, one.media_type)),
        clip(press.addresses.text(one.filename), 120) or press.texts["unnamed_file"],
        one.media_type,
        octets_in_words(one.size),
        one.media_type in _SHOWN_IMAGES and one.size <= MAX_IMAGE,
    )


def octets_in_words(size: int) -> str:
    """412 B, 3.4 KB, 1.2 MB."""
    if size < 1000:
        return f"{size} B"
    amount, unit = (size / 1000, "KB") if size < 999_950 else (size / 1_000_000, "MB")
    return f"{amount:,.1f}\N{NO-BREAK SPACE}{unit}"


def _copies(press: Press, row: MessageRow, links: urls.Links) -> tuple[CopyItem, ...]:
    return tuple(
        CopyItem(
            links.to(urls.message(one.message)),
            f"{press.subject(one.message)}, {short(one.message.utc, press.texts['undated'])}",
            press.texts[f"copy_{one.how.name.lower()}"],
        )
        for one in press.reader.copies(row.key)[:MAX_COPIES]
    )


def _found(press: Press, letter: Letter, links: urls.Links) -> Markup:
    """Every place the message was found in, as list items."""
    items = []
    for one in letter.sightings[:MAX_COPIES]:
        words = press.texts.fill(
            "found_at",
            source=clip(f"{one.source} {one.member}".strip(), 200),
            offset=f"{one.offset:,}",
            length=f"{one.length:,}",
        )
        items.append(f"<li><bdi>{escape(words)}</bdi></li>\n")
    if letter.found_in:
        host = letter.found_in.host
        words = escape(press.texts["found_inside"])
        href = links.to(urls.message(host))
        items.append(
            f'<li>{words} <a href="{href}"><bdi>{escape(press.subject(host))}</bdi></a></li>\n'
        )
    return printed("".join(items))


def _defects(press: Press, row: MessageRow) -> Markup:
    """What is odd about the message, as list items."""
    items = []
    for code, place, detail in press.reader.defects(row.key)[:MAX_COPIES]:
        where = press.addresses.text(clip(": ".join(w for w in (place, detail) if w), 160))
        shown = f" <code>{escape(where)}</code>" if where else ""
        items.append(f"<li>{escape(_MEANING.get(code, code))}{shown}</li>\n")
    return printed("".join(items))


def _returns(press: Press, outline: Outline, row: MessageRow, links: urls.Links) -> Markup:
    """The ways back: the months and the people of the thread, few of a long one."""
    near = outline.near(outline.index[row.key])
    found = outline.ways.get((links.folder, near[0], near[-1]))
    if found is None:
        rows = [outline.row(at) for at in near]
        months = sorted({one.month for one in rows})
        people = {one.person: press.author(one, 40) for one in reversed(rows) if one.person}
        steps = [Step(links.to(urls.month(name)), press.month(name)) for name in months]
        steps += [
            Step(links.to(urls.person(slug)), name)
            for slug, name in sorted(people.items(), key=lambda pair: (pair[1], pair[0]))
        ]
        found = outline.ways[links.folder, near[0], near[-1]] = ways(steps)
    return found
