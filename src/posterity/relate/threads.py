"""Threads: every message in exactly one tree, each link with the fact that proves it.

    skeletons ──references──▶ candidates of the header ─┐
    witnesses (quotes, subjects, copies) ───────────────┴─▶ settle ─▶ forest ─▶ Thread

Invariants, all tested: messages in = messages out; no cycles; the order of arrival
decides nothing; a late parent adopts its orphans; no recursion; linear in messages
and ids but for sorting. Subjects never join threads by themselves, as RFC 5256 would
have it: a shared subject is a witness like others, weak, and marked as a guess.

A ghost stands for a message that is named but not held, and is kept only where a reader
sees something by it: where it joins two answers, or stands between a message and what
answers it (JWZ step 4, and public-inbox's refinement: no ghost without an answer).

Sources: https://www.jwz.org/doc/threading.html; RFC 5256 §3.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from posterity.model import Evidence
from posterity.relate.forest import ROOT, Candidate, children_of, preorder, settle
from posterity.relate.references import Headers, header_candidates, header_witnesses
from posterity.relate.weigh import weigh
from posterity.relate.witnesses import Skeleton, Witness, in_order

__all__ = [
    "Node",
    "Skeleton",
    "Thread",
    "Witness",
    "build_threads",
    "header_witnesses",
    "join_threads",
]


class Node(NamedTuple):
    """One place in a thread.

    Attributes:
        message: catalogue key, or None for a ghost.
        ghost: the Message-ID of a message not held; "" where it is held.
        parent: place of the parent in Thread.nodes, -1 for the root.
        depth: 0 for the root.
        evidence: what proves the link to the parent; None for the root.
        strength: how often such links are right, 0 to 1; 0.0 for the root.
        detail: the evidence in words, "" where its kind says it all.
    """

    message: int | None
    ghost: str
    parent: int
    depth: int
    evidence: Evidence | None
    strength: float
    detail: str


class Thread(NamedTuple):
    """A tree in preorder; children stand by (time, digest), ghosts by their first answer."""

    nodes: tuple[Node, ...]


def build_threads(
    skeletons: Iterable[Skeleton],
    witnesses: Iterable[Witness] = (),
    headers_only: bool = False,
) -> list[Thread]:
    """Thread a list.

    Args:
        skeletons: the messages, in any order; keys are unique.
        witnesses: other evidence than the header's, in any order; the header's own is
            read from the skeletons. Witnesses of unknown keys are ignored.
        headers_only: leave other evidence aside.

    Returns:
        Threads by the (time, digest) of their root, or of a ghost's first answer.
    """
    ordered = in_order(skeletons)
    keys = [skeleton.key for skeleton in ordered]
    headers = header_candidates(ordered)
    if not headers_only:
        headers = Headers(headers.ghosts, weigh(keys, headers.candidates, witnesses))
    return join_threads(keys, headers)


def join_threads(keys: Sequence[int], found: Headers) -> list[Thread]:
    """Threads of messages whose possible parents are weighed.

    Args:
        keys: of the messages, by (time, digest).
        found: the ghosts, and the candidates of each node.
    """
    held = len(keys)
    links, first = _settled(found.candidates, held)
    children = children_of([ROOT if link is None else link.parent for link in links])
    for row in children.values():
        if any(child >= held for child in row):
            row.sort(key=lambda node: (first[node], node))
    alive = [root for root in children.get(ROOT, ()) if first[root] != NOBODY]
    names = [None] * held + list(found.ghosts)
    return [_thread(preorder(root, children), links, keys, names) for root in alive]


def header_parents(
    skeletons: Iterable[Skeleton], addresses: AbstractSet[str] | None = None
) -> dict[int, int]:
    """Who answers whom among messages held, as in `build_threads` by headers only.

    Args:
        skeletons: the messages.
        addresses: of the whole list; None: these are all of it.
    """
    ordered = in_order(skeletons)
    held = len(ordered)
    links, _ = _settled(header_candidates(ordered, addresses).candidates, held)
    return {
        skeleton.key: ordered[link.parent].key
        for skeleton, link in zip(ordered, links, strict=False)
        if link is not None and link.parent < held
    }


def _settled(
    candidates: Sequence[Sequence[Candidate]], held: int
) -> tuple[list[Candidate | None], list[int]]:
    """The link of each node, and the lowest number of a message at or under it."""
    choice = settle(candidates)
    links = [
        row[place] if place != ROOT else None
        for row, place in zip(candidates, choice, strict=True)
    ]
    return links, _prune_ghosts(links, held)


NOBODY = 1 << 62
"""The first message under a ghost that has none."""


def _prune_ghosts(links: list[Candidate | None], held: int) -> list[int]:
    """Take out ghosts that show nothing; `links` is changed in place.

    Returns:
        For each node the lowest number of a message at or under it; NOBODY for ghosts
        that were taken out, which are then roots without children.
    """
    first = list(range(held)) + [NOBODY] * (len(links) - held)
    answers: dict[int, list[int]] = {}
    for node in range(held):
        link = links[node]
        if link is not None and link.parent >= held:
            answers.setdefault(link.parent, []).append(node)
    for ghost in _ghosts_upward(links, held):
        live = answers.get(ghost, [])
        link = links[ghost]
        above = ROOT if link is None else link.parent
        if not live or (len(live) == 1 and (not 0 <= above < held or live[0] >= held)):
            links[ghost] = None
            live = _hand_over(live, link, links)
            kept = live
        else:
            first[ghost] = min(first[node] for node in live)
            kept = [ghost]
        if above >= held:
            answers.setdefault(above, []).extend(kept)
    return first


def _hand_over(
    live: list[int], link: Candidate | None, links: list[Candidate | None]
) -> list[int]:
    """Hang a spliced ghost's only child where the ghost hung."""
    for node in live:
        old = links[node]
        if link is None or old is None:
            links[node] = None
        else:
            links[node] = old._replace(parent=link.parent, strength=link.strength)
    return live


def _ghosts_upward(links: Sequence[Candidate | None], held: int) -> list[int]:
    """Ghosts, each before the ghost it hangs under."""
    waiting = dict.fromkeys(range(held, len(links)), 0)
    for ghost in range(held, len(links)):
        link = links[ghost]
        if link is not None and link.parent >= held:
            waiting[link.parent] += 1
    ready = [ghost for ghost, children in waiting.items() if not children]
    for ghost in ready:
        link = links[ghost]
        if link is not None and link.parent >= held:
            waiting[link.parent] -= 1
            if not waiting[link.parent]:
                ready.append(link.parent)
    return ready


def _thread(
    order: Sequence[int],
    links: Sequence[Candidate | None],
    keys: Sequence[int],
    names: Sequence[str | None],
) -> Thread:
    """A thread from the preorder of its nodes."""
    if len(order) == 1 and names[order[0]] is None:
        return Thread((Node(keys[order[0]], "", ROOT, 0, None, 0.0, ""),))
    place = {node: i for i, node in enumerate(order)}
    nodes: list[Node] = []
    for node in order:
        name, link = names[node], links[node]
        message = keys[node] if name is None else None
        parent = ROOT if link is None else place[link.parent]
        depth = 0 if link is None else nodes[parent].depth + 1
        nodes.append(
            Node(
                message,
                name or "",
                parent,
                depth,
                None if link is None else link.evidence,
                0.0 if link is None else link.strength,
                "" if link is None else link.detail,
            )
        )
    return Thread(tuple(nodes))
