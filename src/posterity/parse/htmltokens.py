"""HTML as a row of tokens, whatever its state: text, start tags, end tags.

Linear on any input. A tag ends at the first > outside quotes; once quotes are found
that never close, quotes mean nothing for the rest of the document. Comments,
declarations and the content of script, style and the like are left out.

Source: the HTML standard, §13.2.5 (tokenization), read for text only.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_TAG: Final = re.compile(
    r"""<(/?+)([A-Za-z][^\s/>]*+)((?>(?:[^>"']++|"[^"]*+"|'[^']*+')*))>"""
)
_PLAIN_TAG: Final = re.compile(r"<(/?+)([A-Za-z][^\s/>]*+)([^>]*+)>")
_ATTRIBUTE: Final = re.compile(
    r"""([^\s=/>"']++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s>]*+))?"""
)
_REFERENCE: Final = re.compile(
    r"&(?:#(?:[0-9]{1,7}+|[xX][0-9A-Fa-f]{1,6}+);?|[A-Za-z][A-Za-z0-9]{1,31}+;?)"
)
_RAW: Final = frozenset(
    {
        "script",
        "style",
        "title",
        "textarea",
        "xmp",
        "noembed",
        "noframes",
        "iframe",
        "svg",
        "math",
    }
)
"""Elements whose content is no text of the letter."""
_WANTED: Final = {"a": "href", "img": "alt", "ol": "start"}
_MAX_VALUE: Final = 2000


class Token(NamedTuple):
    """A piece of HTML.

    Attributes:
        name: of the element, lower case, with / before it for an end tag; "" for text.
        text: the text, references decoded; for a, img and ol the attribute that shows.
    """

    name: str
    text: str


def tokens(source: str) -> Iterator[Token]:
    """Yield the text and tags of a document, in order."""
    at = 0
    tag = _TAG
    last = source.rfind(">")
    unclosed: set[str] = set()  # ends that were sought and are nowhere further on
    while True:
        begin = source.find("<", at)
        if begin < 0 or begin > last:
            yield Token("", unescape(source[at:]))
            return
        if begin > at:
            yield Token("", unescape(source[at:begin]))
        after = source[begin + 1 : begin + 2]
        if after in {"!", "?"}:
            at = _skip_markup(source, begin, unclosed)
            continue
        if not (after == "/" or (after.isascii() and after.isalpha())):
            yield Token("", "<")
            at = begin + 1
            continue
        found = tag.match(source, begin)
        if found is None:
            if tag is _TAG and _PLAIN_TAG.match(source, begin):
                tag = _PLAIN_TAG
                continue
            yield Token("", "<")
            at = begin + 1
            continue
        name = found.group(2).lower()
        at = found.end()
        if name in _RAW and not found.group(1):
            at = _skip_element(source, at, name, unclosed)
            continue
        yield Token(found.group(1) + name, _attribute(name, found.group(3)))


def unescape(text: str) -> str:
    """Text with its character references decoded; unknown ones stay as written."""
    return _REFERENCE.sub(_decode, text) if "&" in text else text


def _decode(found: re.Match[str]) -> str:
    """One character reference decoded."""
    return html.unescape(found.group())


def _attribute(name: str, source: str) -> str:
    """The value of the one attribute of an element that shows in text, "" for none."""
    wanted = _WANTED.get(name)
    if not wanted or not source.strip():
        return ""
    for found in _ATTRIBUTE.finditer(source):
        if found.group(1).lower() == wanted and found.group(2):
            value = found.group(2).strip("\"'")
            return unescape(value[:_MAX_VALUE]).strip()
    return ""


def _skip_markup(source: str, begin: int, unclosed: set[str]) -> int:
    """Where a comment, declaration or instruction ends; an open comment is a tag's."""
    if source.startswith("<!--", begin) and "--" not in unclosed:
        end = source.find("-->", begin + 2)
        if end >= 0:
            return end + 3
        unclosed.add("--")
    end = source.find(">", begin)
    return end + 1 if end >= 0 else len(source)


_CLOSERS: Final = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}


def _skip_element(source: str, at: int, name: str, unclosed: set[str]) -> int:
    """Where an element's content ends; where it starts if it never does."""
    if name in unclosed:
        return at
    found = _CLOSERS[name].search(source, at)
    if found is None:
        unclosed.add(name)
        return at
    return found.start()
