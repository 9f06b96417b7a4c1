"""Which parts are the text of a message, and which came with it.

The algorithm is RFC 8621 §4.1.4's, without its recursion. Three things differ, since
an archive shows what a list was sent: the text of an enclosed message is text too
(unless it is called an attachment), every text type counts as text where no plain one
stands beside it, and a picture never counts as text.
"""

from __future__ import annotations

from posterity.model import BodyPart

Choice = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]

# Types outside text/ whose content is text.
_READABLE = frozenset({"application/pgp"})


class Frame:
    """A multipart or enclosed message whose parts are being gone through.

    Attributes:
        part: its index.
        subtype: "alternative", "related"…; "rfc822" for an enclosed message.
        alternative: it is a multipart/alternative or stands in one.
        to_text, to_html: text found in it goes to these lists.
        text, html: how long the lists were when it began.
        children: parts met so far.
    """

    __slots__ = (
        *("alternative", "children", "html", "part", "subtype", "text"),
        *("to_html", "to_text"),
    )

    def __init__(self, part: int, subtype: str, outer: Frame | None) -> None:
        self.part = part
        self.subtype = subtype
        inside = outer is not None and outer.alternative
        self.alternative: bool = inside or subtype == "alternative"
        self.to_text: bool = outer is None or outer.to_text
        self.to_html: bool = outer is None or outer.to_html
        self.text = self.html = self.children = 0


def choose(parts: tuple[BodyPart, ...]) -> Choice:
    """Sort the leaves of a message.

    Args:
        parts: every part, an enclosing one before those in it.

    Returns:
        (text_body, html_body, attachments), each of indices into parts, in order.
    """
    return _Chooser(parts).choice()


class _Chooser:
    def __init__(self, parts: tuple[BodyPart, ...]) -> None:
        self._parts = parts
        self._text: list[int] = []
        self._html: list[int] = []
        self._attached: list[int] = []
        self._frames = [Frame(-1, "mixed", None)]
        self._enclosing = {part.parent for part in parts}
        self._closed: set[int] = set()  # enclosed messages that are not looked into

    def choice(self) -> Choice:
        for index, part in enumerate(self._parts):
            if part.parent in self._closed:
                self._closed.add(index)
                continue
            while self._frames[-1].part != part.parent:
                self._leave()
            frame = self._frames[-1]
            self._place(index, part, frame)
            frame.children += 1
        while len(self._frames) > 1:
            self._leave()
        return tuple(self._text), tuple(self._html), tuple(self._attached)

    def _place(self, index: int, part: BodyPart, frame: Frame) -> None:
        if index not in self._enclosing:
            if _is_text(part, frame):
                self._place_text(index, part, frame)
            else:
                self._attached.append(index)
            return
        kind, _, subtype = part.media_type.partition("/")
        if kind == "message":
            if frame.subtype != "digest":
                self._attached.append(index)
            if part.disposition == "attachment":
                self._closed.add(index)
                return
        self._frames.append(Frame(index, subtype, frame))
        self._frames[-1].text, self._frames[-1].html = len(self._text), len(self._html)

    def _place_text(self, index: int, part: BodyPart, frame: Frame) -> None:
        if frame.subtype == "alternative":
            self._place_alternative(index, part, frame)
            return
        if frame.alternative and part.media_type == "text/html":
            frame.to_text = False
        elif frame.alternative:
            frame.to_html = False
        if frame.to_text:
            self._text.append(index)
        if frame.to_html:
            self._html.append(index)

    def _place_alternative(self, index: int, part: BodyPart, frame: Frame) -> None:
        if part.media_type == "text/html":
            self._html.append(index)
        elif part.media_type == "text/plain" or len(self._text) == frame.text:
            self._text.append(index)
        else:
            self._attached.append(index)

    def _leave(self) -> None:
        """End a multipart; an alternative of one kind only serves as both."""
        frame = self._frames.pop()
        if frame.subtype != "alternative" or not (frame.to_text and frame.to_html):
            return
        text, html = self._text[frame.text :], self._html[frame.html :]
        if html and not text:
            self._text += html
        elif text and not html:
            self._html += text


def _is_text(part: BodyPart, frame: Frame) -> bool:
    """Whether a leaf is read as text (RFC 8621's isInline)."""
    readable = part.media_type.startswith("text/") or part.media_type in _READABLE
    if not readable or part.disposition == "attachment":
        return False
    return frame.children == 0 or (frame.subtype != "related" and not part.filename)
