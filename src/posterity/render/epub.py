"""A thread as a book: EPUB 3, a chapter a message, in reading order.

The book holds nothing remote, no script and no fold; links lead to other chapters, to
the sites that people linked, and, where the archive has a base URL, to its pages. The
same thread makes the same octets: the time of its last message stands for the time of
the book's making, and every file in it bears the first time that a zip can say.

Sources: EPUB 3.3 (W3C Recommendation); EPUB Open Container Format.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from posterity.render import urls
from posterity.render.body import without_anchors
from posterity.render.html import attribute, clip, escape
from posterity.render.letters import Letter, read_letter
from posterity.render.links import ROOT
from posterity.render.moments import moment, span
from posterity.render.outline import Outline
from posterity.render.press import File, Press
from posterity.render.xhtml import as_xhtml
from posterity.rows import MessageRow

MOST_CREATORS = 20
"""People named as the book's authors, in the order in which they speak."""

DEEPEST = 5
"""Levels of the table of contents."""

MIMETYPE: Final = b"application/epub+zip"
STYLE: Final = "book.css"
LEVEL: Final = 6

_TIME: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o644 << 16
_UNIX: Final = 3
_NEVER: Final = "1970-01-01T00:00:00Z"
"""Stands where a time must and none is known."""

_SITE: Final = "site:"
"""Stands before references to our own pages, in place of `ROOT`, which is no XML."""
_SOUND: Final = re.compile(
    r"(?:https?|ftp|mailto):(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+"
)
"""References that RFC 3986 allows; people have linked others."""

_XML: Final = '<?xml version="1.0" encoding="utf-8"?>\n'
_CONTAINER: Final = (
    f"{_XML}"
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">\n'
    '<rootfiles><rootfile full-path="EPUB/package.opf"'
    ' media-type="application/oebps-package+xml"/></rootfiles>\n</container>\n'
)


class Chapter(NamedTuple):
    """A message in the book."""

    row: MessageRow
    level: int
    body: str


class Book:
    """A thread that is being bound.

    Args:
        outline: of the whole thread.
        wanted: False makes no book, and costs nothing.
    """

    def __init__(self, press: Press, outline: Outline, *, wanted: bool = True) -> None:
        self._press = press
        self._wanted = wanted
        self._outline = outline
        self._chapters: list[Chapter] = []
        self._names = {
            urls.quote(urls.message(outline.row(at))): f"m{number}.xhtml"
            for number, at in enumerate(outline.places if wanted else (), 1)
        }

    def add(self, at: int, letter: Letter | None) -> None:
        """Add the message of a place, in reading order; None for a withdrawn one."""
        if not self._wanted:
            return
        row = self._outline.row(at)
        before = self._chapters[-1].level if self._chapters else -1
        level = min(self._outline.nodes[at].depth, before + 1, DEEPEST)
        if letter is None:
            body = f'<p class="note">{escape(self._press.texts["withdrawn_here"])}</p>\n'
        elif not row.listed:
            body = f'<p class="note">{escape(self._press.texts["is_a_copy"])}</p>\n'
        else:
            body = as_xhtml(without_anchors(letter.html).replace(ROOT, _SITE), self._lead)
        self._chapters.append(Chapter(row, level, body))

    def _lead(self, href: str) -> str:
        """Where a reference of a message's text leads in the book."""
        if not href.startswith(_SITE):
            return href if _SOUND.fullmatch(href) else ""
        path, _, _ = href.removeprefix(_SITE).partition("#")
        return self._names.get(path) or self._page(path)

    def _page(self, path: str) -> str:
        base = self._press.settings.base_url
        return f"{base.rstrip('/')}/{path}" if base else ""

    def files(self) -> Iterator[File]:
        """The book, if it is wanted."""
        if self._wanted:
            yield self._bound()

    def _bound(self) -> File:
        out = io.BytesIO()
        with ZipFile(out, "w") as book:
            _put(book, "mimetype", MIMETYPE, ZIP_STORED)
            _put(book, "META-INF/container.xml", _CONTAINER.encode("utf-8"))
            for name, content in self._inside():
                _put(book, f"EPUB/{name}", content.encode("utf-8", "replace"))
        return File(
            urls.thread_epub(self._outline.digest or self._outline.lead.digest),
            out.getvalue(),
        )

    def _inside(self) -> Iterator[tuple[str, str]]:
        yield "package.opf", self._package()
        yield "nav.xhtml", self._contents()
        yield "title.xhtml", self._title_page()
        yield STYLE, self._press.theme.book
        for number, chapter in enumerate(self._chapters, 1):
            yield f"m{number}.xhtml", self._chapter(chapter)

    # -- what the book says of itself

    def _package(self) -> str:
        press, lead = self._press, self._outline.lead
        rows = [chapter.row for chapter in self._chapters]
        known = sha256("".join(row.digest for row in rows).encode("ascii")).hexdigest()
        moments = [at for at in (moment(row.utc) for row in rows) if at]
        last = max((at.iso for at in moments), default=_NEVER)
        first = min((at.iso for at in moments), default="")
        date = f"<dc:date>{first}</dc:date>\n" if first else ""
        creators = "".join(
            f"<dc:creator>{escape(name)}</dc:creator>\n"
            for name in list(dict.fromkeys(self._names_of(rows)))[:MOST_CREATORS]
        )
        source = press.absolute(urls.thread(self._outline.digest))
        names = [f"m{number}" for number in range(1, len(self._chapters) + 1)]
        items = "".join(
            f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>\n'
            for name in ["title", *names]
        )
        spine = "".join(f'<itemref idref="{name}"/>\n' for name in ["title", *names])
        return (
            f'{_XML}<package xmlns="http://www.idpf.org/2007/opf" version="3.0"'
            f' unique-identifier="id" xml:lang="{attribute(press.settings.language)}">\n'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
            f'<dc:identifier id="id">urn:sha256:{known}</dc:identifier>\n'
            f"<dc:title>{escape(press.subject(lead, 400))}</dc:title>\n"
            f"<dc:language>{escape(press.settings.language)}</dc:language>\n{creators}"
            f"<dc:publisher>{escape(clip(press.settings.title, 400))}</dc:publisher>\n{date}"
            + (f"<dc:source>{escape(source)}</dc:source>\n" if source else "")
            + f'<meta property="dcterms:modified">{last}</meta>\n</metadata>\n<manifest>\n'
            '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml"'
            ' properties="nav"/>\n'
            f'<item id="style" href="{STYLE}" media-type="text/css"/>\n{items}</manifest>\n'
            f"<spine>\n{spine}</spine>\n</package>\n"
        )

    def _names_of(self, rows: Sequence[MessageRow]) -> Iterator[str]:
        for row in rows:
            if not row.withdrawn:
                yield self._press.author(row, 200)

    # -- what is read

    def _contents(self) -> str:
        """The table of contents: the tree of the thread."""
        out: list[str] = []
        level = -1
        for number, chapter in enumerate(self._chapters, 1):
            if chapter.level > level:
                out.append("<ol>\n")
            else:
                out.append("</li>\n" + "</ol>\n</li>\n" * (level - chapter.level))
            level = chapter.level
            at = moment(chapter.row.utc, self._press.texts.calendar)
            when = f", {at.short}" if at else ""
            who = escape(self._press.author(chapter.row) + when)
            out.append(f'<li><a href="m{number}.xhtml">{who}</a>')
        out.append("</li>\n</ol>\n" * (level + 1))
        words = escape(self._press.texts["outline"])
        nav = f'<nav epub:type="toc" id="toc">\n<h1>{words}</h1>\n{"".join(out)}</nav>\n'
        return self._document(self._press.texts["outline"], nav)

    def _title_page(self) -> str:
        press, texts = self._press, self._press.texts
        rows = [chapter.row for chapter in self._chapters]
        times = [row.utc for row in rows if row.utc is not None]
        ends = (min(times, default=None), max(times, default=None))
        when = span(*ends, texts["undated"], texts.calendar)
        title = press.subject(self._outline.lead, 400)
        people = list(dict.fromkeys(self._names_of(rows)))
        more = len(people) - MOST_CREATORS
        names = ", ".join(people[:MOST_CREATORS])
        if more > 0:
            names += f" {texts.count('more_people', more)}"
        href = press.absolute(urls.thread(self._outline.digest))
        lines = [
            f"<h1>{escape(title)}</h1>",
            f"<p>{escape(names)}</p>",
            f"<p>{escape(texts.count('messages', len(rows)))}, {escape(when)}</p>",
            f"<p>{escape(clip(press.settings.title, 400))}</p>",
            f'<p><a href="{attribute(href)}">{escape(href)}</a></p>' if href else "",
            f"<p>{escape(texts['footer'])}</p>",
        ]
        return self._document(title, "\n".join(lines) + "\n")

    def _chapter(self, chapter: Chapter) -> str:
        press, row = self._press, chapter.row
        at = moment(row.utc, press.texts.calendar)
        when = (
            f'<time datetime="{at.iso}">{escape(at.full)}</time>'
            if at
            else escape(press.texts["undated"])
        )
        page = press.absolute(urls.message(row))
        if page:
            when = f'<a href="{attribute(page)}">{when}</a>'
        title = f"{press.author(row)}: {press.subject(row)}"
        return self._document(
            title,
            f"<h1>{escape(press.author(row, 200))}</h1>\n"
            f'<p class="by">{escape(press.subject(row, 400))}<br/>{when}</p>\n'
            f'<div class="body" dir="auto">\n{chapter.body}</div>\n',
        )

    def _document(self, title: str, body: str) -> str:
        language = attribute(self._press.settings.language)
        return (
            f'{_XML}<html xmlns="http://www.w3.org/1999/xhtml"'
            f' xmlns:epub="http://www.idpf.org/2007/ops" lang="{language}"'
            f' xml:lang="{language}">\n<head>\n<title>{escape(title)}</title>\n'
            f'<link rel="stylesheet" href="{STYLE}"/>\n</head>\n<body>\n{body}</body>\n'
            "</html>\n"
        )


def thread_book(press: Press, key: int) -> File:
    """The book of a thread."""
    outline = Outline(press.reader.tree(key))
    book = Book(press, outline)
    for at in outline.places:
        row = outline.row(at)
        book.add(at, None if row.withdrawn else read_letter(press, row))
    (file,) = book.files()
    return file


def _put(book: ZipFile, name: str, content: bytes, how: int = ZIP_DEFLATED) -> None:
    """Put a file into the zip, with nothing in its entry that another run would change."""
    entry = ZipInfo(name, _TIME)
    entry.compress_type = how
    entry.external_attr = _MODE
    entry.create_system = _UNIX
    book.writestr(entry, content, compresslevel=LEVEL)
