"""The text of a message as a person reads it: `Body` to an HTML fragment.

Own words come forward. Quotes are set back by level, long ones folded, and each names
the message it quotes. Signatures are dimmed; armour and encoded files fold to one
line; forwarded mail is framed; patches are coloured. Prose flows, what has columns
stays in fixed pitch (`prose`). Every line is a `span` with its anchor, and nothing else
in a fragment is a span, so that a page that repeats messages can drop the anchors.

References to our own pages begin with `links.ROOT`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from posterity.model import Body, Segment, SegmentKind
from posterity.render import urls
from posterity.render.addresses import Addresses
from posterity.render.fences import coloured, fences, has_fences
from posterity.render.grouping import groups
from posterity.render.html import attribute, escape, markup, visible
from posterity.render.links import (
    ROOT,
    Beside,
    Resolve,
    linked,
    nothing_beside,
    nothing_held,
)
from posterity.render.origins import Origins
from posterity.render.patches import MOST_FILES, Changed, Patch
from posterity.render.prose import runs
from posterity.render.texts import Texts
from posterity.rows import QuoteSpan

MAX_TEXT = 120_000
"""Characters of a text that a page shows; the rest is in the raw message. A page stays
under 250 KB, which a phone on a slow line opens in seconds."""

MAX_LINE = 20_000
"""Characters of a line that a page shows."""

MAX_HTML = 180_000
"""Characters of HTML a text may become; escaping can make five of one."""

LONG_QUOTE = 15
"""A quote of more lines is folded."""

SHORT_QUOTE = 3
"""A quote of at most so many lines cannot be folded."""

MAX_BLOCK = 300
"""An encoded block of more lines is named and counted, and left to the raw message."""

NEAR = 2
"""Lines from an attribution to the quote that it introduces: one may be blank."""

MAX_LEVEL = 5
"""Quotes deeper than this look like this."""

MAX_FRAMES = 6
"""Forwards within forwards deeper than this share a frame."""

_K = SegmentKind
_ANCHORS = re.compile(r'<span id="L\d+">')
_TO_ANCHORS = re.compile(r'<a href="#L\d+">([^<]*)</a>')
_LEFTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_MARK = re.compile(r"[ \t]{0,12}+(?>(?:(?:[>|}:]|[A-Za-z][A-Za-z.]{0,11}[ ]?>+)[ \t]?)+)")
_OPEN_QUOTE = '<details class="q" open>'
_FOLDED_QUOTE = '<details class="q">'
_BLOCKS = {
    _K.PGP_SIGNATURE: "block_pgp_signature",
    _K.PGP_ENCRYPTED: "block_pgp_encrypted",
    _K.PGP_KEY: "block_pgp_key",
    _K.UUENCODE: "block_uuencode",
    _K.BINHEX: "block_binhex",
    _K.YENC: "block_yenc",
    _K.BASE64: "block_base64",
}


class Context(NamedTuple):
    """What a fragment needs beside the text.

    Attributes:
        raw: path of the raw message.
        quotes: passages that quote other messages, by first line.
        beside: what stands behind each link.
    """

    texts: Texts
    addresses: Addresses
    raw: str
    resolve: Resolve = nothing_held
    quotes: Sequence[QuoteSpan] = ()
    beside: Beside = nothing_beside


def fragment(body: Body, context: Context) -> str:
    """A body as HTML with line anchors; block elements only at its top."""
    lines, cut = _shown(body.lines)
    rows = _rows(lines, context)
    page = _Printer(body, lines[: len(rows)], rows, context)
    page.print_all()
    if cut or len(rows) < len(lines):
        page.note("body_cut")
    elif not page.out:
        page.note("body_empty")
    return "".join(page.out)


def without_anchors(html: str, *, fold: bool = False) -> str:
    """A fragment for a page of many messages.

    Args:
        fold: fold every quote that can be, because what it quotes stands above.
    """
    bare = _ANCHORS.sub("", html.replace("</span>", ""))
    if '<a href="#L' in bare:
        bare = _TO_ANCHORS.sub(r"\1", bare)
    return bare.replace(_OPEN_QUOTE, _FOLDED_QUOTE) if fold else bare


def _shown(lines: Sequence[str]) -> tuple[list[str], bool]:
    """The lines that fit, blank ones at the end left off; whether any was cut."""
    fits = sum(map(len, lines)) + len(lines) <= MAX_TEXT
    if fits and max(map(len, lines), default=0) <= MAX_LINE:
        shown = list(lines)
    else:
        fits = False
        shown = []
        room = MAX_TEXT
        for line in lines:
            room -= min(len(line), MAX_LINE) + 1
            if room < 0:
                break
            shown.append(line[:MAX_LINE])
    while shown and (not shown[-1] or shown[-1].isspace()):
        shown.pop()
    return shown, not fits


def _rows(lines: list[str], context: Context) -> list[str]:
    """Each line as HTML, its links live; fewer than given where they pass MAX_HTML."""
    text = "\n".join(lines)
    html = linked(text, context.addresses, context.resolve, context.beside)
    rows = html.split("\n")
    if len(rows) != len(lines):  # a line that held a line feed: no reading gives one
        rows = [escape(line.replace("\n", " ")) for line in lines]
    if sum(map(len, rows)) > MAX_HTML:
        room = MAX_HTML
        for index, row in enumerate(rows):
            room -= len(row)
            if room < 0:
                return rows[:index]
    return rows


@lru_cache(1024)
def _mark(text: str) -> str:
    """The marks before a quoted line as HTML: most lines have the same."""
    return markup(visible(text))


class _Printer:
    """One fragment in the making.

    Attributes:
        out: what is printed so far.
        lines: as judged: the marks of quotes taken off.
        rows: as HTML, without their spans.
        spans: the same with them.
    """

    def __init__(
        self, body: Body, lines: list[str], rows: list[str], context: Context
    ) -> None:
        self.out: list[str] = []
        self.body = body
        self.rows = rows
        self.spans: list[str] = []
        self.lines = lines
        self.context = context
        self.joined = body.flowed or body.html
        self._origins = Origins(context.quotes, context.texts, context.addresses)
        self._changed: list[Changed] = []
        text = "\n".join(lines)
        leftward = not text.isascii() and _LEFTWARD.search(text)
        self._way = ' dir="auto"' if leftward else ""
        self._fenced = has_fences(text)
        self._frames = 0
        self._said = (0, -9)  # the last attribution: its place in out, its last line

    def print_all(self) -> None:
        """Print every group of segments in its frame."""
        if not self.rows:
            return
        for segment in self.body.segments:
            if segment.kind is _K.QUOTE:
                self._take_marks(segment)
            elif segment.kind is _K.PATCH:
                self._colour(segment)
            elif self._fenced and segment.kind is _K.OWN:
                self._colour_code(segment.first - 1, min(segment.last, len(self.rows)))
        self.spans = [
            f'<span id="L{number}">{row}</span>' for number, row in enumerate(self.rows, 1)
        ]
        for group in groups(self.body.segments, len(self.rows), self.lines):
            self._frame(group[0].frame)
            kind = group[0].kind
            if kind is _K.OWN:
                self._flow(group[0].first - 1, group[0].last)
            elif kind is _K.QUOTE:
                self._quote(group)
            elif kind in _BLOCKS:
                self._block(group[0])
            else:
                self._plain(group[0])
        self._frame(0)

    def note(self, key: str) -> None:
        """Print a remark of ours, with the way to the raw message."""
        words = escape(self.context.texts[key])
        link = escape(self.context.texts["raw_message"])
        self.out.append(
            f'<p class="note">{words}'
            f' <a href="{ROOT}{attribute(urls.quote(self.context.raw))}">{link}</a></p>'
        )

    def _frame(self, depth: int) -> None:
        depth = min(depth, MAX_FRAMES)
        while self._frames < depth:
            self.out.append('<div class="fwd">\n')
            self._frames += 1
        while self._frames > depth:
            self.out.append("</div>\n")
            self._frames -= 1

    def _flow(self, first: int, end: int) -> None:
        """Print lines: fenced code as it is, the rest as prose."""
        at = first
        for start, stop in fences(self.lines, first, end) if self._fenced else ():
            self._prose(at, start)
            code = "\n".join(self.spans[start:stop])
            self.out.append(f'<pre class="code">{code}</pre>\n')
            at = stop
        self._prose(at, end)

    def _colour_code(self, first: int, end: int) -> None:
        """Mark comments and strings of fenced code."""
        for start, stop in fences(self.lines, first, end):
            for at in range(start + 1, stop - 1):
                self.rows[at] = coloured(self.rows[at])

    def _prose(self, first: int, end: int) -> None:
        """Print lines as paragraphs, and what has columns in fixed pitch."""
        out, spans = self.out, self.spans
        at = first
        fixed = False
        for start, stop, columns, breaks in runs(
            self.lines, first, end, joined=self.joined
        ):
            if fixed and columns:
                out.append("\n" + "\n".join(spans[at:stop]))
                at = stop
                continue
            if fixed:
                out.append("</pre>\n")
            if at < start:
                out += spans[at:start]
            fixed = columns
            for broken in breaks:
                spans[broken] += "<br>"
            text = "\n".join(spans[start:stop])
            out.append(f"<pre>{text}" if fixed else f"<p>{text}</p>\n")
            at = stop
        if fixed:
            out.append("</pre>\n")
        out += spans[at:end]

    def _quote(self, group: list[Segment]) -> None:
        """Print neighbouring quotes of any level, folded where long."""
        first, last = group[0].first, group[-1].last
        count = last - first + 1
        foldable = count > SHORT_QUOTE
        if foldable:
            whole = count >= len(self.rows) - 2
            is_open = whole or count <= LONG_QUOTE
            self.out.append(_OPEN_QUOTE if is_open else _FOLDED_QUOTE)
            words = escape(self.context.texts.count("lines_quoted", count))
            self.out.append(f"<summary><i>{words}</i></summary>\n")
        else:
            self.out.append('<div class="q">\n')
        for segment in group:
            level = min(segment.level, MAX_LEVEL)
            if level:
                self.out.append(f'<blockquote class="q{level}"{self._way}>')
            self._flow(segment.first - 1, segment.last)
            if level:
                self.out.append("</blockquote>\n")
        self.out.append("</details>\n" if foldable else "</div>\n")
        found = self._origins.of(first, last)
        if found and not (self._is_said(first, found) and len(found) == 1):
            self.out.append(self._origins.line(found))

    def _is_said(self, first: int, found: Sequence[QuoteSpan]) -> bool:
        """Make the attribution above a quote live; whether it names whom it quotes."""
        place, above = self._said
        if first - above > NEAR:
            return False
        said = self._origins.live(self.out[place], found)
        if said:
            self.out[place] = said
        return bool(said)

    def _take_marks(self, segment: Segment) -> None:
        """Set the quote marks of lines apart, so that prose may flow without them."""
        for at in range(segment.first - 1, min(segment.last, len(self.rows))):
            found = _MARK.match(self.lines[at])
            if found is None:
                continue
            shown = _mark(found[0])
            if self.rows[at].startswith(shown):
                self.rows[at] = f"<b>{shown}</b>{self.rows[at][len(shown) :]}"
                self.lines[at] = self.lines[at][found.end() :]

    def _colour(self, segment: Segment) -> None:
        """Mark what the lines of a patch are, and learn which files it changes."""
        first, end = segment.first - 1, min(segment.last, len(self.rows))
        patch = Patch()
        patch.read(self.lines, first, end)
        for at, kind in enumerate(patch.kinds, first):
            if kind:
                self.rows[at] = f"<{kind}>{self.rows[at]}</{kind}>"
        self._changed += [one for one in patch.files if one.added or one.removed]

    def _review(self) -> None:
        """Print which files are changed, and how much, above the first patch."""
        items = []
        for one in self._changed[:MOST_FILES]:
            name = self.context.addresses.text(one.name) or self.context.texts["a_file"]
            items.append(
                f'<li><a href="#{urls.line(one.line + 1)}">{escape(name)}</a>'
                f" <ins>+{one.added}</ins> <del>\N{MINUS SIGN}{one.removed}</del></li>\n"
            )
        self._changed = []
        if items:
            self.out.append(f'<ul class="diff">\n{"".join(items)}</ul>\n')

    def _block(self, segment: Segment) -> None:
        """Print armour or an encoded file, folded to a line that says what it is."""
        count = segment.last - segment.first + 1
        texts = self.context.texts
        label = escape(texts[_BLOCKS[segment.kind]])
        size = escape(texts.count("lines", count))
        if count > MAX_BLOCK:
            link = escape(texts["in_raw_message"])
            path = attribute(urls.quote(self.context.raw))
            self.out.append(
                f'<p class="blk"><span id="L{segment.first}"></span>{label}, {size}'
                f' <a href="{ROOT}{path}">{link}</a></p>\n'
            )
            return
        inside = "\n".join(self.spans[segment.first - 1 : segment.last])
        self.out.append(
            f'<details class="blk"><summary>{label}, {size}</summary>\n'
            f"<pre>{inside}</pre></details>\n"
        )

    def _plain(self, segment: Segment) -> None:
        """Print a segment whose lines stay as they are: by kind."""
        first, end = segment.first - 1, segment.last
        kind = segment.kind
        if kind is _K.ATTRIBUTION:
            self.out.append('<p class="att">')
            self._said = (len(self.out), segment.last)
            self.out.append("\n".join(self.spans[first:end]))
            self.out.append("</p>\n")
            return
        if kind is _K.PATCH:
            self._review()
        self.out.append(f'<pre class="{kind.value}">')
        self.out.append("\n".join(self.spans[first:end]))
        self.out.append("</pre>\n")
