"""A fragment of our own HTML as XHTML, for books: well-formed, and nothing folded.

What a page folds a book cannot open: quotes stand in full, and of what is no reading
(armour, encoded files) only the line that names it remains. Links lead on where the
caller knows where to, and are plain words elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Final, NamedTuple

from posterity.render.html import attribute, escape

KEPT: Final = frozenset(
    [
        "a",
        "b",
        "bdi",
        "blockquote",
        "br",
        "cite",
        "code",
        "del",
        "div",
        "em",
        "i",
        "ins",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "small",
        "span",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "time",
        "tr",
        "ul",
    ]
)
"""Elements that a book keeps; of others the content stays."""

_ATTRIBUTES: Final = frozenset({"class", "dir", "lang", "title", "datetime"})
_LEFT_OUT: Final = frozenset({"script", "style", "button", "form", "template"})
_VOID: Final = frozenset({"br", "hr", "img", "input", "wbr"})

QUOTE: Final = "q"
"""The class of what holds a quote, be it a fold or not."""

Lead = Callable[[str], str]
"""Where a reference of a page leads in the book; "" for nowhere."""


def as_xhtml(html: str, lead: Lead) -> str:
    """A fragment of the body's HTML as it may stand in a book.

    Args:
        html: as `render.body` makes it; every element is closed in the result.
        lead: what becomes of its references.
    """
    writer = _Writer(lead)
    writer.feed(html)
    writer.close()
    return writer.written()


class _Element(NamedTuple):
    """An element that is open: as read, its first class, as written ("" for nothing)."""

    tag: str
    kind: str
    name: str


class _Writer(HTMLParser):
    """Writes what it is fed, as XML."""

    def __init__(self, lead: Lead) -> None:
        super().__init__(convert_charrefs=True)
        self._lead = lead
        self._out: list[str] = []
        self._open: list[_Element] = []
        self._quotes = 0  # quotes that are open
        self._silent = 0  # elements that are open and say nothing

    def written(self) -> str:
        """All of it, closed."""
        while self._open:
            self._shut()
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write an element's beginning."""
        if tag in _VOID:
            self._say(f"<{tag}/>" if tag in KEPT else "")
            return
        values = {name: value or "" for name, value in attrs}
        kind = values.get("class", "").partition(" ")[0]
        if self._silent or self._is_left_out(tag):
            self._silent += 1
            self._open.append(_Element(tag, kind, ""))
            return
        name = self._name(tag, values)
        self._open.append(_Element(tag, kind, name))
        self._quotes += kind == QUOTE
        if name:
            kept = {key: text for key, text in values.items() if key in _ATTRIBUTES}
            if name == "a":
                kept["href"] = self._lead(values.get("href", ""))
            written = "".join(f' {key}="{attribute(text)}"' for key, text in kept.items())
            self._say(f"<{name}{written}>")

    def _is_left_out(self, tag: str) -> bool:
        """Whether an element is no reading: marks of quotes, and what stands in a fold."""
        if tag in _LEFT_OUT or (tag == "b" and self._quotes):
            return True
        if self._open and self._open[-1].tag == "details":
            return (tag == "summary") == (self._open[-1].kind == QUOTE)
        return False

    def _name(self, tag: str, values: dict[str, str]) -> str:
        """What an element is called in the book; "" for nothing."""
        if tag in {"details", "summary"}:
            return "div"
        if tag == "a" and not self._lead(values.get("href", "")):
            return "span"
        return tag if tag in KEPT else ""

    def handle_endtag(self, tag: str) -> None:
        """Write the ends of all that is open inside, and its own."""
        if any(one.tag == tag for one in self._open):
            while self._open[-1].tag != tag:
                self._shut()
            self._shut()

    def _shut(self) -> None:
        one = self._open.pop()
        if self._silent:
            self._silent -= 1
            return
        self._quotes -= one.kind == QUOTE
        if one.name:
            self._say(f"</{one.name}>")

    def handle_data(self, data: str) -> None:
        """Write text."""
        self._say(escape(data))

    def _say(self, text: str) -> None:
        if not self._silent:
            self._out.append(text)
