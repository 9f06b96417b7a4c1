"""The page of a whole thread, read from top to bottom, in parts where it is long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from posterity import mboxrd
from posterity.render import urls
from posterity.render.body import without_anchors
from posterity.render.byheaders import by_headers
from posterity.render.epub import Book
from posterity.render.feeds import feed
from posterity.render.html import attribute, escape, shown
from posterity.render.htmlmail import view_file, view_of
from posterity.render.letters import Letter, files_of, raw_path, read_letter
from posterity.render.links import ROOT
from posterity.render.messages import message_page
from posterity.render.moments import moment, short, span
from posterity.render.originals import masked_text, served
from posterity.render.outline import SHARE, Outline
from posterity.render.press import File, Frame, Press, Step
from posterity.render.tree import Tree, reason
from posterity.render.withdrawn import withdrawn_page
from posterity.rows import MessageRow

MOST_HTML = 200_000
"""Octets of message text on one part; what would pass it is left to message pages."""

MOST_PEOPLE = 12
"""People named at the top of a thread."""

DEEPEST = 6
"""Levels by which messages are set in."""

FEED_ENTRIES = 100
"""Newest messages in a thread's feed."""


class Pager(NamedTuple):
    """The parts of a thread page, and which of them this is."""

    parts: tuple[Step, ...]
    here: int


def thread_files(press: Press, key: int) -> Iterator[File]:
    """Every file of one thread: pages, originals, attachments, mbox, feed, book.

    Each message is fetched, parsed and printed once. Files come as they are made; the
    whole mbox, of all messages, comes last but one.
    """
    outline = Outline(press.reader.tree(key))
    originals: list[bytes] = []
    book = Book(press, outline, wanted=press.settings.epub and bool(outline.digest))
    for number, part in enumerate(outline.parts, 1):
        bodies: dict[int, str] = {}
        for at in part:
            if outline.row(at).withdrawn:
                yield withdrawn_page(press, outline, outline.row(at))
                bodies[at] = ""
                book.add(at, None)
                continue
            letter = read_letter(press, outline.row(at))
            original = served(letter.octets, letter.row.digest, press.addresses)
            yield from _letter_files(press, outline, letter, original)
            book.add(at, letter)
            if outline.digest:
                if letter.found_in is None:  # a recovered message stands in its host
                    originals.append(original)
                bodies[at] = _body(press, outline, at, letter)
        if outline.digest:
            yield _part(press, outline, number, bodies)
    if outline.digest:
        yield File(urls.thread_mbox(outline.digest), b"".join(mboxrd.frames(originals)))
        rows = [outline.row(at) for at in outline.places if not outline.row(at).withdrawn]
        yield feed(
            press,
            urls.thread_feed(outline.digest),
            urls.thread(outline.digest),
            press.subject(outline.lead),
            rows[-FEED_ENTRIES:],
        )
    yield from book.files()


def _letter_files(
    press: Press, outline: Outline, letter: Letter, original: bytes
) -> Iterator[File]:
    """The files of one message: its page, its own HTML, its octets, its attachments."""
    view = view_of(press, letter)
    yield message_page(press, outline, letter, view)
    if view:
        yield view_file(press, letter, view)
    if press.settings.raw == "messages":
        yield File(raw_path(press, letter.row), original)
    yield from _attachment_files(press, letter)


def thread_page(press: Press, key: int, number: int) -> File | None:
    """One part of a thread page, alone; None where there is no such part."""
    outline = Outline(press.reader.tree(key))
    if not outline.digest or not 1 <= number <= len(outline.parts):
        return None
    bodies = {
        at: ""
        if outline.row(at).withdrawn
        else _body(press, outline, at, read_letter(press, outline.row(at)))
        for at in outline.parts[number - 1]
    }
    return _part(press, outline, number, bodies)


def _attachment_files(press: Press, letter: Letter) -> Iterator[File]:
    """The content of each file, named by its digest; texts masked as the rest is."""
    for one in files_of(letter):
        path = urls.attachment(sha256(one.content).hexdigest(), one.media_type)
        is_text = urls.neutral_ending(one.media_type) == "txt"
        yield File(
            path, masked_text(one.content, press.addresses) if is_text else one.content
        )


def _body(press: Press, outline: Outline, at: int, letter: Letter) -> str:
    """A message's text as the thread page has it: no anchors, at most its share."""
    node = outline.nodes[at]
    if not letter.row.listed:
        return ""
    stands_above = at > 0 and node.parent == at - 1
    html = without_anchors(letter.html, fold=stands_above)
    if len(html) <= SHARE:
        return html
    return _shortened(press, letter)


def _shortened(press: Press, letter: Letter) -> str:
    """The beginning of a very long text, in fixed pitch, and the way to the whole."""
    room = SHARE // 8
    lines = []
    for line in letter.body.lines:
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
    text = escape(press.addresses.text("\n".join(lines)))
    href = attribute(urls.quote(urls.message(letter.row)))
    words = escape(press.texts["read_whole_message"])
    return f'<pre>{text}</pre>\n<p class="note"><a href="{ROOT}{href}">{words}</a></p>\n'


def _part(press: Press, outline: Outline, number: int, bodies: Mapping[int, str]) -> File:
    links = urls.Links(urls.thread(outline.digest, number))
    texts = press.texts
    rows = [outline.row(at) for at in outline.places]
    messages, when = texts.count("messages", len(rows)), _span(press, rows)
    tree = Tree(outline.nodes, texts, press.addresses, links, anchors=True)
    parts = _parts(outline, links)
    part = texts.fill("part_of", n=number, all=len(parts)) if len(parts) > 1 else ""
    feed_href = links.to(urls.thread_feed(outline.digest))
    slots = {
        "subject": shown(press.subject(outline.lead, 400)),
        "messages": shown(messages),
        "span": shown(when),
        "part": shown(part),
        "writers": _writers(press, rows, links),
        "mbox_href": links.to(urls.thread_mbox(outline.digest)),
        "feed_href": feed_href,
        "epub_href": links.to(urls.thread_epub(outline.digest))
        if press.settings.epub
        else "",
        **_pagers(press, Pager(parts, number)),
        "outline": tree.part(range(*outline.span(number))),
        "by_headers": _by_headers(press, outline, number, tree),
        "first": "x" if number == 1 else "",
        "entries": "".join(_entries(press, outline, number, bodies, links)),
    }
    who = press.author(outline.lead, 60)
    begun = short(rows[0].utc, texts["undated"], texts.calendar)
    title = (
        f"{press.subject(outline.lead)} \N{EM DASH} {texts['thread_title']}, {who}, {begun}"
    )
    frame = Frame(
        links.path,
        f"{title}, {part}" if part else title,
        "thread",
        press.trail_to_month(links, rows[0].month),
        parts[number - 2] if number > 1 else None,
        parts[number] if number < len(parts) else None,
        feed_href,
        about=f"{messages}, {when}: {press.said(outline.lead)}",
    )
    return press.framed(frame, links, press.filled("thread.html", slots, {}))


def _span(press: Press, rows: Sequence[MessageRow]) -> str:
    """From the first to the last message of a thread."""
    times = [row.utc for row in rows if row.utc is not None]
    undated, calendar = press.texts["undated"], press.texts.calendar
    return span(min(times, default=None), max(times, default=None), undated, calendar)


def _pagers(press: Press, pager: Pager) -> dict[str, str]:
    """The ways to the other parts, above and below; "" where there are none."""
    pages = {"pager": press.texts["pages"], "pager_again": press.texts["pages_again"]}
    if len(pager.parts) == 1:
        return dict.fromkeys(pages, "")
    return {
        name: press.theme.page("pager.html", {"page": pager, "label": label})
        for name, label in pages.items()
    }


def _by_headers(press: Press, outline: Outline, number: int, drawn: Tree) -> str:
    """The outline of a part without what was inferred; "" where nothing was."""
    if not outline.inferred:
        return ""
    nodes, places = by_headers(outline.nodes, *outline.span(number))
    tree = Tree(nodes, press.texts, press.addresses, drawn.links, anchors=True)
    tree.adopt(drawn, places)
    return tree.part(range(len(nodes)))


def _parts(outline: Outline, links: urls.Links) -> tuple[Step, ...]:
    return tuple(
        Step(links.to(urls.thread(outline.digest, n)), str(n))
        for n in range(1, len(outline.parts) + 1)
    )


def _writers(press: Press, rows: Sequence[MessageRow], links: urls.Links) -> str:
    """Who wrote in the thread, most messages first."""
    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    for row in rows:
        if row.withdrawn:
            continue
        who = row.person or row.author
        counts[who] = counts.get(who, 0) + 1
        names.setdefault(who, press.author(row, 40))
    known = {row.person for row in rows}
    most = sorted(counts, key=lambda who: (-counts[who], names[who], who))
    writers = []
    for who in most[:MOST_PEOPLE]:
        name = f"<bdi>{shown(names[who])}</bdi>"
        is_known = who in known and who
        writers.append(
            f'<a href="{links.to(urls.person(who))}">{name}</a>' if is_known else name
        )
    more = len(most) - MOST_PEOPLE
    others = f" {shown(press.texts.count('more_people', more))}" if more > 0 else ""
    return ", ".join(writers) + others


def _entries(
    press: Press,
    outline: Outline,
    number: int,
    bodies: Mapping[int, str],
    links: urls.Links,
) -> Iterator[str]:
    """Each message of a part, its text included."""
    room = MOST_HTML
    for at in outline.parts[number - 1]:
        row = outline.row(at)
        html = bodies[at].replace(ROOT, links.root)
        room -= len(html)
        if room < 0 or not row.listed:
            key = "read_message" if row.listed else "is_a_copy"
            key = "withdrawn_here" if row.withdrawn else key
            html = f'<p class="note">{escape(press.texts[key])}</p>\n'
        slots = _entry(press, outline, number, at, links)
        yield press.filled("entry.html", {**slots, "body": html}, {})


def _entry(
    press: Press, outline: Outline, number: int, at: int, links: urls.Links
) -> dict[str, str]:
    """What stands above a message's text."""
    row = outline.row(at)
    node = outline.nodes[at]
    above = outline.nodes[node.parent].message if node.parent >= 0 else None
    first = at == outline.places[0]
    marked = "x" if number == 1 else ""
    changed = first or (above is not None and above.base_subject != row.base_subject)
    beside = node.parent == at - 1
    parent = None if beside else _to_parent(press, outline, number, node.parent, links)
    when = moment(row.utc, press.texts.calendar)
    return {
        "marked": marked,
        "comment": "" if first else marked,
        "anchor": urls.in_thread(row.digest),
        "depth": str(min(node.depth, DEEPEST)),
        "author": shown(press.author(row)),
        "author_href": links.to(urls.person(row.person)) if row.person else "",
        "href": links.to_message(row),
        "iso": when.iso if when else "",
        "full": when.full if when else "",
        "subject": shown(press.subject(row)) if changed else "",
        "same": "x" if first and row.key == outline.lead.key else "",
        "why": shown(reason(node, press.texts)),
        "parent_href": parent.href if parent else "",
        "parent_words": shown(parent.words) if parent else "",
    }


def _to_parent(
    press: Press, outline: Outline, number: int, at: int, links: urls.Links
) -> Step | None:
    """The way to the message that one answers, where that does not stand right above."""
    row = outline.nodes[at].message if at >= 0 else None
    if row is None:
        return None
    anchor = urls.in_thread(row.digest)
    part = outline.part(at)
    href = (
        f"#{anchor}"
        if part == number
        else links.to(urls.thread(outline.digest, part), anchor)
    )
    return Step(href, press.author(row, 40))
