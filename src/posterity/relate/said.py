"""What a person said of the spellings: .mailmap, splits and merges, as marks and links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from posterity.model import PersonEvidence
from posterity.relate.accounts import read_account
from posterity.relate.mailmap import Known, Mailmap
from posterity.relate.names import clean_name
from posterity.relate.parties import SPLIT, Party
from posterity.relate.slugs import masked_slug, slug
from posterity.relate.spellings import Spelling
from posterity.relate.unions import Link

_MAILMAP = "mailmap "


class Said:
    """A person's word on spellings.

    Attributes:
        marks: by `from_as_written`: equal for one person, different for two, and absent
            where nothing was said.
    """

    def __init__(
        self,
        spellings: Sequence[Spelling],
        mailmap: Mailmap | None,
        splits: Iterable[str],
    ) -> None:
        self._spellings = spellings
        self._index: dict[str, list[str]] | None = None
        self._known = _known(spellings, mailmap) if mailmap else {}
        self.marks = {key: _MAILMAP + known.identity for key, known in self._known.items()}
        for split in splits:
            self.marks.update((key, SPLIT + split) for key in self.named(split))

    def named(self, reference: str) -> list[str]:
        """Every `from_as_written` that a From, an address or a slug names."""
        if self._index is None:
            self._index = _index(self._spellings)
        return self._index.get(reference.strip().casefold(), [])

    def proper_name(self, spellings: Iterable[Spelling]) -> str:
        """The name .mailmap gives the person of some spellings, "" for none."""
        for spelling in spellings:
            known = self._known.get(spelling.from_as_written)
            if known and known.name:
                return known.name
        return ""

    def where(self, spelling: Spelling) -> str:
        """Where it was said who a spelling is."""
        mark = self.marks.get(spelling.from_as_written, "")
        if mark.startswith(_MAILMAP):
            return f".mailmap line {self._known[spelling.from_as_written].line}"
        return mark

    def links(self, parties: Sequence[Party]) -> Iterator[Link]:
        """Links between the parties of one mark."""
        first: dict[str, int] = {}
        for place, party in enumerate(parties):
            if party.mark and first.setdefault(party.mark, place) != place:
                evidence = (
                    PersonEvidence.AMENDMENT if party.closed else PersonEvidence.MAILMAP
                )
                yield Link(first[party.mark], place, evidence)

    def merges(
        self, parties: Sequence[Party], merges: Iterable[Sequence[str]]
    ) -> Iterator[Link]:
        """Links between the parties that each merge names."""
        place_of: dict[str, int] = {}
        for merge in merges:
            place_of = place_of or {
                spelling.from_as_written: place
                for place, party in enumerate(parties)
                for spelling in party.spellings
            }
            places = sorted({place_of[key] for name in merge for key in self.named(name)})
            for other in places[1:]:
                yield Link(places[0], other, PersonEvidence.AMENDMENT)


def _known(spellings: Iterable[Spelling], mailmap: Mailmap) -> dict[str, Known]:
    """What the mailmap says, asked by the address as written and as it is read."""
    found: dict[str, Known] = {}
    for spelling in spellings:
        name = clean_name(spelling.name)
        account = read_account(spelling.address)
        known = mailmap.find(name, spelling.address) or (
            mailmap.find(name, account.key) if account else None
        )
        if known:
            found[spelling.from_as_written] = known
    return found


def _index(spellings: Iterable[Spelling]) -> dict[str, list[str]]:
    """By everything that names a spelling."""
    index: dict[str, list[str]] = defaultdict(list)
    for spelling in spellings:
        written, account = spelling.from_as_written, read_account(spelling.address)
        names = {
            written.strip().casefold(),
            spelling.address.casefold(),
            account.key if account else "",
            slug(written),
            masked_slug(spelling.name, spelling.address),
        }
        for name in names - {""}:
            index[name].append(written)
    return index
