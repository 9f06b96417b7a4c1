"""Follow: withdrawn words are taken out of what repeats them, and withdrawn mail uncounted.

After relate, which knows who quotes and answers whom. A message that repeats withdrawn
words gets a copy without them; a copy of a hidden letter is hidden with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from posterity.amendments import Redact
from posterity.model import Digest
from posterity.parse import parse_message
from posterity.parse.body import read_body
from posterity.pipeline.echoes import echoes
from posterity.pipeline.facts import derived
from posterity.pipeline.kin import Kin
from posterity.pipeline.names import without_words
from posterity.pipeline.plan import Plan, rules_of
from posterity.pipeline.redact import redacted
from posterity.pipeline.rules import Passage, Rule, passage_rules, rule_of, unquoted
from posterity.pipeline.shown import shown, with_copy, withdrawn
from posterity.pipeline.written import NOT_OVERWRITTEN, Overwritten
from posterity.rows import Amendment
from posterity.store import Archive
from posterity.store.amended import amended, unlist
from posterity.store.catalogue import Catalogue, Derived
from posterity.store.database import in_transaction

FEWEST_WORDS = 2
"""Words of a line that is known for a quotation by being equal, in an answer."""


@dataclass(slots=True)
class Found:
    """What is to be taken out of one message beside what amendments say of it."""

    passages: list[Passage] = field(default_factory=list)
    entries: list[Redact] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    why: Amendment = Amendment("redacted", "", "")  # noqa: RUF009 -- a frozen value


def follow(archive: Archive, catalogue: Catalogue, plan: Plan) -> Overwritten:
    """Bring what repeats withdrawn words up to date with what is withdrawn.

    Returns:
        Whose rows are no longer as relate wrote them.
    """
    said = amended(catalogue.database)
    if not plan.digest and not said:
        return NOT_OVERWRITTEN
    with Kin(archive, catalogue) as kin:
        gone = {
            key: what for key, (what, own) in said.items() if own and what.kind in _GONE
        }
        copies = dict(_copies(kin, plan, gone))
        gone.update(copies)
        found = find_repeated(kin, plan, gone)
        rows = list(_changed(kin, plan, found, skip=gone.keys()))
        rows += [
            withdrawn(
                derived(key, kin.digest(key), kin.octets(key), archive.settings)[0],
                what,
                said=False,
            )
            for key, what in copies.items()
        ]
        again = {row.facts.id for row in rows}
        before = {key for key, (_, own) in said.items() if not own} - again
        rows += [_as_said(kin, plan, key) for key in sorted(before) if kin.holds(key)]
    with in_transaction(catalogue.database):
        catalogue.put_again(rows)
        messages, threads = unlist(catalogue.database)
        without = without_words(catalogue.database, plan)
    return Overwritten(messages, threads | without["node"], without["witness"])


_GONE = frozenset({"hidden", "erased"})


def find_repeated(kin: Kin, plan: Plan, gone: Mapping[int, Amendment]) -> dict[int, Found]:
    """What repeats withdrawn messages, or words that are taken out of some."""
    found: dict[int, Found] = defaultdict(Found)
    for key, line in _quotations(kin, plan, gone):
        found[key].passages.append(line)
        found[key].why = _why(gone)
    for entry, names in plan.redactions:
        if names and not entry.part:
            _spread(kin, entry, names, found)
    return found


def _why(gone: Mapping[int, Amendment]) -> Amendment:
    reasons = {what.reason for what in gone.values()}
    dates = {what.since for what in gone.values()}
    both = len(reasons) == len(dates) == 1
    return Amendment("redacted", *(reasons.pop(), dates.pop()) if both else ("", ""))


def _copies(
    kin: Kin, plan: Plan, gone: Mapping[int, Amendment]
) -> Iterator[tuple[int, Amendment]]:
    """Other copies of the letters that are withdrawn with all their copies."""
    for key, what in gone.items():
        if kin.digest(key) in plan.follow:
            for other in kin.copies({key}) - gone.keys():
                yield other, what


def _quotations(
    kin: Kin, plan: Plan, gone: Mapping[int, Amendment]
) -> Iterator[tuple[int, Passage]]:
    """(message, lines) of everything that repeats a withdrawn message."""
    if gone:
        for message, first, last, *_ in kin.quotes(gone):
            yield message, Passage(first, last)
    remembered = [was.shingles for was in plan.erased.values() if was.shingles]
    times = {key: kin.times.get(key) for key in gone}
    for message, lines in echoes(kin.shingles, times, remembered, kin.times).items():
        yield from ((message, Passage(*one)) for one in lines)
    for key in gone:
        own = _own_lines(kin, key)
        if own:
            for answer in kin.answers({key}) - gone.keys():
                yield from _equal_lines(kin, answer, own)


def _own_lines(kin: Kin, key: int) -> set[str]:
    """The lines of a message that are not quoted, as they are compared."""
    return {
        words
        for line in _lines(kin, key)
        if unquoted(line) == line and len((words := _words(line)).split()) >= FEWEST_WORDS
    }


def _equal_lines(kin: Kin, key: int, own: set[str]) -> Iterator[tuple[int, Passage]]:
    for number, line in enumerate(_lines(kin, key), 1):
        plain = unquoted(line)
        if plain != line and _words(plain) in own:
            yield key, Passage(number, number)


def _words(line: str) -> str:
    return " ".join(line.split()).casefold()


def _lines(kin: Kin, key: int) -> Sequence[str]:
    octets = kin.octets(key)
    return read_body(octets, parse_message(octets, kin.digest(key)), kin.charset).lines


def _spread(kin: Kin, entry: Redact, names: Iterable[str], found: dict[int, Found]) -> None:
    """A redaction of some messages holds in what answers, quotes or copies them."""
    keys = {key for name in names if (key := kin.find(name)) is not None}
    near = kin.answers(keys) | kin.copies(keys) | {row[0] for row in kin.quotes(keys)}
    rule = rule_of(entry)
    rules: list[Rule] = []
    if isinstance(rule, Passage):
        rules = [one for key in keys for one in passage_rules(_lines(kin, key), [rule])]
        for message, first, last, _, start, end in kin.quotes(keys):
            if start <= rule.last and end >= rule.first:
                found[message].passages.append(Passage(first, last))
    for key in near - keys:
        if rules:
            found[key].rules += rules
        else:
            found[key].entries.append(entry)
        found[key].why = Amendment("redacted", entry.reason, entry.date)


def _changed(
    kin: Kin, plan: Plan, found: Mapping[int, Found], skip: Iterable[int]
) -> Iterator[Derived]:
    """Rows of the messages from which something is really taken out."""
    for key in sorted(found.keys() - set(skip)):
        octets, digest = kin.octets(key), kin.digest(key)
        base = plan.copy(octets, digest, kin.host(key))
        copy = copy_without(kin, key, found[key], base[0] if base else octets)
        if copy is None:
            continue
        rows = derived(key, digest, octets, kin.settings)[0]
        yield with_copy(rows, copy, found[key].why, kin.settings, said=False)


def copy_without(kin: Kin, key: int, what: Found, octets: bytes) -> bytes | None:
    """The copy of a message without what it repeats; None where nothing is found.

    Args:
        octets: its own, or of a copy of it.
    """
    digest = kin.digest(key)
    rules = [*what.rules, *rules_of(what.entries, octets, digest, kin.charset)]
    rules += passage_rules(_lines(kin, key), what.passages)
    return redacted(octets, digest, rules) if rules else None


def _as_said(kin: Kin, plan: Plan, key: int) -> Derived:
    """The rows of a message that repeats nothing withdrawn any more."""
    octets = kin.octets(key)
    rows = derived(key, Digest(kin.digest(key)), octets, kin.settings)[0]
    return shown(rows, octets, plan, kin.settings, kin.host(key))
