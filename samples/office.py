"""The list machine: writes out every letter, delivers it, and files it in the mbox.

The file is an mbox of the plain kind (mboxo): LF line ends, a From_ line of the list
owner before each message, an empty line after it, `From ` at the start of a body line
written `>From `.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from samples import blocks
from samples.clocks import ctime, letters_of, moment, number, rfc822
from samples.entities import body_entity, digest_text
from samples.letters import Letter
from samples.mailers import MAILERS, Parent, link_fields
from samples.people import Desk, desk_of
from samples.quoting import Sent, written
from samples.words import header_text, mailbox

LIST = "keepers@lists.fastnet.example"
ENVELOPE = "owner-keepers@lists.fastnet.example"
NEW_MACHINE = datetime(1998, 10, 1)  # noqa: DTZ001 (naive UTC throughout)
TAG = "[keepers] "
TAGGED = (NEW_MACHINE, datetime(1999, 1, 20))  # noqa: DTZ001
REPLY = re.compile(r"(?:(?:re|aw|sv)(?:\[\d+\])?: ?|\[keepers\] )+", re.IGNORECASE)
ID = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
UNSENT = frozenset({b"", b"none", b"<none>"})
FROM_LINE = re.compile(rb"^From ", re.MULTILINE)

Field = tuple[str, bytes]


class Filed(NamedTuple):
    """A letter as it went through the machine."""

    letter: Letter
    sent: Sent
    parent: Parent
    arrived: datetime
    trace: bytes
    core: bytes  # fields other than trace, the empty line, the body


class Office:
    """Writes letters out in order of time, so that each knows what came before."""

    def __init__(self, people: dict[str, tuple[Desk, ...]]) -> None:
        """Open with nothing filed."""
        self.people = people
        self.filed: dict[str, Filed] = {}
        self.sent: dict[str, Sent] = {}
        self.deliveries: list[tuple[datetime, int, bytes]] = []

    def block(self, call: str) -> list[str]:
        """Make the lines of a %% block."""
        name, *rest = call.split(" ", 1)
        words = rest[0] if rest else ""
        if name == "armour":
            kind, seed, length = words.rsplit(" ", 2)
            return blocks.armour(kind, seed, int(length))
        if name == "uuencode":
            return blocks.uuencoded(words, blocks.png(words, 160, 48))
        if name == "table":
            return blocks.noon_table(8, 28)
        if name == "log":
            return blocks.log_lines()
        if name == "digest":
            return digest_text(
                [
                    (self.filed[key].sent.subject, self.filed[key].core)
                    for key in words.split()
                ]
            ).split("\n")
        raise ValueError(f"no block called {name}")

    def write(self, letter: Letter) -> Filed:
        """Write a letter out: text, body, header; nothing is delivered yet."""
        desk = desk_of(self.people[letter.person], f"{letter.at:%Y-%m}", letter.order("as"))
        at = moment(
            letter.at + timedelta(seconds=number(letter.key, "second", 60)), desk.zone
        )
        arrived = at.utc + timedelta(seconds=40 + number(letter.key, "delay", 900))
        arrived += timedelta(minutes=int(letter.order("delay", "0")))
        subject = self.subject(letter, desk, arrived)
        lines = written(letter, desk, self.sent, self.block)
        sent = Sent(letter.key, desk, at, subject, tuple(lines))
        if desk.signature and "nosig" not in letter.orders:
            lines = [*lines, "", "-- ", *desk.signature.strip("\n").split("\n")]
        text = "\n".join(lines) + "\n" if lines != [""] else ""
        mailer = MAILERS[letter.order("mailer") or desk.mailer]
        enclosed = [self.filed[key].core for key in letter.order("of").split()]
        body = body_entity(letter, desk, text, mailer.mime, enclosed)
        fields, me = self.header(letter, sent)
        if body.fields:
            fields.append(("MIME-Version", b"1.0"))
        fields += [(name, value.encode()) for name, value in body.fields]
        if mailer.agent[0]:
            fields.append((mailer.agent[0], mailer.agent[1].encode()))
        fields += [(name, value.encode()) for name, value in letter.fields]
        if "nolist" not in letter.orders:
            fields += list_fields(arrived)
        head = b"".join(name.encode() + b": " + value + b"\n" for name, value in fields)
        content = body.content
        if "swallow" in letter.orders:
            eaten = self.filed[letter.order("swallow")]
            content += b"\n" + from_line(eaten.arrived, eaten.sent.desk.address)
            content += eaten.trace + eaten.core
        trace = (
            b"" if letter.order("received") == "none" else trace_of(letter, desk, arrived)
        )
        return Filed(letter, sent, me, arrived, trace, head + b"\n" + content)

    def subject(self, letter: Letter, desk: Desk, arrived: datetime) -> str:
        """Choose the subject: as instructed, or an answer's, with the tag of 1998."""
        subject = letter.order("subject")
        if subject == "none":
            return ""
        if not subject and letter.parent and "subject" not in letter.orders:
            before = self.filed[letter.parent].sent.subject
            found = REPLY.match(before)
            answered = bool(found and found[0].lower() != TAG)
            subject = before if answered else desk.reply + before
        if TAGGED[0] <= arrived < TAGGED[1] and subject and TAG not in subject:
            subject = TAG + subject
        return subject

    def links(self, letter: Letter, links: str) -> list[tuple[str, str]]:
        """Write In-Reply-To and References as the mailer, or an instruction, has them."""
        mode, _, argument = letter.order("links", links).partition(" ")
        if mode == "ghost":
            return [("In-Reply-To", f"<{argument}>"), ("References", f"<{argument}>")]
        if mode == "raw":
            return [("In-Reply-To", argument)]
        if mode == "grand":
            return [("In-Reply-To", f"<{self.filed[argument].parent.message_id}>")]
        if not letter.parent:
            return []
        return link_fields(mode, self.filed[letter.parent].parent)

    def header(self, letter: Letter, sent: Sent) -> tuple[list[Field], Parent]:
        """Write the fields that the writer's own mailer made."""
        desk, at = sent.desk, sent.at
        mailer = MAILERS[letter.order("mailer") or desk.mailer]
        named = letter.order("names") or desk.names
        charset = desk.charset
        message_id = letter.order("id") or mailer.message_id(letter.key, at, desk.host)
        if message_id.startswith("same "):
            message_id = self.filed[message_id[5:]].parent.message_id
        date = letter.order("date") or mailer.date(at)
        sender = mailbox(desk.name, desk.address, charset, named, mailer.style)
        if "from" in letter.orders:
            sender = header_text(letter.order("from"), charset, named)
        subject = letter.order("rawsubject") or sent.subject
        fields: dict[str, bytes] = {
            "Date": date.encode(),
            "From": sender,
            "To": letter.order("to", LIST).encode(),
            "Cc": letter.order("cc").encode(),
            "Subject": header_text(subject, charset, named),
            "Message-ID": f"<{message_id}>".encode(),
        }
        order = ("From", "Message-ID", "Subject", "To", "Cc", "Date")
        names = list(fields) if mailer.style == "angle" else order
        made = [(name, fields[name]) for name in names if fields[name] not in UNSENT]
        links = self.links(letter, mailer.links)
        made += [(name, value.encode()) for name, value in links]
        before = tuple(ID.findall(links[-1][1])) if links else ()
        return made, Parent(message_id, before, date, desk.name, at)

    def copy(self, letter: Letter) -> Filed:
        """Deliver a letter again: the same octets, another route, or a new id."""
        how, key = letter.order("copy").split()
        first = self.filed[key]
        at = moment(letter.at, first.sent.desk.zone)
        if how == "octets":
            return first._replace(letter=letter, arrived=at.utc)
        if how == "trace":
            trace = trace_of(letter, first.sent.desk, at.utc)
            head, _, body = first.core.partition(b"\n\n")
            crossed = head + b"\nX-Loop: weather-history@lists.fastnet.example\n\n" + body
            return first._replace(letter=letter, arrived=at.utc, trace=trace, core=crossed)
        again = first.letter._replace(
            key=letter.key,
            orders=first.letter.orders | {"date": first.parent.date},
            fields=(
                *first.letter.fields,
                ("X-Resent-By", "keepers-request (after the crash)"),
            ),
        )
        return self.write(again)._replace(letter=letter, arrived=at.utc)

    def deliver(self, letter: Letter) -> None:
        """Write a letter out and put it on the pile."""
        filed = self.copy(letter) if "copy" in letter.orders else self.write(letter)
        self.filed[letter.key] = filed
        self.sent[letter.key] = filed.sent
        if letter.order("deliver") == "no":
            return
        octets = filed.trace + FROM_LINE.sub(b">From ", filed.core)
        if "swallow" in letter.orders:  # the damage: what it swallowed kept its From_ line
            octets = filed.trace + filed.core
        if letter.order("eol") == "crlf":
            octets = octets.replace(b"\n", b"\r\n")
        self.deliveries.append((filed.arrived, len(self.deliveries), octets))


def from_line(when: datetime, sender: str = ENVELOPE) -> bytes:
    """Write a From_ line."""
    return f"From {sender} {ctime(when)}\n".encode()


def list_fields(arrived: datetime) -> list[Field]:
    """Write the fields the list machine added: the old one's, the new one's."""
    if arrived < NEW_MACHINE:
        return [("Sender", ENVELOPE.encode()), ("Precedence", b"bulk")]
    return [
        ("List-Id", b"Keepers of logs and instruments <keepers.lists.fastnet.example>"),
        ("List-Post", f"<mailto:{LIST}>".encode()),
        ("Precedence", b"list"),
    ]


def trace_of(letter: Letter, desk: Desk, arrived: datetime) -> bytes:
    """Write the Received fields, the last hop first."""
    stamp = rfc822(moment(arrived, "UTC"))
    queue = letters_of(letter.key, "queue", 3, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    job = number(letter.key, "job", 30000)
    old = arrived < NEW_MACHINE
    software = "(8.6.12/8.6.9)" if old else "(Postfix) with ESMTP"
    return (
        f"Received: from {desk.host} by lists.fastnet.example {software}\n"
        f"\tid {queue}{job:05d} for <{LIST}>; {stamp}\n"
    ).encode()


def mbox(letters: Iterable[Letter], people: dict[str, tuple[Desk, ...]]) -> bytes:
    """Write the whole list as an mbox, in order of arrival."""
    office = Office(people)

    def when(letter: Letter) -> datetime:
        desk = desk_of(people[letter.person], f"{letter.at:%Y-%m}", letter.order("as"))
        return moment(letter.at, desk.zone).utc

    for letter in sorted(letters, key=when):
        office.deliver(letter)
    return b"".join(
        from_line(arrived) + octets + b"\n"
        for arrived, _, octets in sorted(office.deliveries)
    )
