"""How a thread is divided into pages, known before any of its mail is read.

Every message page names the part of the thread page it stands in, so the division must
follow from the rows alone: a part ends when it holds `MOST_MESSAGES`, or when the sizes
in the catalogue promise too much text.
"""

from __future__ import annotations

from collections.abc import Sequence

from posterity.render import urls
from posterity.render.addresses import Addresses
from posterity.render.byheaders import is_inferred
from posterity.render.texts import Texts
from posterity.render.tree import Tree
from posterity.rows import MessageRow, TreeNode

MOST_MESSAGES = 100
"""Messages on one part of a thread page."""

MOST_TEXT = 130_000
"""Octets of text, by the catalogue's sizes, on one part."""

SHARE = 40_000
"""Octets of HTML that one message may have on a thread page; its own page has more."""

NEAR = 20
"""Messages before and after one whose months and people its page leads back to."""

_LINE = 90  # octets of a line as shown, generously; attachments are no lines
_AROUND = 600  # octets of a message's own heading


class Outline:
    """A thread's places, its messages in reading order, and its parts.

    Attributes:
        nodes: all places.
        places: indices of the places that hold a message.
        parts: the same indices, divided.
        digest: names the thread's pages; "" where the thread is one message.
        inferred: some link of it rests on more than headers.
        ways: back from messages, printed, by folder and the places near them.
    """

    def __init__(self, nodes: Sequence[TreeNode]) -> None:
        self.nodes = nodes
        self.places = [at for at, node in enumerate(nodes) if node.message is not None]
        self._step = {at: step for step, at in enumerate(self.places)}
        self.parts = _divided(nodes, self.places)
        self._part = {at: n for n, part in enumerate(self.parts, 1) for at in part}
        self.index = {self.row(at).key: at for at in self.places}
        self.digest = next((self.row(at).thread for at in self.places), "")
        self.inferred = bool(self.digest) and is_inferred(nodes)
        self.ways: dict[tuple[str, int, int], str] = {}
        self._trees: dict[str, Tree] = {}

    def row(self, at: int) -> MessageRow:
        """The message of a place that holds one."""
        row = self.nodes[at].message
        assert row is not None, "a ghost has no row"
        return row

    @property
    def lead(self) -> MessageRow:
        """The message that names the thread: the first that is not withdrawn."""
        rows = [self.row(at) for at in self.places]
        return next((row for row in rows if not row.withdrawn), rows[0])

    def part(self, at: int) -> int:
        """The number of the part in which a message stands, from 1."""
        return self._part[at]

    def span(self, number: int) -> tuple[int, int]:
        """The places [first, end) of a part, its ghosts included."""
        first = self.parts[number - 1][0] if number > 1 else 0
        last = number == len(self.parts)
        return first, len(self.nodes) if last else self.parts[number][0]

    def beside(self, at: int) -> tuple[MessageRow | None, MessageRow | None]:
        """The messages before and after one, in reading order."""
        step = self._step[at]
        before = self.row(self.places[step - 1]) if step else None
        after = self.row(self.places[step + 1]) if step + 1 < len(self.places) else None
        return before, after

    def near(self, at: int) -> Sequence[int]:
        """The places around a message: all of a small thread."""
        step = self._step[at]
        return self.places[max(0, step - NEAR) : step + NEAR]

    def tree(self, texts: Texts, addresses: Addresses, links: urls.Links) -> Tree:
        """The thread's tree as seen from a page; pages of one folder share it."""
        tree = self._trees.get(links.folder)
        if tree is None:
            tree = self._trees[links.folder] = Tree(self.nodes, texts, addresses, links)
        return tree


def _divided(nodes: Sequence[TreeNode], places: Sequence[int]) -> list[list[int]]:
    parts: list[list[int]] = []
    room = 0
    for at in places:
        row = nodes[at].message
        assert row is not None, "a ghost has no row"
        text = min(row.size, row.lines * _LINE, SHARE) + _AROUND
        if not parts or len(parts[-1]) == MOST_MESSAGES or text > room:
            parts.append([])
            room = MOST_TEXT
        parts[-1].append(at)
        room -= text
    return parts
