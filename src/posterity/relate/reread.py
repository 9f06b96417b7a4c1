"""Who answers whom by the header, where most of a list was read before.

What a header comes to rests on the ids that it names, on who else bears or names them,
and so on. So what new messages share no id with, by however many steps, is as it was. An
id that is somebody's address names no message; one that is a new address may have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from posterity.relate.references import addresses_of
from posterity.relate.threads import header_parents
from posterity.relate.witnesses import Skeleton


def header_parents_again(
    skeletons: Sequence[Skeleton], was: Mapping[int, int | None]
) -> dict[int, int]:
    """Who answers whom, as `header_parents` has it.

    Args:
        skeletons: of the whole list.
        was: what it was for some of them, all the list there was then.
    """
    some = _kin(skeletons, [one for one in skeletons if one.key not in was])
    found = {
        key: parent for key, parent in was.items() if parent is not None and key not in some
    }
    addresses = addresses_of(skeletons)
    mine = [one for one in skeletons if one.key in some]
    return found | header_parents(mine, addresses)


def _kin(skeletons: Sequence[Skeleton], new: Sequence[Skeleton]) -> set[int]:
    """The keys of new messages, and of those that share ids with them, by any steps."""
    sharing: dict[str, list[Skeleton]] = defaultdict(list)
    for one in skeletons:
        for name in (*one.message_ids, *one.references, *one.in_reply_to):
            sharing[name].append(one)
    addresses = addresses_of(new)
    names = {name for name in sharing if name.lower() in addresses}
    found = {one.key for one in new}
    ready = [*new, *(one for name in names for one in sharing[name])]
    while ready:
        one = ready.pop()
        found.add(one.key)
        for name in (*one.message_ids, *one.references, *one.in_reply_to):
            ready += sharing.pop(name, ())
    return found
