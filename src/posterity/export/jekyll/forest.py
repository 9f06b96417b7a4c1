"""Which message answers which, by the old archive's rule: In-Reply-To, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from posterity.export.jekyll.letters import Letter


class Forest:
    """Every letter in a tree.

    A letter's parent is the one whose Message-ID equals its In-Reply-To, if exactly one
    holds it. A root that names a parent all the same hangs under an unknown root.
    """

    def __init__(self, letters: Sequence[Letter]) -> None:
        self.letters = letters
        self._holders: dict[str, list[Letter]] = defaultdict(list)
        for letter in letters:
            if letter.message_id:
                self._holders[letter.message_id].append(letter)
        self._naming: dict[str, list[Letter]] = defaultdict(list)
        self._children: dict[int, list[Letter]] = defaultdict(list)
        self._parent: dict[int, Letter] = {}
        for letter in letters:
            if letter.reply_to:
                self._naming[letter.reply_to].append(letter)
                self._link(letter)
        for children in self._children.values():
            children.sort(key=by_time)
        self._trees: dict[int, list[tuple[int, Letter]]] = {}

    def _link(self, letter: Letter) -> None:
        holders = self._holders.get(letter.reply_to, ())
        if len(holders) == 1 and not self._would_loop(letter, holders[0]):
            self._parent[letter.key] = holders[0]
            self._children[holders[0].key].append(letter)

    def _would_loop(self, letter: Letter, parent: Letter) -> bool:
        above: Letter | None = parent
        while above is not None:
            if above.key == letter.key:
                return True
            above = self._parent.get(above.key)
        return False

    def root(self, letter: Letter) -> Letter:
        """The root of a letter's tree."""
        while letter.key in self._parent:
            letter = self._parent[letter.key]
        return letter

    def tree(self, root: Letter) -> list[tuple[int, Letter]]:
        """(depth, letter) of a root's whole tree, in reading order; made once."""
        if root.key not in self._trees:
            self._trees[root.key] = self._walk(root)
        return self._trees[root.key]

    def _walk(self, root: Letter) -> list[tuple[int, Letter]]:
        found = []
        stack = [(0, root)]
        while stack:
            depth, letter = stack.pop()
            found.append((depth, letter))
            stack += [
                (depth + 1, child) for child in reversed(self._children.get(letter.key, ()))
            ]
        return found

    def is_shared(self, message_id: str) -> bool:
        """Whether several letters hold an id."""
        return len(self._holders.get(message_id, ())) > 1

    def naming(self, message_id: str) -> list[Letter]:
        """The letters that name an id in In-Reply-To, by time."""
        return sorted(self._naming.get(message_id, ()), key=by_time)


def by_time(letter: Letter) -> tuple[bool, int, int]:
    """Letters by time, the undated first, then in the order of the dumps."""
    return (letter.utc is not None, letter.utc or 0, letter.order)
