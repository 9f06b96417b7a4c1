"""The pages and files of the web that a message names in its author's own words.

Signatures and quotations are left out: they would count who writes often, and who is
quoted. Every pattern is bounded and tried once a place.

Sources: RFC 3986 §3; Appendix C for what surrounds a URL in prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from posterity.model import Body
from posterity.parse.sheet import OWN

MOST: Final = 50
"""URLs of one message that are noted: more is a list of links, not a mention."""

LONGEST: Final = 300
"""Characters of a URL; a longer one was made by a program for one reader."""

_URL: Final = re.compile(
    r"(https?|ftp)://([a-z0-9.-]{1,253}+)(?>(:\d{1,5}+)?)(?>(/[^\s<>\"'`\\^{|}@]{0,300}+)?)(?!@)",
    re.ASCII | re.IGNORECASE,
)
_LONGEST_SCHEME: Final = len("https")
_TAIL: Final = ".,;:!?*_)]"


def mentions(body: Body) -> tuple[str, ...]:
    """The URLs that a message names, each once, in order, in one spelling each."""
    found: dict[str, None] = {}
    for kind, _, first, last, _ in body.segments:
        if kind is not OWN:
            continue
        text = "\n".join(body.lines[first - 1 : last])
        for match in _urls(text):
            url = _spelled(*match.groups())
            if url and len(url) <= LONGEST:
                found[url] = None
            if len(found) == MOST:
                return tuple(found)
    return tuple(found)


def _urls(text: str) -> Iterator[re.Match[str]]:
    """Every URL of a text; looked for only where a scheme may stand before "://"."""
    end = 0
    while (at := text.find("://", end)) >= 0:
        found = _URL.search(text, max(end, at - _LONGEST_SCHEME))
        if found is None:
            return
        yield found
        end = found.end()


def _spelled(scheme: str, host: str, port: str | None, path: str | None) -> str:
    """One spelling of a URL: host in lower case, no dot at its end, a path; "" for none."""
    if not path:
        host = host.rstrip(".-")
    if "." not in host.strip("."):
        return ""
    rest = (path or "/").rstrip(_TAIL) or "/"
    return f"{scheme.lower()}://{host.lower()}{port or ''}{rest}"
