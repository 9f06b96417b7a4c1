"""Amendments as the pipeline applies them: hashes found, rules compiled.

A `Plan` is made once a run and travels to the workers. For almost every archive it is
empty, and costs one question a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from posterity.amendments import Amendments, Redact
from posterity.errors import AmendmentError
from posterity.model import Digest
from posterity.parse import parse_message
from posterity.parse.body import read_body
from posterity.pipeline.redact import marked, may_hold, redacted, without_parts
from posterity.pipeline.rules import Passage, Rule, passage_rules, rule_of
from posterity.rows import Amendment
from posterity.store import Archive
from posterity.store.erasure import Erased, erased
from posterity.store.octets import Accession

_NO_ARCHIVE: Final = re.compile(
    rb"^(?:X-No-Archive:[ \t]*yes|(?:X-)?Archive:[ \t]*no)\b", re.IGNORECASE | re.MULTILINE
)
NO_ARCHIVE_REASON: Final = "its author asked for it not to be archived"


class Scoped(NamedTuple):
    """A redaction and the messages it is for; none named is all."""

    entry: Redact
    messages: frozenset[str]


class Joined(NamedTuple):
    """A tail that belongs to another message, and what stood between them."""

    head: str
    tail: str
    between: bytes
    octets: bytes


class Plan(NamedTuple):
    """What is done to texts.

    Attributes:
        verdicts: by message hash, what is withdrawn whole.
        redactions: words and lines that are taken out.
        joined: by the head's hash, its tail.
        erased: by message hash, what was erased before.
        follow: hashes whose copies share their verdict.
        honour: whether a message's own wish not to be archived is one.
        charset: the list's.
        digest: changes when any of this does; "" where there is nothing.
    """

    verdicts: Mapping[str, Amendment] = {}
    redactions: Sequence[Scoped] = ()
    joined: Mapping[str, Joined] = {}
    erased: Mapping[str, Erased] = {}
    follow: frozenset[str] = frozenset()
    honour: bool = False
    charset: str = ""
    digest: str = ""

    def verdict(self, digest: str, octets: bytes) -> Amendment | None:
        """What is withdrawn whole, None for a message that is not."""
        found = self.verdicts.get(digest)
        if found is None and self.honour and asks_not_to_be_archived(octets):
            return Amendment("hidden", NO_ARCHIVE_REASON, "")
        return found

    @property
    def is_wide(self) -> bool:
        """Whether any message may be concerned, not only those that are named."""
        return self.honour or any(not messages for _, messages in self.redactions)

    def named(self) -> set[str]:
        """Every message hash that is named."""
        found = {*self.verdicts, *self.joined, *self.erased}
        return found.union(*(messages for _, messages in self.redactions))

    def entries(self, names: Iterable[str]) -> list[Redact]:
        """The redactions for a message that goes by some hashes."""
        wanted = set(names)
        return [
            entry
            for entry, messages in self.redactions
            if not messages or messages & wanted
        ]

    def copy(
        self, octets: bytes, digest: Digest, host: str = ""
    ) -> tuple[bytes, Amendment] | None:
        """The copy of a message that readers get, None for the message itself.

        Args:
            octets: canonical.
            digest: its own.
            host: that of the message it was found inside, whose redactions hold too.
        """
        entries = self.entries((digest, host) if host else (digest,))
        joined = self.joined.get(digest)
        copy = octets
        if joined is not None:
            copy = b"".join((octets, joined.between, joined.octets))
        found = None
        parts = {entry.part for entry in entries if entry.part}
        if parts:
            copy = found = marked(without_parts(copy, digest, parts), digest)
        if entries:
            rules = rules_of(entries, octets, digest, self.charset)
            found = (
                redacted(copy, digest, rules) if may_hold(copy, rules) else None
            ) or found
        if found is not None:
            reason, since = _why(entries)
            return found, Amendment("redacted", reason, since)
        if joined is not None:
            return copy, Amendment("mended", "", "")
        was = self.erased.get(digest)
        return (octets, Amendment("redacted", was.reason, was.since)) if was else None


def asks_not_to_be_archived(octets: bytes) -> bool:
    """Whether the header says `X-No-Archive: yes`, `Archive: no` or `X-Archive: no`."""
    if b"rchive:" not in octets and b"RCHIVE:" not in octets:
        return False
    end = octets.find(b"\r\n\r\n")
    return _NO_ARCHIVE.search(octets, 0, end if end >= 0 else len(octets)) is not None


def rules_of(
    entries: Iterable[Redact], octets: bytes, digest: Digest, charset: str
) -> list[Rule]:
    """Rules for one message; lines are read from its body."""
    rules: list[Rule] = []
    passages: list[Passage] = []
    for entry in entries:
        if entry.part:
            continue
        rule = _compiled(entry)
        if isinstance(rule, Passage):
            passages.append(rule)
        else:
            rules.append(rule)
    if passages:
        body = read_body(octets, parse_message(octets, digest), charset)
        rules += passage_rules(body.lines, passages)
    return rules


_compiled = lru_cache(maxsize=256)(rule_of)


def _why(entries: Iterable[Redact]) -> tuple[str, str]:
    reasons = dict.fromkeys(entry.reason for entry in entries if entry.reason)
    dates = sorted(entry.date for entry in entries if entry.date)
    return "; ".join(reasons), dates[-1] if dates else ""


# -- making one


def make_plan(archive: Archive) -> Plan:
    """The plan of an archive's amendments and settings.

    Raises:
        AmendmentError: amendments.toml cannot be read, or contradicts itself.
    """
    said = archive.amendments()
    honour = archive.settings.honour_no_archive
    accession = archive.accession()
    try:
        gone = _erased(accession)
        if not said.of_texts and not honour and not gone:
            return Plan()
        find = _Finder(accession)
        joined = dict(_joined(said, find, accession))
        return Plan(
            verdicts=_verdicts(said, find, gone, joined),
            redactions=[
                Scoped(entry, frozenset(map(find.whole, entry.message)))
                for entry in said.redact
            ],
            joined=joined,
            erased=gone,
            follow=_followed(said, find),
            honour=honour,
            charset=archive.settings.charset,
            digest=f"{said.texts_digest} {honour} {len(gone)} {sorted(joined)}",
        )
    finally:
        accession.close()


class _Finder:
    """Whole hashes for those that are given by their first digits."""

    def __init__(self, accession: Accession) -> None:
        self._accession = accession

    def key(self, name: str) -> int | None:
        """The message's id, None where it is not held."""
        return self._accession.find(name)

    def whole(self, name: str) -> str:
        """The whole hash; as given where no message, or more than one, begins so."""
        key = self.key(name)
        return name if key is None else self._accession.digest(key)


def _erased(accession: Accession) -> dict[str, Erased]:
    return {accession.digest(key): what for key, what in erased(accession).items()}


def _verdicts(
    said: Amendments,
    find: _Finder,
    gone: Mapping[str, Erased],
    joined: Mapping[str, Joined],
) -> dict[str, Amendment]:
    verdicts = {
        digest: Amendment("erased", was.reason, was.since)
        for digest, was in gone.items()
        if was.kind == "erased"
    }
    for joint in joined.values():
        verdicts[joint.tail] = Amendment("joined", "", "", joint.head)
    for entry in said.hide:
        for name in entry.message:
            verdicts[find.whole(name)] = Amendment("hidden", entry.reason, entry.date)
    for gone_entry in said.erase:
        for name in gone_entry.message:
            digest = find.whole(name)
            verdicts[digest] = Amendment("erased", gone_entry.reason, gone_entry.date)
    return verdicts


def _joined(
    said: Amendments, find: _Finder, accession: Accession
) -> Iterable[tuple[str, Joined]]:
    for entry in said.join:
        head, tail = find.key(entry.message), find.key(entry.tail)
        if head is None or tail is None:
            continue
        if head == tail:
            raise AmendmentError(f"amendments.toml:{entry.line}: it is its own tail")
        names = accession.digest(head), accession.digest(tail)
        between = b"\r\n" + accession.opening(tail)
        yield names[0], Joined(*names, between, accession.octets(tail))


def _followed(said: Amendments, find: _Finder) -> frozenset[str]:
    names: list[str] = []
    for hidden in said.hide:
        names += hidden.message if hidden.copies else ()
    for gone in said.erase:
        names += gone.message if gone.copies else ()
    return frozenset(map(find.whole, names))


def unknown(archive: Archive) -> list[str]:
    """Amendments that name messages which are not held: where, and what they name."""
    found: list[str] = []
    accession = archive.accession()
    try:
        for line, name in _names(archive.amendments()):
            if accession.find(name) is None:
                found.append(f"amendments.toml:{line}: no message {name}")
    finally:
        accession.close()
    return found


def _names(said: Amendments) -> Iterable[tuple[int, str]]:
    """(line, hash) of every message that is named."""
    for hidden in said.hide:
        yield from ((hidden.line, name) for name in hidden.message)
    for gone in said.erase:
        yield from ((gone.line, name) for name in gone.message)
    for redaction in said.redact:
        yield from ((redaction.line, name) for name in redaction.message)
    for joint in said.join:
        yield from ((joint.line, joint.message), (joint.line, joint.tail))
    for link in said.reattach:
        yield from ((link.line, link.message), (link.line, link.parent))
    for root in said.detach:
        yield root.line, root.message
    for timed in said.retime:
        yield timed.line, timed.message
