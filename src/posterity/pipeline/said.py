"""What a person said of links and times, in relate's own terms."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from posterity.amendments import Amendments
from posterity.model import DateEvidence, Evidence
from posterity.relate.dates import Believed
from posterity.relate.threads import Skeleton, Witness


class Names:
    """Messages by hash, or by how it begins."""

    def __init__(self, bones: Iterable[Skeleton]) -> None:
        self._pairs = sorted((bone.digest, bone.key) for bone in bones)

    def find(self, name: str) -> int | None:
        """The id; None where no message, or more than one, begins so."""
        at = bisect_left(self._pairs, (name, -(1 << 62)))
        found = [key for digest, key in self._pairs[at : at + 2] if digest.startswith(name)]
        return found[0] if len(found) == 1 else None


def links(said: Amendments, bones: Iterable[Skeleton]) -> list[Witness]:
    """Links that were made and cut by hand; those of messages not held are passed over."""
    if not (said.reattach or said.detach or said.join):
        return []
    names = Names(bones)
    return [
        Witness(child, parent, Evidence.AMENDMENT, 1.0, reason)
        for one, other, reason in _pairs(said)
        if (child := names.find(one)) is not None
        and (parent := names.find(other)) is not None
    ]


def _pairs(said: Amendments) -> Iterator[tuple[str, str, str]]:
    """(child, parent, reason); a message that is its own parent is a root."""
    for link in said.reattach:
        yield link.message, link.parent, link.reason
    for root in said.detach:
        yield root.message, root.message, root.reason
    for joint in said.join:
        yield joint.tail, joint.message, joint.reason


def retimed(said: Amendments, bones: Iterable[Skeleton]) -> dict[int, Believed]:
    """The times given by hand; those of messages not held are passed over."""
    if not said.retime:
        return {}
    names = Names(bones)
    return {
        key: Believed(entry.utc, DateEvidence.AMENDMENT, 0, entry.reason)
        for entry in said.retime
        if (key := names.find(entry.message)) is not None
    }
