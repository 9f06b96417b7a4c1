"""HTML mail as plain text: what a person would read, with links, lists and quotes.

    <p>, <div>, <h1> …      lines; paragraphs have a blank line between
    <blockquote>            "> " before each line, a level each
    <a href="url">text</a>  text <url>, where the two differ
    <li>                    "* " or "1. "
    <tr>, <td>              a line a row, two blanks between its cells
    <pre>                   as it stands

A loop over tokens with a few counters: how deep the tags are nested costs nothing.
"""

from __future__ import annotations

import re
from typing import Final

from posterity.parse.htmltokens import tokens

_BLANKS: Final = re.compile(r"[ \t\n\r\f]+")
_PARAGRAPH: Final = frozenset(
    {
        *("p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol"),
        *("dl", "table", "hr"),
    }
)
_LINE: Final = frozenset(
    {
        *("div", "li", "dt", "dd", "tr", "br", "address", "article", "aside", "body"),
        *("caption", "center", "fieldset", "footer", "form", "header", "main", "nav"),
        *("section", "title", "html", "head", "tbody", "thead", "tfoot", "option"),
    }
)
_CELLS: Final = frozenset({"td", "th"})
_LINKS: Final = ("http://", "https://", "ftp://", "mailto:", "news:")
_RULE: Final = "-" * 20
_MAX_QUOTE: Final = 20
"""Block quotes within block quotes beyond this are shown as this."""
_MAX_INDENT: Final = 8
_MAX_LISTS: Final = 1000
_NO_BREAK: Final = str.maketrans({"\xa0": " ", "\xad": None, "\u200b": None})


def plain_text(source: str) -> str:
    """The text of an HTML document, with LF line ends.

    Args:
        source: any string; it need not be HTML.
    """
    page = _Page()
    for name, text in tokens(source):
        if not name:
            page.text(text)
        elif name in _STEPS:
            _STEPS[name](page, text)
        else:
            page.tag(name)
    return page.finish()


class _Page:
    """The lines written so far and what is open."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._pieces: list[str] = []  # of the line under way
        self._gap = False  # a blank line is due before the next text
        self._space = False  # a blank is due before the next word
        self._quotes = 0
        self._depth = 0  # quote depth of the line before
        self._pre = 0
        self._lists: list[int] = []  # next number of each open list, 0 for bullets
        self._link = ""  # the address of the link that is open
        self._shown: list[str] = []  # text inside it

    def text(self, text: str) -> None:
        """Write text: white space folds outside <pre>."""
        text = text.translate(_NO_BREAK) if not text.isascii() else text
        if self._pre:
            first, *rest = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            self._put(first)
            for line in rest:
                self._break(even_empty=True)
                self._put(line)
            return
        words = _BLANKS.sub(" ", text)
        stripped = words.strip(" ")
        if not stripped:
            self._space = self._space or bool(words)
            return
        if self._pieces and (self._space or words[0] == " "):
            self._pieces.append(" ")
        self._put(stripped)
        self._space = words[-1] == " "

    def _put(self, text: str) -> None:
        """Add to the line under way."""
        if text:
            self._pieces.append(text)
            if self._link:
                self._shown.append(text)

    def _break(self, *, even_empty: bool = False) -> None:
        """End the line under way; an empty one counts only where line ends do."""
        line = "".join(self._pieces).rstrip()
        self._pieces.clear()
        self._space = False
        if not line and not even_empty:
            return
        depth = min(self._quotes, _MAX_QUOTE)
        mark = "> " * depth
        if self._gap and self._lines:
            self._lines.append(("> " * min(depth, self._depth)).rstrip())
        self._gap = False
        self._depth = depth
        self._lines.append(mark + line if line else mark.rstrip())

    def tag(self, name: str) -> None:
        """A tag that only breaks lines, or none."""
        bare = name.removeprefix("/")
        if bare in _PARAGRAPH:
            self._break()
            self._gap = True
        elif bare in _CELLS:
            if self._pieces:
                self._pieces.append("  " if name[0] != "/" else "")
        elif bare in _LINE:
            self._break()

    def line_break(self, _: str) -> None:
        """<br>: an empty line where the line under way is empty."""
        self._break(even_empty=True)

    def rule(self, _: str) -> None:
        """<hr>."""
        self.tag("hr")
        self._put(_RULE)
        self.tag("hr")

    def open_quote(self, _: str) -> None:
        """<blockquote>."""
        self.tag("blockquote")
        self._quotes += 1

    def close_quote(self, _: str) -> None:
        """The end of a <blockquote>."""
        self.tag("blockquote")
        self._quotes = max(0, self._quotes - 1)

    def open_pre(self, _: str) -> None:
        """<pre>."""
        self.tag("pre")
        self._pre += 1

    def close_pre(self, _: str) -> None:
        """The end of a <pre>."""
        self.tag("pre")
        self._pre = max(0, self._pre - 1)

    def open_bullets(self, _: str) -> None:
        """<ul>: a list with stars; inside another list it needs no blank line."""
        self._open_list(0)

    def open_numbers(self, start: str) -> None:
        """<ol>: a list with numbers."""
        self._open_list(
            int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 1
        )

    def _open_list(self, number: int) -> None:
        self._break()
        self._gap = self._gap or not self._lists
        if len(self._lists) < _MAX_LISTS:
            self._lists.append(number)

    def close_list(self, _: str) -> None:
        """The end of a list."""
        self._break()
        if self._lists:
            self._lists.pop()
        self._gap = not self._lists

    def item(self, _: str) -> None:
        """<li>: its mark stands before the text that follows."""
        self._break()
        number = self._lists[-1] if self._lists else 0
        indent = "  " * min(max(len(self._lists) - 1, 0), _MAX_INDENT)
        if number:
            self._lists[-1] = number + 1
        self._pieces.append(f"{indent}{number}. " if number else f"{indent}* ")

    def image(self, alternative: str) -> None:
        """<img>: its alternative text."""
        if alternative:
            self.text(f"[{alternative}]")

    def open_link(self, address: str) -> None:
        """<a>: it ends a link that is open, for links do not nest."""
        self.close_link("")
        if address.lower().startswith(_LINKS):
            self._link = address

    def close_link(self, _: str) -> None:
        """The end of a link: its address, where the text does not already say it."""
        address, self._link = self._link, ""
        if not address:
            return
        shown = "".join(self._shown).strip()
        self._shown.clear()
        if _essence(shown) != _essence(address):
            self.text(f" <{address}>" if shown else f"<{address}>")

    def finish(self) -> str:
        """The text of the page."""
        self.close_link("")
        self._break()
        return "\n".join(self._lines)


def _essence(address: str) -> str:
    """What makes an address the same to a reader."""
    return address.strip().lower().removeprefix("mailto:").split("://")[-1].rstrip("/")


_STEPS: Final = {
    "br": _Page.line_break,
    "hr": _Page.rule,
    "blockquote": _Page.open_quote,
    "/blockquote": _Page.close_quote,
    "pre": _Page.open_pre,
    "/pre": _Page.close_pre,
    "ul": _Page.open_bullets,
    "ol": _Page.open_numbers,
    "/ul": _Page.close_list,
    "/ol": _Page.close_list,
    "li": _Page.item,
    "img": _Page.image,
    "a": _Page.open_link,
    "/a": _Page.close_link,
}
