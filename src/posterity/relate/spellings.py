"""The values that go into and come out of the joining of people."""

from __future__ import annotations

from typing import NamedTuple

from posterity.model import PersonEvidence


class Spelling(NamedTuple):
    """One way a From field is written.

    Attributes:
        from_as_written: the field's value; 0x1C between two values that were joined.
        name: display name of the first mailbox, "" for none.
        address: `Mailbox.address` of the first mailbox, "" for none.
        posts: how many messages bear it.
        first_utc: time of the earliest of them, None where no time is known.
    """

    from_as_written: str
    name: str
    address: str
    posts: int
    first_utc: int | None


class Assignment(NamedTuple):
    """Why a spelling belongs to its person.

    Attributes:
        spelling: the spelling.
        evidence: which fact joined it.
        detail: the `from_as_written` of the spelling it was joined to. For the first
            spelling "", or why a shared address is taken for one; for an amendment or
            a mailmap, where that was said.
    """

    spelling: Spelling
    evidence: PersonEvidence
    detail: str


class PersonGroup(NamedTuple):
    """A person, or a shared address.

    Attributes:
        person: lasting key: file-name safe, unique, the earliest spelling's slug.
        name: the best display name; an address or the From as written for want of one.
        spellings: earliest first.
    """

    person: str
    name: str
    spellings: tuple[Assignment, ...]


def age(spelling: Spelling) -> tuple[bool, int, str]:
    """Key to sort by: earliest first, the undated last, then by text."""
    when = spelling.first_utc
    return (when is None, when or 0, spelling.from_as_written)
