"""Who is who: the spellings of From, joined into people by stated evidence.

One person writes under many spellings: other addresses over the years, a name now in
full and now short, UUCP before domains. And one address may be many people's. Spellings
are joined when, and only when, a fact says so, strongest first:

    amendment     a person merged or split them
    mailmap       a line of .mailmap names them
    address       the same account, by whatever road (`accounts`, `parties`)
    name-host, user-domain, name      (`evidence`)

What a person said is never overruled: no evidence joins two that a mailmap or a split
tells apart. A shared or anonymous address is nobody: its spellings stay alone, but for
those equal without case. Every join is kept with its evidence and its other side, so a
reader can judge it and a split can undo it. The result does not depend on the order of
the spellings, and the time grows in step with their number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from posterity.model import PersonEvidence
from posterity.relate.evidence import find_links
from posterity.relate.mailmap import Mailmap
from posterity.relate.names import clean_name, read_name
from posterity.relate.parties import Party, make_parties
from posterity.relate.said import Said
from posterity.relate.slugs import masked_slug, page_names, slug
from posterity.relate.spellings import Assignment, PersonGroup, Spelling, age
from posterity.relate.unions import Link, Unions

__all__ = ["Assignment", "PersonGroup", "Spelling", "best_name", "join_people", "slug"]

_Unkeyed = tuple[str, tuple[Assignment, ...]]
"""A group before it has a key: its name and its spellings."""

_SAID = (PersonEvidence.AMENDMENT, PersonEvidence.MAILMAP)


def join_people(
    spellings: Iterable[Spelling],
    *,
    exact_only: bool = False,
    mailmap: Mailmap | None = None,
    merges: Iterable[Sequence[str]] = (),
    splits: Iterable[str] = (),
    masked: bool = False,
) -> tuple[PersonGroup, ...]:
    """Join spellings into people.

    Args:
        spellings: in any order; equal `from_as_written` are counted together.
        exact_only: join nothing but what has the same address, letter for letter;
            mailmap, merges and splits are then not asked.
        mailmap: a person's word, which wins over all evidence.
        merges: each names two or more spellings whose people are one. A spelling is
            named by its From as written, its address, or its slug. A name that nothing
            bears is passed over: mail may come later.
        splits: each names spellings (as above) that are taken out of what evidence
            joined them to, and are one person of their own. A merge wins over a split.
        masked: make the people's keys without spelling an address.

    Returns:
        Every spelling once, in groups in the order of their earliest spelling.
    """
    ordered = _counted(spellings)
    if exact_only:
        return _with_keys((_exact(group) for group in _by_address(ordered)), masked)
    said = Said(ordered, mailmap, splits)
    parties = make_parties(ordered, said.marks)
    unions = Unions([party.mark for party in parties])
    for link in chain(said.links(parties), find_links(parties)):
        unions.join(link)
    for link in said.merges(parties, merges):
        unions.join(link, force=True)
    return _with_keys(_groups(parties, unions, said), masked)


def best_name(spellings: Iterable[Spelling]) -> str:
    """The name to show: a full name before another, then by posts, then spelled best.

    Returns:
        A display name. Where there is none, or only mottoes that change, the earliest
        spelling's address, or what stands in its From.
    """
    posts: dict[str, int] = defaultdict(int)
    ordered = sorted(spellings, key=age)
    for spelling in ordered:
        posts[clean_name(spelling.name)] += spelling.posts
    nameless = posts.pop("", 0)
    best = max(posts, key=lambda name: _worth(name, posts[name]), default="")
    if best and (read_name(best) or 4 * posts[best] > nameless + sum(posts.values())):
        return best
    return ordered[0].address or ordered[0].from_as_written


def _worth(name: str, posts: int) -> tuple[bool, int, bool, int, str]:
    return (read_name(name) is not None, posts, name.istitle(), len(name), name)


def _counted(spellings: Iterable[Spelling]) -> list[Spelling]:
    """Each spelling once, earliest first, with the posts of its repetitions."""
    counted: dict[str, Spelling] = {}
    for spelling in sorted(spellings, key=age):
        before = counted.get(spelling.from_as_written)
        if before:
            spelling = before._replace(posts=before.posts + spelling.posts)  # noqa: PLW2901
        counted[spelling.from_as_written] = spelling
    return list(counted.values())


def _by_address(ordered: Iterable[Spelling]) -> Iterable[list[Spelling]]:
    groups: dict[tuple[str, str], list[Spelling]] = defaultdict(list)
    for spelling in ordered:
        alone = "" if spelling.address else spelling.from_as_written
        groups[spelling.address, alone].append(spelling)
    return groups.values()


def _exact(group: Sequence[Spelling]) -> _Unkeyed:
    first = group[0]
    rest = (
        Assignment(spelling, PersonEvidence.ADDRESS, first.from_as_written)
        for spelling in group[1:]
    )
    return best_name(group), (Assignment(first, PersonEvidence.FIRST, ""), *rest)


def _groups(parties: Sequence[Party], unions: Unions, said: Said) -> Iterator[_Unkeyed]:
    """The people, each from its earliest party on, in the order of those."""
    for place in range(len(parties)):
        if not unions.claim(place):
            continue
        found = unions.reached_from(place)
        assigned = sorted(
            (
                assignment
                for at, link in found
                for assignment in _assign(parties, at, link, said, alone=len(found) == 1)
            ),
            key=lambda assignment: age(assignment.spelling),
        )
        spellings = [assignment.spelling for assignment in assigned]
        yield said.proper_name(spellings) or best_name(spellings), tuple(assigned)


def _assign(
    parties: Sequence[Party], place: int, link: Link | None, said: Said, *, alone: bool
) -> Iterator[Assignment]:
    """The evidence of each of a party's spellings, given the link that leads to it."""
    party = parties[place]
    first = party.spellings[0]
    if party.shared and alone:
        for spelling in party.spellings:
            yield Assignment(spelling, PersonEvidence.SHARED, party.shared)
        return
    if link is None:
        yield Assignment(first, PersonEvidence.FIRST, "")
    else:
        other = parties[link.one if link.other == place else link.other]
        detail = said.where(first) if link.evidence in _SAID else ""
        yield Assignment(first, link.evidence, detail or other.spellings[0].from_as_written)
    for spelling in party.spellings[1:]:
        yield Assignment(spelling, PersonEvidence.ADDRESS, first.from_as_written)


def _with_keys(groups: Iterable[_Unkeyed], masked: bool) -> tuple[PersonGroup, ...]:
    """Give each group its lasting key, by its earliest spelling."""
    kept = list(groups)
    keys = page_names(
        (_wanted(assigned[0].spelling, masked), assigned[0].spelling.from_as_written)
        for _, assigned in kept
    )
    return tuple(
        PersonGroup(key, name, assigned)
        for key, (name, assigned) in zip(keys, kept, strict=True)
    )


def _wanted(spelling: Spelling, masked: bool) -> str:
    if masked:
        return masked_slug(spelling.name, spelling.address)
    return slug(spelling.from_as_written)
