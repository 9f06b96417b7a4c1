"""What proves that two accounts are one person's: the links between parties.

    name-host     the same first and last name at the same host, or at hosts of one
                  registered domain that is no provider to everybody
    user-domain   the same user at hosts of one registered domain, and no names that
                  contradict each other
    name          the same full name anywhere, where both accounts are named after it or
                  have the same user; never from a host that hides or invents names.
                  A name that thousands bear needs a user that is not made of it

Every rule puts parties into boxes by a key and links each with the first of its box, so
the work grows with the number of parties and not with its square. A shared address is
in no box, nor is what a person split off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from posterity.model import PersonEvidence
from posterity.relate.accounts import Account, Holder
from posterity.relate.domains import HostTrust, is_provider
from posterity.relate.names import PersonName, agree, fits, is_common, root_name
from posterity.relate.parties import Party
from posterity.relate.unions import Link

MAX_DAMAGED = 100
"""Longest address without @ in which a place for it is sought."""


class _Named(NamedTuple):
    """A party under one of its names."""

    place: int
    account: Account
    name: PersonName


def find_links(parties: Sequence[Party]) -> Iterator[Link]:
    """Every link that evidence gives, the strongest kind first, in a lasting order."""
    named = [
        _Named(place, party.account, name)
        for place, party in enumerate(parties)
        if party.account and party.bears_evidence
        for name in party.names
    ]
    yield from _same_name_same_host(named)
    yield from _damaged(named)
    yield from _same_user_same_domain(parties)
    yield from _same_full_name(named)


def _box(named: _Named) -> tuple[str, str]:
    return (root_name(named.name.first), named.name.last)


def _same_name_same_host(all_named: Iterable[_Named]) -> Iterator[Link]:
    boxes: dict[tuple[str, ...], list[_Named]] = defaultdict(list)
    for named in all_named:
        if named.account.trust is not HostTrust.NAMED or not named.name.first:
            continue
        place = _place_of_names(named)
        if place:
            boxes[(*_box(named), place)].append(named)
    for box in boxes.values():
        yield from _by_middle(box, PersonEvidence.NAME_HOST)


def _place_of_names(named: _Named) -> str:
    """Where the same name means the same person; "" where it does not."""
    account = named.account
    if is_provider(account.domain) and not fits(account.user, named.name):
        return ""
    return account.host if is_common(named.name) else account.domain


def _same_user_same_domain(parties: Sequence[Party]) -> Iterator[Link]:
    boxes: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, party in enumerate(parties):
        account = party.account
        if account and party.bears_evidence and account.holder is not Holder.ROLE:
            boxes[account.user, account.domain].append(place)
    for box in boxes.values():
        if len(box) > 1:
            yield from _where_names_allow(parties, box)


def _where_names_allow(parties: Sequence[Party], box: list[int]) -> Iterator[Link]:
    """Links within a box by last name; the nameless only where all names are one."""
    by_last: dict[str, list[int]] = defaultdict(list)
    for place in box:
        for last in {name.last for name in parties[place].names}:
            by_last[last].append(place)
    nameless = [place for place in box if not parties[place].names]
    if len(by_last) <= 1:
        whole = next(iter(by_last.values()), [])
        if all(_agree(parties[whole[0]], parties[place]) for place in whole):
            by_last = defaultdict(list, {"": sorted(whole + nameless)})
    for places in by_last.values():
        for place in places[1:]:
            if _agree(parties[places[0]], parties[place]):
                yield Link(places[0], place, PersonEvidence.USER_DOMAIN)


def _agree(one: Party, other: Party) -> bool:
    """Whether no name of one party contradicts the other's."""
    if not one.names or not other.names:
        return True
    return any(agree(a, b) for a in one.names for b in other.names)


def _same_full_name(all_named: Iterable[_Named]) -> Iterator[Link]:
    by_name: dict[tuple[str, ...], list[_Named]] = defaultdict(list)
    by_user: dict[tuple[str, ...], list[_Named]] = defaultdict(list)
    for named in all_named:
        account = named.account
        if (
            account.holder is not Holder.PERSON
            or account.trust < HostTrust.LOCAL
            or not named.name.first
        ):
            continue
        named_after = fits(account.user, named.name)
        common = is_common(named.name)
        if not (named_after and common):
            by_user[(*_box(named), account.user)].append(named)
        if named_after and not common:
            by_name[_box(named)].append(named)
    for box in (*by_user.values(), *by_name.values()):
        yield from _by_middle(box, PersonEvidence.NAME)


def _by_middle(box: list[_Named], evidence: PersonEvidence) -> Iterator[Link]:
    """Links within a box of one first and last name, parted by middle initial.

    Those without an initial go with the only one there is; with two, nobody knows.
    """
    middles: dict[int, frozenset[str]] = {}
    for named in box:
        middles[named.place] = middles.get(named.place, frozenset()) | named.name.middles
    several = len(set(middles.values()) - {frozenset[str]()}) > 1
    first: dict[frozenset[str], int] = {}
    for place, initials in middles.items():
        head = first.setdefault(initials if several else frozenset(), place)
        if head != place:
            yield Link(head, place, evidence)


def _damaged(all_named: Sequence[_Named]) -> Iterator[Link]:
    """Addresses that lost their @ to another character, from the same full name."""
    known = {(n.account.key, *_box(n)): n.place for n in reversed(all_named)}
    for named in all_named:
        text = named.account.user
        if named.account.host or "." not in text or len(text) > MAX_DAMAGED:
            continue
        for at in range(1, len(text) - 1):
            place = known.get((f"{text[:at]}@{text[at + 1 :]}", *_box(named)))
            if place is not None:
                yield Link(place, named.place, PersonEvidence.NAME_HOST)
