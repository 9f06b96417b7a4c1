"""What relate found last time, as far as it still holds.

    copies      of authors who wrote nothing new       find_copies goes author by author
    subjects    witnesses under subjects with nothing new
    quotes      witnesses of children whose cites are as they were, and who name nobody new

Kept as arrays beside the shingles, with what joining came to (store/came.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posterity.model import CopyEvidence
from posterity.pipeline.columns import Columns
from posterity.pipeline.witnessed import packed, unpacked
from posterity.relate.copies import WITHIN, Copy
from posterity.relate.subjects import subject_witnesses
from posterity.relate.witnesses import LAST, Ordered, Skeleton, Witness, folded

_COPY: Final = tuple(CopyEvidence)


class Before(NamedTuple):
    """What was found last time.

    Attributes:
        changed: messages that are new since, or have another time: the time they had,
            None where they had none or are new.
        new: those of them that are new.
    """

    changed: Mapping[int, int | None]
    new: AbstractSet[int]
    copies: Sequence[Copy]
    subjects: Sequence[Witness]
    quotes: Sequence[Witness]

    def to_compare(self, bones: Sequence[Skeleton]) -> dict[int, bool]:
        """The messages among which copies are looked for: whether each may be one.

        A letter is compared with those of its author in the week before it. So what may
        be found otherwise is what the authors of changed letters wrote since then.
        """
        since: dict[str, int] = {}
        for bone in bones:
            times = [bone.utc, self.changed.get(bone.key)]
            known = [utc for utc in times if utc is not None]
            if bone.author and bone.key in self.changed and known:
                since[bone.author] = min(*known, since.get(bone.author, LAST))
        return {
            bone.key: bone.utc >= since[bone.author]
            for bone in bones
            if bone.author in since
            and bone.utc is not None
            and bone.utc >= since[bone.author] - WITHIN
        }

    def copies_with(
        self, found: Iterable[Copy], among: Mapping[int, bool], bones: Iterable[Skeleton]
    ) -> list[Copy]:
        """All copies, in the order of the list, where some messages were compared anew."""
        gone = self.changed.keys() | {key for key, again in among.items() if again}
        copies = {copy.key: copy for copy in self.copies if copy.key not in gone}
        copies |= {copy.key: copy for copy in found}
        return [copies[bone.key] for bone in bones if bone.key in copies]

    def by_subject(self, bones: Ordered) -> list[Witness]:
        """At most one witness for each message, by its subject."""
        fresh = {folded(bone.base_subject) for bone in bones if bone.key in self.changed}
        bases = {bone.base_subject for bone in bones}
        again = {base for base in bases if folded(base) in fresh}
        some = Ordered(bone for bone in bones if bone.base_subject in again)
        return _with(self.subjects, subject_witnesses(some), {bone.key for bone in some})

    def by_quote(self, found: Iterable[Witness], among: Collection[int]) -> list[Witness]:
        """Witnesses by quotes, where some children were judged anew."""
        return _with(self.quotes, found, among)


def _with(
    before: Iterable[Witness], found: Iterable[Witness], among: Collection[int]
) -> list[Witness]:
    return [*(one for one in before if one.child not in among), *found]


def as_columns(
    copies: Sequence[Copy], witnesses: Mapping[str, Sequence[Witness]]
) -> Columns:
    """What was found, to be kept; witnesses by the name of their columns."""
    known = {kind: number for number, kind in enumerate(_COPY)}
    rows = [(c.key, c.first, known[c.evidence], c.similarity) for c in copies]
    found: Columns = {"copies": np.array(rows, np.float64).reshape(-1, 4)}
    for name, some in witnesses.items():
        found |= packed(name, some)
    return found


def from_columns(
    columns: Mapping[str, NDArray[Any]],
    changed: Mapping[int, int | None],
    new: AbstractSet[int],
) -> Before:
    """What was found, as it was kept."""
    copies = [
        Copy(int(key), int(first), _COPY[int(kind)], similarity)
        for key, first, kind, similarity in columns["copies"].tolist()
    ]
    both = (unpacked(name, columns) for name in ("subjects", "quotes"))
    return Before(changed, new, copies, *both)
