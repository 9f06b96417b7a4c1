"""A query's text to the tree of what it asks.

    query   = group *("OR" group)          either
    group   = 1*(["AND"] ["-" / "NOT"] term)   all of them
    term    = [field ":"] (word / word"*" / phrase / "(" query ")") / range
    phrase  = DQUOTE *char DQUOTE
    range   = date ".." date               as date: before it

A field before a parenthesis holds for all inside. A word that is made of several
(an address, a date, a-b) is a phrase. An unknown field is a word and a colon, unless it
looks like a slip of the pen. What is wrong is said in a sentence that names its place.

No recursion: open parentheses stand on a stack, and limits come before any work.
"""

from __future__ import annotations

import difflib
import re
from typing import Final, NamedTuple, NoReturn

from posterity.errors import QueryError
from posterity.fields import BY_NAME, DEFAULT, Field, Kind
from posterity.query.ask import And, Between, Exact, Node, Not, Or, Words
from posterity.query.periods import FORMS, read_period
from posterity.query.tokens import asked

LONGEST_QUERY: Final = 2_000
"""Characters: a Message-ID may have 998 (RFC 5322 §2.1.1); nobody types two of them."""
MOST_TERMS: Final = 64
"""Words, phrases and dates of a query: each costs a look into the index."""
MOST_WORDS: Final = 256
"""Words of all phrases together."""
DEEPEST: Final = 32
"""Parentheses within parentheses."""
SHORTEST_PREFIX: Final = 3
"""Letters before a *: fewer stand for a large part of all words."""
SHORTEST_HASH: Final = 8

_TERM: Final = re.compile(
    r"(?P<blank>\s+)|(?P<close>\))"
    r"|(?P<minus>-(?=[^\s)]))"
    r"|(?P<field>[A-Za-z]{1,12}):(?=[^\s)])"
    r"|(?P<open>\()"
    r"|(?P<quote>[\"“”])(?P<phrase>[^\"“”]*)(?P<end>[\"“”]?)(?P<star>\*?)"
    r"|(?P<word>[^\s()\"“”]+)"
)
_WORD: Final = re.compile(r"(?P<word>[^\s()\"“”]+)")
_LIKE_A_FIELD: Final = 0.75
_HEX: Final = re.compile(r"[0-9a-f]{8,64}")


class _Group:
    """An open parenthesis, or the whole query.

    Attributes:
        field: what holds for all inside.
        negated: a minus stands before it.
        place: where it opened.
        either: finished alternatives.
        every: nodes of the alternative under way.
    """

    __slots__ = ("either", "every", "field", "negated", "place")

    def __init__(self, field: Field | None, negated: bool, place: int) -> None:
        self.field = field
        self.negated = negated
        self.place = place
        self.either: list[Node] = []
        self.every: list[Node] = []


class _Awaited(NamedTuple):
    """What was read and waits for its term."""

    field: Field | None
    negated: bool
    place: int


def parse_query(text: str, now: int) -> Node:
    """Read a query.

    Args:
        text: as the reader typed it.
        now: the clock, for `date:last-year`.

    Raises:
        QueryError: it asks for nothing, or for too much, or cannot be understood.
    """
    if len(text) > LONGEST_QUERY:
        _refuse(f"a query may have {LONGEST_QUERY:,} characters", 0, text)
    return _Reader(text, now).read()


def _refuse(why: str, place: int, text: str) -> NoReturn:
    raise QueryError(why, place, text[:LONGEST_QUERY])


class _Reader:
    """One reading of one query."""

    def __init__(self, text: str, now: int) -> None:
        self._text = text
        self._now = now
        self._groups = [_Group(None, negated=False, place=0)]
        self._awaited: _Awaited | None = None
        self._operator = ("", 0)
        self._terms = 0
        self._words = 0

    def read(self) -> Node:
        """The whole text's tree."""
        text, at = self._text, 0
        while at < len(text):
            found = _TERM.match(text, at)
            assert found is not None  # every character begins a term
            if found["field"] and not self._field(found["field"], at):
                found = _WORD.match(text, at)
                assert found is not None
            elif found["field"]:
                at = found.end()
                found = _WORD.match(text, at) or _TERM.match(text, at)
                assert found is not None
            self._take(found)
            at = found.end()
        return self._finish()

    def _fail(self, why: str, place: int) -> NoReturn:
        _refuse(why, place, self._text)

    # -- the parts

    def _take(self, found: re.Match[str]) -> None:
        part = found.groupdict()
        place = found.start()
        if part.get("quote"):
            self._phrase(found, place)
        elif part["word"]:
            self._word(part["word"], place)
        elif part["open"]:
            self._open(place)
        elif part["close"]:
            self._close(place)
        elif part["minus"]:
            self._negate(place)

    def _negate(self, place: int) -> None:
        waiting = self._awaited or _Awaited(self._groups[-1].field, False, place)
        self._awaited = waiting._replace(negated=not waiting.negated)

    def _field(self, name: str, place: int) -> bool:
        """Take a field's name; False where it is none, but a word and a colon."""
        field = BY_NAME.get(name.lower())
        if field is None:
            long = [known for known in BY_NAME if len(known) > 2]
            near = difflib.get_close_matches(name.lower(), long, 1, _LIKE_A_FIELD)
            if near:
                self._fail(f"no field is called {name}: did you mean {near[0]}:?", place)
            return False
        negated = self._awaited is not None and self._awaited.negated
        self._awaited = _Awaited(field, negated, place)
        return True

    def _open(self, place: int) -> None:
        if len(self._groups) > DEEPEST:
            self._fail(f"parentheses may be {DEEPEST} deep", place)
        waiting = self._waiting(place)
        self._groups.append(_Group(waiting.field, waiting.negated, place))

    def _close(self, place: int) -> None:
        if len(self._groups) == 1:
            self._fail("this parenthesis closes nothing", place)
        self._complete(place)
        group = self._groups.pop()
        node = _joined(group.either)
        if node is None:
            self._fail("nothing stands between these parentheses", group.place)
        self._add(node, group.negated)

    def _word(self, word: str, place: int) -> None:
        if word in {"OR", "|"}:
            self._complete(place, "OR")
            self._operator = ("OR", place)
        elif word in {"AND", "&"}:
            if self._awaited or not self._groups[-1].every:
                self._fail(f"{word} needs a word on both sides", place)
            self._operator = ("AND", place)
        elif word == "NOT":
            self._negate(place)
        else:
            prefix = word.endswith("*")
            self._term(word.rstrip("*"), place, prefix=prefix, quoted=False)

    def _phrase(self, found: re.Match[str], place: int) -> None:
        if not found["end"]:
            self._fail("this quotation mark is not closed", place)
        self._term(found["phrase"], place, prefix=bool(found["star"]), quoted=True)

    def _waiting(self, place: int) -> _Awaited:
        waiting = self._awaited or _Awaited(self._groups[-1].field, False, place)
        self._awaited = None
        return waiting

    # -- terms

    def _term(self, value: str, place: int, *, prefix: bool, quoted: bool) -> None:
        waiting = self._waiting(place)
        self._terms += 1
        if self._terms > MOST_TERMS:
            self._fail(f"a query may have {MOST_TERMS} words", place)
        field = waiting.field
        if field is None or field.kind is Kind.WORDS:
            node = self._words_node(field, value, place, prefix=prefix, quoted=quoted)
        elif field.kind in {Kind.ID, Kind.HASH, Kind.SLUG}:
            node = self._exact(field, value, place)
        else:
            node = self._between(field, value, place)
        if node is not None:
            self._add(node, waiting.negated)

    def _words_node(
        self, field: Field | None, value: str, place: int, *, prefix: bool, quoted: bool
    ) -> Node | None:
        if field is None and not quoted and ".." in value:
            period = read_period(value, self._now)
            if period:
                return Between(*period)
        found = asked(value, prefix=prefix)
        self._words += len(found.words)
        if self._words > MOST_WORDS:
            self._fail(f"phrases may have {MOST_WORDS} words together", place)
        if not found.words:
            if field is not None:
                self._fail(f"{field.name}: needs a word, as in {field.example}", place)
            return None  # a lone dash or star: nothing to look for
        if prefix and found.prefix and not _long_enough(found.words[-1]):
            self._fail(f"{value}* stands for too much: {SHORTEST_PREFIX} letters", place)
        return Words(field.columns if field else DEFAULT, found.words, found.prefix)

    def _between(self, field: Field, value: str, place: int) -> Node:
        period = read_period(value, self._now)
        if period is None:
            self._fail(f"{value or 'this'} is no date; write it as {FORMS}", place)
        if field.kind is Kind.BEFORE:
            return Between(None, period.first)
        if field.kind is Kind.AFTER:
            return Between(period.end, None)
        return Between(*period)

    def _exact(self, field: Field, value: str, place: int) -> Node:
        value = value.strip()
        if field.kind is Kind.ID:
            value = value.removeprefix("<").removesuffix(">")
        elif field.kind is Kind.HASH:
            value = value.lower()
            if not _HEX.fullmatch(value):
                self._fail(f"{field.name}: needs {SHORTEST_HASH} to 64 hex digits", place)
        if not value:
            self._fail(f"{field.name}: needs a value, as in {field.example}", place)
        return Exact(field, value)

    # -- putting together

    def _add(self, node: Node, negated: bool) -> None:
        self._operator = ("", 0)
        self._groups[-1].every.append(Not(node) if negated else node)

    def _complete(self, place: int, before: str = "") -> None:
        """End the alternative under way."""
        if self._awaited is not None:
            self._fail("nothing follows this", self._awaited.place)
        operator, at = self._operator
        if operator:
            self._fail(f"{operator} needs a word on both sides", at)
        group = self._groups[-1]
        if not group.every:
            if before or group.either:
                self._fail("OR needs a word on both sides", place)
            return
        group.either.append(
            group.every[0] if len(group.every) == 1 else And(tuple(group.every))
        )
        group.every = []

    def _finish(self) -> Node:
        if len(self._groups) > 1:
            self._fail("this parenthesis is not closed", self._groups[-1].place)
        self._complete(len(self._text))
        node = _joined(self._groups[0].either)
        if node is None:
            self._fail("there is no word here to look for", 0)
        return node


def _joined(either: list[Node]) -> Node | None:
    if len(either) > 1:
        return Or(tuple(either))
    return either[0] if either else None


def _long_enough(word: str) -> bool:
    return len(word) >= SHORTEST_PREFIX or not word.isascii()
