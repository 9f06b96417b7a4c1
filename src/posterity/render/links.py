"""The links in a text: addresses of pages, and ids of messages that are held.

A link is made only where what is shown is what is opened: no user part before the
host, no host in letters that can pass for others. One search finds where a link may
begin; every pattern is bounded and tried once a place, so no text makes it slow.

References to our own pages begin with `ROOT`, which no text of a sender's can contain
once it is escaped. Whoever prints a fragment puts the way to the site's root there, so
that one fragment serves pages in several folders.

Sources: RFC 3986 §3; RFC 6068 (mailto); RFC 5538 (news); HTML §4.6.7 (rel).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from posterity.render.addresses import Addresses
from posterity.render.html import attribute, escape

ROOT = "\x00"
"""Stands for the reference to the site's root folder."""

MAX_URL = 2000
"""Longest link made, in characters (sitemaps.org and old browsers: 2,048)."""

MAX_LOOKUPS = 100
"""Most message-ids of one text that are looked up."""

_STOPS = (
    '\\s<>"`\\\\^{|}\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff'
)
_BEGINS = re.compile(r"https?://|HTTPS?://|Http://|ftp://|FTP://|mailto:|news:|<")
_REST = re.compile(f"[^{_STOPS}\ud800-\udfff]{{1,{MAX_URL}}}")
_AUTHORITY = re.compile(f"[^/?#{_STOPS}\ud800-\udfff]{{1,300}}")
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}(?::\d{1,5})?")
_MAILBOX = re.compile(r"[\w.+=%-]{1,64}@[A-Za-z0-9.-]{1,253}", re.ASCII)
_GROUP = re.compile(r"[A-Za-z0-9][\w.+-]{1,200}", re.ASCII)
_ID = re.compile(r"[^\s<>@]{1,250}@[^\s<>@]{1,250}(?=>)")
_TAIL = ".,;:!?'*_"
_CLOSERS = {")": "(", "]": "["}

Beside = Callable[[str], str]
"""From a URL that was made a link to the HTML that stands behind it, or ""."""

Resolve = Callable[[str], str]
"""From a Message-ID without brackets to the path of the page that holds it, or ""."""


def nothing_held(_message_id: str) -> str:
    """A `Resolve` for texts whose ids are not looked up."""
    return ""


def nothing_beside(_url: str) -> str:
    """A `Beside` for texts whose links stand alone."""
    return ""


def linked(
    text: str,
    addresses: Addresses,
    resolve: Resolve,
    beside: Beside = nothing_beside,
) -> str:
    """A text as HTML with its links live; the lines stay lines."""
    html = escape(addresses.text(text))
    if not _may_begin(text):
        return html
    rows = html.split("\n")
    asked = _limited(resolve)
    for at, line in enumerate(text.split("\n")):  # no link goes on to the next line
        if "<" in line or (":" in line and _may_begin(line)):
            rows[at] = _linked_line(line, addresses, asked, beside)
    return "\n".join(rows)


def _may_begin(text: str) -> bool:
    """Whether a text holds what every link begins with."""
    return "://" in text or "<" in text or "mailto:" in text or "news:" in text


def _limited(resolve: Resolve) -> Resolve:
    """A resolver that looks up so many ids, and knows of no more."""
    left = MAX_LOOKUPS

    def ask(message_id: str) -> str:
        nonlocal left
        left -= 1
        return resolve(message_id) if left >= 0 else ""

    return ask


def _linked_line(text: str, addresses: Addresses, resolve: Resolve, beside: Beside) -> str:
    pieces: list[str] = []
    done = 0
    for begin in _BEGINS.finditer(text):
        start = begin.start()
        if start < done or (start and text[start - 1].isalnum()):
            continue
        if begin[0] == "<":
            found = _ID.match(text, begin.end())
            if found is None or not _may_be_id(found[0]):
                continue
            path = resolve(found[0])
            if not path:
                continue
            pieces += (
                escape(addresses.text(text[done : begin.end()])),
                f'<a href="{ROOT}{attribute(path)}">{escape(found[0])}</a>',
            )
            done = found.end()
            continue
        end = _end_of_link(text, begin, addresses)
        if end > begin.end():
            url = text[start:end]
            before = escape(addresses.text(text[done:start]))
            pieces += (before, anchor(url), beside(url))
            done = end
    pieces.append(escape(addresses.text(text[done:])))
    return "".join(pieces)


def anchor(url: str) -> str:
    """A link that shows where it goes; the caller has judged the URL."""
    shown = escape(url)
    return f'<a href="{attribute(url)}" rel="nofollow noopener ugc">{shown}</a>'


def _may_be_id(candidate: str) -> bool:
    """Whether a bracketed a@b looks like an id rather than a mailbox: it has a digit."""
    local = candidate.partition("@")[0]
    return len(local) > 4 and not local.isalpha() and any(c.isdigit() for c in local)


def _end_of_link(text: str, begin: re.Match[str], addresses: Addresses) -> int:
    """Where the link that begins here ends; where it begins if it is none."""
    scheme = begin[0].lower()
    at = begin.end()
    if scheme == "mailto:":
        mailbox = _MAILBOX.match(text, at) if addresses.shown else None
        return at + len(mailbox[0].rstrip(".")) if mailbox else at
    if scheme == "news:":
        group = _GROUP.match(text, at)
        return at + len(group[0].rstrip(_TAIL)) if group else at
    authority = _AUTHORITY.match(text, at)
    if authority is None or not _HOST.fullmatch(_without_tail(authority[0])):
        return at
    rest = _REST.match(text, at)
    assert rest is not None, "what follows matched as an authority"
    after = text[rest.end() : rest.end() + 1]
    if after and len(rest[0]) < MAX_URL and not after.isspace() and after not in '<>"':
        return at  # a sign that URLs do not have: who wrote it meant something else
    url = _without_tail(rest[0])
    return at if "@" in url and not addresses.shown else at + len(url)


def _without_tail(url: str) -> str:
    """A URL without the sentence's punctuation after it."""
    while url:
        last = url[-1]
        opener = _CLOSERS.get(last)
        if last in _TAIL or (opener and url.count(last) > url.count(opener)):
            url = url[:-1]
            continue
        break
    return url
