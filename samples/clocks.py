"""Zones with their summer time, and how mail programs of the 1990s wrote a date.

Zones are tables of our own, not the system's, so that every machine writes the same
octets.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)


class Zone(NamedTuple):
    """Minutes east of UTC in winter, the summer rule, and both names."""

    minutes: int
    summer: str  # "EU", "US", "AU" or ""
    names: tuple[str, str]


ZONES = {
    "UK": Zone(0, "EU", ("GMT", "BST")),
    "CET": Zone(60, "EU", ("MET", "MET DST")),
    "EET": Zone(120, "EU", ("EET", "EET DST")),
    "MSK": Zone(180, "EU", ("MSK", "MSD")),
    "IST": Zone(120, "", ("IST", "IST")),
    "UTC": Zone(0, "", ("GMT", "GMT")),
    "EST": Zone(-300, "US", ("EST", "EDT")),
    "AST": Zone(-240, "US", ("AST", "ADT")),
    "CST": Zone(-360, "US", ("CST", "CDT")),
    "PST": Zone(-480, "US", ("PST", "PDT")),
    "ART": Zone(-180, "", ("ART", "ART")),
    "JST": Zone(540, "", ("JST", "JST")),
    "CCT": Zone(480, "", ("CST", "CST")),
    "AEST": Zone(600, "AU", ("EST", "EST")),
}


class Moment(NamedTuple):
    """One instant as its writer's wall clock shows it."""

    local: datetime  # naive
    minutes: int  # east of UTC
    zone: str

    @property
    def utc(self) -> datetime:
        """The instant as a naive UTC datetime."""
        return self.local - timedelta(minutes=self.minutes)


def sunday(year: int, month: int, which: int) -> date:
    """Find a month's which-th Sunday, from 1; 0 is the last one."""
    if which:
        first = date(year, month, 1)
        return first + timedelta(days=6 - first.weekday() + 7 * (which - 1))
    last = date(year, month + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def is_summer(day: date, rule: str) -> bool:
    """Say whether summer time is kept on a day, by rule."""
    if rule == "EU":
        return sunday(day.year, 3, 0) <= day < sunday(day.year, 10, 0)
    if rule == "US":
        return sunday(day.year, 4, 1) <= day < sunday(day.year, 10, 0)
    if rule == "AU":
        return not sunday(day.year, 3, 0) <= day < sunday(day.year, 10, 0)
    return False


def moment(local: datetime, zone: str) -> Moment:
    """Give a wall clock's reading its place in time."""
    rule = ZONES[zone]
    summer = is_summer(local.date(), rule.summer)
    return Moment(local, rule.minutes + 60 * summer, rule.names[summer])


def number(key: str, purpose: str, below: int) -> int:
    """Draw a number for a letter: looks random, is the same for ever."""
    digest = hashlib.sha256(f"{purpose}/{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % below


def letters_of(key: str, purpose: str, length: int, alphabet: str) -> str:
    """Draw a word for a letter: looks random, is the same for ever."""
    digest = hashlib.sha512(f"{purpose}/{key}".encode()).digest()
    return "".join(alphabet[octet % len(alphabet)] for octet in digest[:length])


def offset(minutes: int) -> str:
    """Write minutes east of UTC as +hhmm."""
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"


def day_month(when: datetime) -> str:
    """Write "7 Feb"."""
    return f"{when.day} {MONTHS[when.month - 1]}"


def rfc822(at: Moment) -> str:
    """Write Mon, 7 Feb 1994 20:11:05 +0000."""
    when = at.local
    return (
        f"{DAYS[when.weekday()]}, {day_month(when)} {when.year} {when:%H:%M:%S} "
        f"{offset(at.minutes)}"
    )


def with_comment(at: Moment) -> str:
    """Write Mon, 7 Feb 1994 20:11:05 +0100 (MET)."""
    return f"{rfc822(at)} ({at.zone})"


def named(at: Moment) -> str:
    """Write Mon, 7 Feb 94 20:11:05 GMT, as elm did."""
    when = at.local
    stamp = f"{day_month(when)} {when:%y} {when:%H:%M:%S}"
    return f"{DAYS[when.weekday()]}, {stamp} {at.zone.split()[0]}"


def minutes_only(at: Moment) -> str:
    """Write Mon, 7 Feb 94 20:11 EST: two-digit year, no seconds."""
    when = at.local
    stamp = f"{day_month(when)} {when:%y} {when:%H:%M}"
    return f"{DAYS[when.weekday()]}, {stamp} {at.zone.split()[0]}"


def gateway(at: Moment) -> str:
    """Write 07 Feb 94 20:11:05 EST: no weekday, as a commercial gateway did."""
    when = at.local
    return f"{when.day:02d} {MONTHS[when.month - 1]} {when:%y %H:%M:%S} {at.zone}"


def zoneless(at: Moment) -> str:
    """Write Mon, 07 Feb 1994 20:11:05, which names no zone."""
    when = at.local
    day = f"{when.day:02d} {MONTHS[when.month - 1]} {when.year}"
    return f"{DAYS[when.weekday()]}, {day} {when:%H:%M:%S}"


def ctime(when: datetime) -> str:
    """Write Mon Feb  7 20:11:05 1994, as a From_ line has it."""
    day = f"{DAYS[when.weekday()]} {MONTHS[when.month - 1]} {when.day:2d}"
    return f"{day} {when:%H:%M:%S} {when.year}"


def epoch(when: datetime) -> int:
    """Seconds since 1970 of a naive UTC datetime."""
    return int(when.replace(tzinfo=UTC).timestamp())
