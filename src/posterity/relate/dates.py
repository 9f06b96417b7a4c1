"""When a message was sent, as a careful reader would believe: witnesses weighed.

A message has up to four witnesses of its time: its Date, the Received fields of the
servers, the envelope of the file it lies in, and the stamp in its Message-ID. The
order of a file and the replies bound what is left. For each message, in this order:

    date, zone-assumed   its own Date
    repaired             its Date, less the error of a clock proved wrong (`clocks`)
    received             no Date, or one that Received proves impossible
    envelope             as above, where the envelopes of its source differ at all
    estimated            from its Message-ID, its neighbours, its parent and its replies
    unknown              nothing is known, and nothing is made up

Nothing is changed where the witnesses agree. Suspicions that prove nothing are kept
beside the value. The result depends on the rows and not on their order.
"""

from __future__ import annotations

import re
from collections import ChainMap, Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from posterity.model import DateEvidence, Digest
from posterity.relate.clocks import Tick, WrongRun, wrong_runs
from posterity.relate.domains import registered_domain
from posterity.relate.estimates import Place, estimate_all
from posterity.relate.stamps import MAX_ZONE, Stamp, stamp
from posterity.relate.steps import stepped_runs

DAY = 86400

FIRST_LETTER = 54000000
"""September 1971: nobody had sent mail over a network before (R. Tomlinson)."""

EARLY = DAY
"""A Date this much after the message was received is impossible, in seconds."""

LATE = 365 * DAY
"""A Date this much before the first server saw the message is a dead clock's; mail may
lie for weeks, not for a year."""

BEFORE_PARENT = 2 * DAY
"""A reply dated so long before its parent is suspect; less is a clock a little off."""


STAMP_APART = 30 * DAY
"""A Date so far from its Message-ID's time is suspect; one of the two clocks is dead."""


class DateRow(NamedTuple):
    """What is known of one message's time.

    Attributes:
        key: the message, any number.
        digest: orders messages that nothing else does.
        utc: what its Date says, None where it cannot be read.
        offset: the zone of its Date, None where it names none.
        zone: the zone as written (`zone_text`), which tells one clock from another.
        error: of utc, in seconds.
        received: times of the Received fields, topmost first.
        envelope: the time in its From_ line.
        message_ids: its own.
        source: what it was found in; position: where, in input order.
        parent: key of the message it answers, by its header.
    """

    key: int
    digest: Digest
    utc: int | None
    offset: int | None = None
    zone: str = ""
    error: int = 0
    received: tuple[int, ...] = ()
    envelope: int | None = None
    message_ids: tuple[str, ...] = ()
    source: str = ""
    position: int = 0
    parent: int | None = None


class Believed(NamedTuple):
    """The published time of a message.

    Attributes:
        utc: None only where the evidence is UNKNOWN.
        evidence: what it rests on.
        error: how far off it may be, in seconds.
        detail: a sentence for the reader, "" where its own Date is taken as it is.
        suspect: what is odd about it though nothing is proved, "" for nothing.
    """

    utc: int | None
    evidence: DateEvidence
    error: int
    detail: str
    suspect: str = ""


_ZONE = re.compile(
    r"\d:\d\d(?::\d\d)?(?:\.\d+)?\s*(?:[ap]m\b)?\s*(.*)", re.IGNORECASE | re.DOTALL
)
_YEAR_LAST = re.compile(r"(?:^|(?<=\s))\d{4}$")


def zone_text(raw_date: str) -> str:
    """The zone as a Date spells it, with its comment; "" where it has none.

    `Mon, 1 Jan 1996 00:00:00 -0800 (PST)` gives `-0800 (PST)`.
    """
    after = _ZONE.search(raw_date[:200])
    return " ".join(_YEAR_LAST.sub("", after[1].strip()).split()) if after else ""


class Outside(NamedTuple):
    """What is known of messages in other sources.

    Attributes:
        known: what is believed of them, by key.
        places: those that answer some in these sources, or are answered by them.
    """

    known: Mapping[int, Believed] = {}
    places: Sequence[Place] = ()


_NOTHING = Outside()


def believe(
    rows: Iterable[DateRow], *, now: int | None = None, outside: Outside = _NOTHING
) -> dict[int, Believed]:
    """The published time of every message.

    Args:
        rows: one for each message of some whole sources, keys unique.
        now: when the archive is made: no mail is from later. None is no limit.
        outside: the other sources.

    Returns:
        By key. Good data comes back as it is: utc from Date, evidence DATE, no detail.
    """
    ordered = sorted(rows, key=lambda r: (r.source, r.position, r.digest, r.key))
    stamps = {row.key: _stamp(row) for row in ordered}
    limits = _Limits(now)
    shifts = _shifts([row for row in ordered if limits.hold(row.utc)], stamps)
    telling = _telling_envelopes(ordered)
    found: dict[int, Believed] = {}
    for row in ordered:
        found[row.key] = (
            shifts.get(row.key)
            or _by_date(row, limits)
            or _by_received(row, limits)
            or _by_envelope(row, limits, telling)
            or _by_stamp(stamps[row.key], limits)
            or Believed(None, DateEvidence.UNKNOWN, 0, "")
        )
    places = [
        Place(r.key, r.source, r.position, r.utc, found[r.key].utc, r.parent)
        for r in ordered
    ]
    for key, estimate in estimate_all([*places, *outside.places]).items():
        if key in found:
            found[key] = Believed(
                estimate.utc, DateEvidence.ESTIMATED, estimate.error, estimate.detail
            )
    all_found = ChainMap(found, dict(outside.known)) if outside.known else found
    return {row.key: _suspected(row, all_found, stamps[row.key]) for row in ordered}


def suspected_anew(
    rows: Sequence[DateRow], believed: Mapping[int, Believed]
) -> dict[int, Believed]:
    """What is believed of some messages, where only what they answer has changed."""
    plain = {row.key: believed[row.key]._replace(suspect="") for row in rows}
    found = ChainMap(plain, dict(believed))
    return {row.key: _suspected(row, found, _stamp(row)) for row in rows}


def is_silent(believed: Believed) -> bool:
    """Whether no witness of its own told a message's time."""
    if believed.evidence is DateEvidence.ESTIMATED:
        return not believed.detail.startswith(_BY_STAMP)
    return believed.utc is None


_BY_STAMP = "the time in its Message-ID ("


class _Limits(NamedTuple):
    """Between what a message's time must lie."""

    now: int | None

    def hold(self, utc: int | None) -> bool:
        """Whether a time is one that mail can have."""
        return (
            utc is not None
            and utc >= FIRST_LETTER
            and (self.now is None or utc <= self.now + DAY)
        )


def _stamp(row: DateRow) -> tuple[Stamp, str] | None:
    """The first time in a row's Message-IDs, and the domain of the host that made it."""
    for message_id in row.message_ids:
        found = stamp(message_id)
        if found:
            host = message_id.rpartition("@")[2].strip("<> \t\r\n").lower()
            return found, registered_domain(host.strip("."))
    return None


_Stamps = Mapping[int, tuple[Stamp, str] | None]


def _shifts(rows: Iterable[DateRow], stamps: _Stamps) -> dict[int, Believed]:
    """Repaired times, by key, of the messages whose clock was proved wrong."""
    by_key = {row.key: row for row in rows}
    ticks = {key: _tick(row, stamps[key]) for key, row in by_key.items()}
    sources: dict[str, list[Tick]] = defaultdict(list)
    for key, row in by_key.items():
        sources[row.source].append(ticks[key])
    runs = [run for source in sources.values() for run in stepped_runs(source)]
    repaired = {key: _repaired(by_key[key], run) for run in runs for key in run.keys}
    clocks: dict[tuple[str, str], list[Tick]] = defaultdict(list)
    for key, row in by_key.items():
        if key not in repaired:
            clocks[row.source, row.zone].append(ticks[key])
    for clock in clocks.values():
        for run in wrong_runs(clock):
            repaired.update((key, _repaired(by_key[key], run)) for key in run.keys)
    return repaired


def _repaired(row: DateRow, run: WrongRun) -> Believed:
    detail = (
        f"its clock was {_hours(abs(run.shift))} {'fast' if run.shift > 0 else 'slow'}: "
        f"{run.agreeing} of {run.stamped} Message-IDs around it say so"
    )
    return Believed((row.utc or 0) - run.shift, DateEvidence.REPAIRED, row.error, detail)


def _tick(row: DateRow, found: tuple[Stamp, str] | None) -> Tick:
    utc = row.utc or 0
    if found is None or found[0].is_local:
        return Tick(row.key, utc, None, "")
    return Tick(row.key, utc, utc - found[0].utc, found[1])


def _by_date(row: DateRow, limits: _Limits) -> Believed | None:
    """Its own Date, unless the servers that carried it prove it impossible."""
    if row.utc is None or not limits.hold(row.utc):
        return None
    seen = [time for time in row.received if limits.hold(time)]
    if seen and (row.utc > max(seen) + EARLY or row.utc < min(seen) - LATE):
        return None
    if row.offset is None:
        detail = "its Date names no zone that is known"
        return Believed(row.utc, DateEvidence.ZONE_ASSUMED, row.error, detail)
    return Believed(row.utc, DateEvidence.DATE, row.error, "")


def _by_received(row: DateRow, limits: _Limits) -> Believed | None:
    seen = [time for time in row.received if limits.hold(time)]
    if not seen:
        return None
    detail = "the earliest Received field"
    if row.utc is not None and limits.hold(row.utc):
        days = abs(row.utc - min(seen)) // DAY
        side = "after" if row.utc > min(seen) else "before"
        detail += f"; its Date is {days} days {side} that"
    return Believed(min(seen), DateEvidence.RECEIVED, 0, detail)


def _telling_envelopes(rows: Iterable[DateRow]) -> frozenset[str]:
    """Sources whose envelopes differ; an export writes the same on every message."""
    times: dict[str, Counter[int]] = defaultdict(Counter)
    for row in rows:
        if row.envelope is not None:
            times[row.source][row.envelope] += 1
    return frozenset(
        source
        for source, seen in times.items()
        if len(seen) > 1 and 2 * max(seen.values()) <= sum(seen.values())
    )


def _by_envelope(row: DateRow, limits: _Limits, telling: frozenset[str]) -> Believed | None:
    if row.source not in telling or not limits.hold(row.envelope):
        return None
    detail = "the From_ line, which names no zone"
    return Believed(row.envelope, DateEvidence.ENVELOPE, MAX_ZONE, detail)


def _by_stamp(found: tuple[Stamp, str] | None, limits: _Limits) -> Believed | None:
    if found is None or not limits.hold(found[0].utc):
        return None
    seen = found[0]
    detail = f"{_BY_STAMP}{seen.kind})"
    return Believed(seen.utc, DateEvidence.ESTIMATED, seen.error, detail)


def _suspected(
    row: DateRow, found: Mapping[int, Believed], stamped: tuple[Stamp, str] | None
) -> Believed:
    """The time of a row, with what is odd about it."""
    believed = found[row.key]
    if believed.utc is None or believed.evidence is DateEvidence.ESTIMATED:
        return believed
    oddities = []
    parent = found.get(row.parent) if row.parent is not None else None
    if parent and parent.utc is not None:
        early = parent.utc - parent.error - believed.utc - believed.error
        if early >= BEFORE_PARENT:
            oddities.append(f"dated {early // DAY} days before the message it answers")
    if stamped:
        apart = abs(believed.utc - stamped[0].utc)
        if apart >= STAMP_APART:
            days = apart // DAY
            oddities.append(f"the time in its Message-ID is {days} days from its date")
    return believed._replace(suspect="; ".join(oddities)) if oddities else believed


def _hours(seconds: int) -> str:
    """`13 h` or `5 h 30 min`."""
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
