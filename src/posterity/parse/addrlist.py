"""Cut an address list into its elements and groups, in one walk over its tokens.

A comma parts elements, but not inside a source route; a semicolon closes a group, and
where none is open parts elements that have an @ (names and X.400 attributes may hold
it); a colon opens a group after a name, and is a plain character in DECnet's
"NODE::USER", after "mailto" and in a route. A second pair of angle brackets begins a
new element: a comma is missing there.
"""

from __future__ import annotations

from posterity.defects import Defect, DefectCode
from posterity.model import Address, Group, Mailbox
from posterity.parse.addrbox import mailboxes, phrase
from posterity.parse.addrtokens import Token, tokens
from posterity.parse.cfws import excerpt

_LONGEST_ROUTE = 20
"""How many relays a source route may name; commas beyond part elements again."""

_LONGEST_NAME = 60
"""How many tokens the name of a group may have."""

_SCHEMES = frozenset({"mailto", "smtp", "internet"})
_NO_GROUP = -1


def read_list(text: str, start: int) -> tuple[tuple[Address, ...], tuple[Defect, ...]]:
    """Read the address list that begins at a place in a text; see `read_addresses`."""
    walk = _Walk(text)
    for token in tokens(text, start):
        walk.take(token)
    walk.end_group(len(text))
    defects = (Defect(code, "", excerpt(raw)) for code, raw in walk.odd.items())
    return tuple(walk.found), tuple(defects)


class _Walk:
    """Where a walk over the tokens stands."""

    def __init__(self, text: str) -> None:
        self.found: list[Address] = []
        self.odd: dict[DefectCode, str] = {}
        self._text = text
        self._element: list[Token] = []
        self._has_at = False
        self._in_brackets = False
        self._bracketed = 0  # how many tokens up to the end of "<…> (comment)"
        self._group = _NO_GROUP  # where the open group begins
        self._group_name = ""
        self._members: list[Mailbox] = []

    def take(self, token: Token) -> None:
        """Go on by one token."""
        match token.kind:
            case ",":
                self._comma(token)
            case "\x1c":
                self._element_ends()
                self.odd.setdefault(DefectCode.JOINED_VALUES, "")
            case ";":
                self._semicolon(token)
            case ":":
                self._colon(token)
            case "<" if not self._in_brackets:
                self._open(token)
            case ">":
                self._close(token)
            case "comment" | "space" if self._bracketed == len(self._element) > 0:
                self._element.append(token)
                self._bracketed += 1
            case _:
                self._element.append(token)
                self._has_at = self._has_at or "@" in token.text

    def end_group(self, end: int) -> None:
        """End the element, and the group if one is open, at a place in the text."""
        self._element_ends()
        if self._group != _NO_GROUP:
            raw = self._text[self._group : end].strip()
            self.found.append(Group(self._group_name, tuple(self._members), raw))
            if not raw.endswith(";"):
                self.odd.setdefault(DefectCode.BAD_ADDRESS, raw)
        self._group, self._members = _NO_GROUP, []

    def _open(self, token: Token) -> None:
        if self._bracketed:
            following = self._element[self._bracketed :]
            del self._element[self._bracketed :]
            raw = self._element_ends()
            self.odd.setdefault(DefectCode.BAD_ADDRESS, raw)
            self._element = following
        self._in_brackets = True
        self._element.append(token)

    def _close(self, token: Token) -> None:
        self._element.append(token)
        if self._in_brackets:
            self._in_brackets = False
            self._bracketed = len(self._element)

    def _comma(self, token: Token) -> None:
        if self._in_route():
            self._element.append(token)
        else:
            self._element_ends()

    def _in_route(self) -> bool:
        """Whether the brackets, or a bare element, began with @ and had no colon yet."""
        kinds = [t.kind for t in self._element]
        at = len(kinds) - kinds[::-1].index("<") if self._in_brackets else 0
        words = [t for t in self._element[at:] if t.kind not in {"space", "comment"}]
        if not words or len(words) > 2 * _LONGEST_ROUTE:
            return False
        route = all(t.kind == "," or t.text[0] == "@" for t in words)
        return route and ":" not in kinds[at:]

    def _semicolon(self, token: Token) -> None:
        begun = len(self._element) > 1 or (
            self._element and self._element[0].kind != "space"
        )
        if begun and self._group == _NO_GROUP and not self._has_at:
            self._element.append(token)
        else:
            self.end_group(token.end)

    def _colon(self, token: Token) -> None:
        if (
            self._in_brackets
            or self._group != _NO_GROUP
            or len(self._element) > _LONGEST_NAME
        ):
            self._element.append(token)
            return
        words = [t for t in self._element if t.kind not in {"space", "comment"}]
        doubled = self._text[token.end : token.end + 1] == ":" or (
            token.start > 0 and self._text[token.start - 1] == ":"
        )
        plain = any(t.kind in "<>:" or "@" in t.text for t in words if t.kind != "quoted")
        if not words or plain or doubled:
            self._element.append(token)
        elif len(words) == 1 and words[0].text.lower() in _SCHEMES:
            self._element.clear()
        else:
            self._group = self._element[0].start
            self._group_name = phrase(self._element)
            self._element.clear()

    def _element_ends(self) -> str:
        """Read the element so far and begin a new one; gives it as written."""
        element, self._element = self._element, []
        self._has_at = self._in_brackets = False
        self._bracketed = 0
        if not element:
            return ""
        raw = self._text[element[0].start : element[-1].end].strip()
        if not raw:
            return ""
        place = self.found if self._group == _NO_GROUP else self._members
        for mailbox, odd in mailboxes(element, self._text):
            place.append(mailbox)
            if odd is not None:
                self.odd.setdefault(odd, raw)
        return raw
