"""Spellings gathered by account: what one mailbox wrote, and whether one person holds it.

A party is what evidence joins. Its names are those that most of its mail bears: one
message under another's name, from one's own account, makes nobody that other.

An address is shared by many, and then each of its spellings is a party of its own, when
its user or host says so (`accounts`), or when its mail shows it: it bears the full names
of many people and no name prevails.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from posterity.relate.accounts import Account, Holder, read_account
from posterity.relate.names import PersonName, agree, clean_name, fold, read_name
from posterity.relate.spellings import Spelling

SPLIT = "split "
"""How the mark of a party begins that a person split off."""

CROWD = 4
"""From so many last names on an address is taken for shared; a couple or a joker has
fewer, or one that prevails."""


class Party(NamedTuple):
    """The spellings of one account.

    Attributes:
        account: None where no address can be read.
        spellings: earliest first.
        names: the full names most of its mail bears; they agree with each other.
        shared: why it is no person's, "" where it is.
        mark: a person's word on who it is; "" for none.
        closed: a person split it off: evidence joins it with nothing.
    """

    account: Account | None
    spellings: tuple[Spelling, ...]
    names: tuple[PersonName, ...]
    shared: str
    mark: str
    closed: bool

    @property
    def bears_evidence(self) -> bool:
        """Whether anything can prove it to be one with another."""
        return self.account is not None and not self.shared and not self.closed


def make_parties(spellings: Sequence[Spelling], marks: Mapping[str, str]) -> list[Party]:
    """Gather spellings by account and mark.

    Args:
        spellings: earliest first, each `from_as_written` once.
        marks: by `from_as_written`, a person's word on who that is.

    Returns:
        Parties in the order of their earliest spellings.
    """
    accounts = {s.address: read_account(s.address) for s in spellings}
    crowds = _crowds(spellings, accounts)
    gathered: dict[tuple[str, str, str], list[Spelling]] = defaultdict(list)
    for spelling in spellings:
        account = accounts[spelling.address]
        mark = marks.get(spelling.from_as_written, "")
        gathered[_key(spelling, account, crowds, mark)].append(spelling)
    return [
        _party(group, accounts[group[0].address], crowds, key[2])
        for key, group in gathered.items()
    ]


def _key(
    spelling: Spelling, account: Account | None, crowds: frozenset[str], mark: str
) -> tuple[str, str, str]:
    """What is equal for the spellings of one party."""
    if account is None:
        return ("", spelling.from_as_written, mark)
    apart = not account.host or _why_shared(account, crowds)
    return (account.key, fold(clean_name(spelling.name)) if apart else "", mark)


def _party(
    group: list[Spelling], account: Account | None, crowds: frozenset[str], mark: str
) -> Party:
    shared = _why_shared(account, crowds) if account else ""
    names = _prevailing(group) or _spelled_user(group, account)
    return Party(account, tuple(group), names, shared, mark, mark.startswith(SPLIT))


def _spelled_user(
    group: Iterable[Spelling], account: Account | None
) -> tuple[PersonName, ...]:
    """The full name that a user such as `jane.doe` spells, where no other is given."""
    if account is None or any(clean_name(spelling.name) for spelling in group):
        return ()
    words = [word for word in re.split(r"[._]", account.user) if word]
    name = read_name(" ".join(words)) if len(words) > 1 else None
    return (name,) if name and len(words[0]) > 1 else ()


def _why_shared(account: Account, crowds: frozenset[str]) -> str:
    if account.holder is Holder.SHARED:
        return "an address of many, or of nobody, by its name"
    return "an address of many, by the names it bears" if account.key in crowds else ""


def _crowds(
    spellings: Iterable[Spelling], accounts: Mapping[str, Account | None]
) -> frozenset[str]:
    """Keys of the accounts whose mail bears many people's names, none prevailing."""
    posts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for spelling in spellings:
        account, name = accounts[spelling.address], read_name(spelling.name)
        if account and account.host and name:
            posts[account.key][name.last] += spelling.posts
    return frozenset(
        key
        for key, names in posts.items()
        if len(names) >= CROWD and 2 * max(names.values()) <= sum(names.values())
    )


def _prevailing(group: Iterable[Spelling]) -> tuple[PersonName, ...]:
    """The full names that agree and stand on more than half of a party's named mail."""
    posts: dict[PersonName, int] = defaultdict(int)
    for spelling in group:
        if name := read_name(spelling.name):
            posts[name] += spelling.posts
    if not posts:
        return ()
    top = max(posts, key=lambda name: (posts[name], name))
    agreeing = tuple(sorted(name for name in posts if agree(top, name)))
    if 2 * sum(posts[name] for name in agreeing) <= sum(posts.values()):
        return ()
    return agreeing
