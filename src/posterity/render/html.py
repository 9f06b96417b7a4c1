"""Text from mail as HTML that means only that text.

Everything a sender wrote passes through `escape` (between tags) or `attribute` (inside
quotes). Both first make visible what would act on the reader unseen: control
characters become their pictures, characters that reorder text become their numbers in
brackets, lone surrogates U+FFFD. The result holds no markup of the sender's and, of
control characters, only tab and line feed.

Sources: Unicode UAX #9 §2 (directional formatting), UTR #36 §3; HTML §13.1.2.
"""

from __future__ import annotations

import re

from markupsafe import Markup

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e"
    "\u2066-\u2069\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_UNSEEN_ASCII = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_UNSEEN_OCTETS = bytes({*range(0x20), 0x7F} - set(b"\t\n"))
_COMBINING = (
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_MARKS = re.compile(  # begins with a set, by which a search skips what holds none
    f"({_COMBINING}{_COMBINING}{{3}}){_COMBINING}+"
)
_MARK = re.compile(r"(?<=[@_%!/])(?=[A-Za-z0-9])")
SHORT = 10
"""Characters that any column has room for."""

_REPLACED = "\N{REPLACEMENT CHARACTER}"


def visible(text: str) -> str:
    """Text in which nothing acts unseen; tab and line feed stay."""
    if text.isascii():
        if text.isprintable():
            return text
        octets = text.encode()  # leaving octets out takes a third of a search's time
        plain = len(octets.translate(None, _UNSEEN_OCTETS)) == len(octets)
        return text if plain else _UNSEEN_ASCII.sub(_picture, text)
    if not text.isprintable():  # as no character of _UNSEEN is
        text = _UNSEEN.sub(_picture, text)
    return _MARKS.sub(r"\1", text) if _MARKS.search(text) else text


def escape(text: str) -> str:
    """Text as it may stand between tags."""
    if not (text.isascii() and text.isprintable()):
        text = visible(text)
    return markup(text) if "&" in text or "<" in text or ">" in text else text


def markup(text: str) -> str:
    """Escape the three characters of markup in text that is visible already."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text


def attribute(text: str) -> str:
    """Text as it may stand inside a double-quoted attribute, on one line."""
    html = escape(text)
    if '"' in html:
        html = html.replace('"', "&quot;")
    return html if html.isprintable() else html.replace("\n", " ").replace("\t", " ")


def shown(text: str) -> str:
    """Text as a template prints it: fit for both of the places above."""
    return quotable(escape(text))


def quotable(html: str) -> str:
    """Escaped text, fit for an attribute too."""
    if '"' in html:
        html = html.replace('"', "&#34;")
    if "'" in html:
        html = html.replace("'", "&#39;")
    return html


def printed(html: str) -> Markup:
    """HTML that this room made of escaped text, for a template to print as it is."""
    return Markup(html)  # noqa: S704 - the one door: grep for its callers


def breakable(html: str) -> str:
    """Escaped text whose long addresses and file names break after their marks, or not."""
    return _MARK.sub("<wbr>", html) if len(html) > SHORT else html


def clip(text: str, most: int) -> str:
    """At most so many characters, on one line, cut at a word where one ends near."""
    if len(text) <= most and "  " not in text and text.isprintable():
        return text.strip(" ")
    if len(text) > most:
        cut = text[: most - 1]
        space = cut.rfind(" ", most - 20)
        text = (cut[:space] if space > 0 else cut) + "\N{HORIZONTAL ELLIPSIS}"
    return " ".join(text.split())


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    if code >= 0xD800 and code < 0xE000:
        return _REPLACED
    return f"[U+{code:04X}]"
