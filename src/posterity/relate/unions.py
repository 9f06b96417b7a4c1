"""Sets that grow together, except those a person told apart, with every join kept."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from posterity.model import PersonEvidence


class Link(NamedTuple):
    """A reason to join two parties, by their places; detail is "" for the plain reason."""

    one: int
    other: int
    evidence: PersonEvidence
    detail: str = ""


class Unions:
    """Disjoint sets of 0..n-1 (union by size, path halving); each may bear a mark.

    Sets with two different marks are never joined by evidence.
    """

    def __init__(self, marks: list[str]) -> None:
        self._parent = list(range(len(marks)))
        self._size = [1] * len(marks)
        self._mark = list(marks)
        self._links: list[list[Link]] = [[] for _ in marks]
        self._claimed: set[int] = set()

    def find(self, place: int) -> int:
        """The set a place belongs to."""
        parent = self._parent
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    def join(self, link: Link, *, force: bool = False) -> bool:
        """Join the sets of a link's ends; whether they are now, and were not, one."""
        one, other = self.find(link.one), self.find(link.other)
        marks = {self._mark[one], self._mark[other]} - {""}
        if one == other or (len(marks) > 1 and not force):
            return False
        if self._size[one] < self._size[other]:
            one, other = other, one
        self._parent[other] = one
        self._size[one] += self._size[other]
        self._mark[one] = min(marks, default="")
        self._links[link.one].append(link)
        self._links[link.other].append(link)
        return True

    def claim(self, place: int) -> bool:
        """Whether a place is the first of its set to be asked about."""
        root = self.find(place)
        if root in self._claimed:
            return False
        self._claimed.add(root)
        return True

    def reached_from(self, start: int) -> list[tuple[int, Link | None]]:
        """Every place of a set with the link that leads to it, walking from `start`."""
        found: list[tuple[int, Link | None]] = [(start, None)]
        seen = {start}
        queue = deque([start])
        while queue:
            here = queue.popleft()
            for link in self._links[here]:
                there = link.other if link.one == here else link.one
                if there not in seen:
                    seen.add(there)
                    found.append((there, link))
                    queue.append(there)
        return found
