"""HTML mail as its sender laid it out, with nothing in it that acts or comes from afar.

A message's page shows the text first. Where its HTML can be made safe it is offered too,
as a file of its own in a sandboxed frame: a real HTML5 parser reads it (nh3, which is
html5ever), what is on a short list is kept, and what the parser prints is used as it is:
nothing is edited after sanitizing. Sanitizing it again must change nothing, or it is not
offered. Colours, sizes and places are the reader's; pictures are those that came with
the message.

Sources: HTML §4.8.5 (sandbox), §13.2 (parsing); RFC 2392 (cid:); robustness.md, rule 2.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256

import nh3

from posterity.parse.charsets import decode_text
from posterity.parse.mime import part_octets
from posterity.parse.texts import HTML
from posterity.render import urls
from posterity.render.html import shown, visible
from posterity.render.letters import Letter, files_of
from posterity.render.press import File, Press

MAX_SOURCE = 400_000
"""Characters of HTML; what is longer is shown as text alone."""

MAX_TAGS = 8_000
"""Tags of it. With so many, the worst nesting that we found takes a second to parse."""

MAX_DEPTH = 200
"""Elements within elements of what is left; browsers stop at 512."""

PICTURES = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})
"""Types, judged from content, that are shown in their place."""

_KEPT = """
a abbr b bdi blockquote br caption center cite code dd del dfn div dl dt em h1 h2 h3 h4 h5
h6 hr i img ins kbd li ol p pre q s samp small span strike strong sub sup table tbody td
tfoot th thead tr tt u ul var
"""
"""Elements that are kept; of others not named below, their content is."""

_EMPTIED = """
applet audio canvas embed frameset head iframe math noembed noframes noscript object script
select style svg template textarea title video xmp
"""
"""Elements of which nothing is kept."""

_ATTRIBUTES = {
    "a": {"href"},
    "img": {"alt", "src"},
    "li": {"value"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "*": {"dir", "lang"},
}
_SCHEMES = {"http", "https", "ftp", "mailto", "news", "cid"}
_LINK = re.compile(
    r"(?:https?|ftp)://[A-Za-z0-9._-]{1,253}(?::\d{1,5})?(?:[/?#][^\s<>\"\\]*)?"
    r"|mailto:[\w.+=%-]{1,64}@[A-Za-z0-9.-]{1,253}"
    r"|news:[A-Za-z0-9][\w.+-]{1,200}",
    re.ASCII,
)
_NUMBER = re.compile(r"\d{1,3}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")
_DIRECTIONS = frozenset({"ltr", "rtl", "auto"})
_MAX_LINK = 2000
_REFERENCE = re.compile(
    r"&(?:#(?:[xX]0{0,20}([0-9A-Fa-f]{1,6})|0{0,20}(\d{1,7}))(?![0-9]);?|([lr]lm);?)"
)
_NAMED = {"lrm": 0x200E, "rlm": 0x200F}
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)")
_VOID = frozenset({"br", "hr", "img"})


def view_of(press: Press, letter: Letter) -> str:
    """A message's HTML, safe; "" where it has none that can be offered.

    Where addresses are masked none is: they could stand in it in too many ways.
    """
    parts = letter.message.parts
    if len(parts) == 1 and parts[0].media_type == "text/plain":
        return ""
    wanted = [parts[at] for at in letter.message.html_body if parts[at].media_type in HTML]
    if not wanted or not press.addresses.shown or letter.row.withdrawn:
        return ""
    sources = []
    for part in wanted:
        content, _ = part_octets(letter.octets, part)
        sources.append(decode_text(content, part.charset, press.settings.charset)[0].text)
    if sum(map(len, sources)) > MAX_SOURCE:
        return ""
    pictures = _pictures(letter)
    return "\n<hr>\n".join(filter(None, (sanitized(one, pictures) for one in sources)))


def sanitized(source: str, pictures: Mapping[str, str]) -> str:
    """HTML of a sender's as HTML that only shows; "" where that cannot be.

    Args:
        source: of any form and any length.
        pictures: by Content-ID without brackets, the reference to each held picture.
    """
    if len(source) > MAX_SOURCE or source.count("<") > MAX_TAGS:
        return ""
    cleaner = _cleaner(pictures)
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    html = cleaner.clean(visible(_REFERENCE.sub(_unseen, source)))
    if _depth(html) > MAX_DEPTH or cleaner.clean(html) != html:
        return ""
    return html if html.strip() else ""


def view_file(press: Press, letter: Letter, view: str) -> File:
    """The file that a message's page frames: a document of its own, under a policy."""
    style = press.theme.page("sent.css", {})
    slots = {
        "title": shown(press.subject(letter.row)),
        "policy": _policy(style),
        "style": style,
        "html": view,
    }
    html = press.filled("sent.html", slots, {"settings": press.settings})
    return File(urls.html_view(letter.row.digest), html.encode("utf-8", "replace"))


def _policy(style: str) -> str:
    """Nothing but one style, known by its digest, and pictures of this site.

    A frame without an origin may not load our style sheet from a disk; so it has its own.
    """
    digest = b64encode(sha256(style.encode()).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self';"
        " form-action 'none'; base-uri 'none'"
    )


def _pictures(letter: Letter) -> dict[str, str]:
    """Where the pictures that came with a message are published, by Content-ID."""
    named = {
        part.part_id: part.content_id for part in letter.message.parts if part.content_id
    }
    if not named:
        return {}
    links = urls.Links(urls.html_view(letter.row.digest))
    return {
        named[one.part_id]: links.to(
            urls.attachment(sha256(one.content).hexdigest(), one.media_type)
        )
        for one in files_of(letter)
        if one.part_id in named and one.media_type in PICTURES
    }


def _cleaner(pictures: Mapping[str, str]) -> nh3.Cleaner:
    """A sanitizer that knows some pictures."""
    return nh3.Cleaner(
        tags=set(_KEPT.split()),
        clean_content_tags=set(_EMPTIED.split()),
        attributes=_ATTRIBUTES,
        attribute_filter=_filter(pictures),
        strip_comments=True,
        link_rel="nofollow noopener ugc",
        url_schemes=_SCHEMES,
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def _filter(pictures: Mapping[str, str]) -> Callable[[str, str, str], str | None]:
    """The last judge of each attribute's value."""
    published = frozenset(pictures.values())

    def keep(_tag: str, name: str, value: str) -> str | None:
        if name == "href":
            good = len(value) <= _MAX_LINK and _LINK.fullmatch(value)
            return value if good else None
        if name == "src":
            if value in published:
                return value
            return pictures.get(value[4:]) if value[:4].lower() == "cid:" else None
        judge = _VALUES.get(name)
        return value if judge is None or judge(value) else None

    return keep


_VALUES: Mapping[str, Callable[[str], object]] = {
    "colspan": _NUMBER.fullmatch,
    "rowspan": _NUMBER.fullmatch,
    "start": _NUMBER.fullmatch,
    "value": _NUMBER.fullmatch,
    "lang": _LANGUAGE.fullmatch,
    "dir": _DIRECTIONS.__contains__,
}


def _unseen(found: re.Match[str]) -> str:
    """A character reference, written out where the character would act unseen."""
    if found[3]:
        code = _NAMED[found[3]]
    else:
        code = int(found[1], 16) if found[1] else int(found[2])
    if not 0x80 <= code <= 0x10FFFF:
        return found[0]
    character = chr(code)
    return visible(character).replace(character, found[0])


def _depth(html: str) -> int:
    """How deep the elements of what the sanitizer printed are nested."""
    depth = deepest = 0
    for found in _TAG.finditer(html):
        if found[1]:
            depth -= 1
        elif found[2] not in _VOID:
            depth += 1
            deepest = max(deepest, depth)
    return deepest
