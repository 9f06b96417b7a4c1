"""How each mail program of the time named, dated, linked and labelled its messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from samples.clocks import (
    Moment,
    ctime,
    epoch,
    gateway,
    letters_of,
    minutes_only,
    named,
    number,
    rfc822,
    with_comment,
    zoneless,
)

HEX = "0123456789abcdef"
ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class Mailer(NamedTuple):
    """A mail program.

    Attributes:
        message_id: makes an id of a letter's key, its moment and the host.
        date: writes a date.
        links: "both" (References and In-Reply-To), "references", "reply" (In-Reply-To
            alone), "mh" and "elm" (In-Reply-To in prose), "none".
        style: of From: "angle", "comment" or "bare".
        mime: declares its charset.
        agent: the field that names it, ("", "") for none.
    """

    message_id: Callable[[str, Moment, str], str]
    date: Callable[[Moment], str]
    links: str
    style: str
    mime: bool
    agent: tuple[str, str]


class Parent(NamedTuple):
    """What an answer can know of what it answers."""

    message_id: str
    references: tuple[str, ...]
    date: str
    name: str
    at: Moment


def sendmail_id(key: str, at: Moment, host: str) -> str:
    """199402072011.AA04512@host: the MTA made it, in UTC."""
    return f"{at.utc:%Y%m%d%H%M}.AA{number(key, 'pid', 30000):05d}@{host}"


def smail_id(key: str, at: Moment, host: str) -> str:
    """m0pWXyz-0004SbC@host, as smail did."""
    tail = letters_of(key, "tail", 3, ALNUM)
    return f"m0{letters_of(key, 'smail', 5, ALNUM)}-{at.utc:%j%H}{tail}@{host}"


def pine_id(key: str, at: Moment, host: str) -> str:
    """Pine.3.89.9402072011.A4512-0100000@host."""
    release = "3.89" if at.local.year < 1996 else "3.95" if at.local.year < 1998 else "4.10"
    stamp = f"{at.local:%y%m%d%H%M%S}.{number(key, 'pid', 30000)}"
    return f"Pine.LNX.{release}.{stamp}A-100000@{host}"


def eudora_id(key: str, at: Moment, host: str) -> str:
    """v02130500ab7d1e0f4c12@[host], Eudora for the Macintosh."""
    since_1904 = epoch(at.local.replace(tzinfo=None)) + 2082844800
    copy, serial = number(key, "copy", 10), number(key, "e", 4096)
    return f"v0213050{copy}{since_1904:08x}{serial:03x}@[{host}]"


def netscape_id(key: str, at: Moment, host: str) -> str:
    """31F2A3B4.6C1F@host: seconds since 1970, in hexadecimal."""
    return f"{epoch(at.utc):08X}.{number(key, 'n', 65536):X}@{host}"


def mutt_id(key: str, at: Moment, host: str) -> str:
    """19990203201101.A4512@host."""
    serial = letters_of(key, "m", 1, "ABC") + str(number(key, "pid", 30000))
    return f"{at.local:%Y%m%d%H%M%S}.{serial}@{host}"


def outlook_id(key: str, at: Moment, host: str) -> str:
    """000001bf2e0a$4d3c2b10$0201a8c0@host: ticks since 1601, and an IP address."""
    ticks = (epoch(at.utc) + 11644473600) * 10_000_000 + number(key, "tick", 10_000_000)
    machine = host.partition(".")[0]
    stamp = f"{ticks >> 32:08x}${ticks & 0xFFFFFFFF:08x}"
    return f"{number(key, 'o', 4096):04x}{stamp}$0201a8c0@{machine}"


def gnus_id(key: str, at: Moment, host: str) -> str:
    """87vqk3x1c2.fsf@host."""
    return f"{at.local:%y}{letters_of(key, 'g', 8, HEX + 'kqvxz')}.fsf@{host}"


def service_id(key: str, at: Moment, host: str) -> str:
    """940207201105_70571.2210_EHL42-1@host, a commercial service's gateway."""
    user = f"{number(key, 'u', 99999):05d}.{number(key, 'v', 9999)}"
    return f"{at.local:%y%m%d%H%M%S}_{user}_EHL{number(key, 'w', 99)}-1@{host}"


def web_id(key: str, at: Moment, host: str) -> str:
    """F103ab2Zq0000c3d@host, a web mail service."""
    return f"F{at.utc:%j}{letters_of(key, 'web', 12, ALNUM)}@{host}"


MAILERS = {
    "elm": Mailer(
        smail_id, named, "elm", "comment", False, ("X-Mailer", "ELM [version 2.4 PL23]")
    ),
    "mh": Mailer(sendmail_id, named, "mh", "angle", False, ("", "")),
    "mailx": Mailer(sendmail_id, minutes_only, "none", "comment", False, ("", "")),
    "pine": Mailer(pine_id, with_comment, "reply", "angle", True, ("", "")),
    "eudora": Mailer(
        eudora_id, rfc822, "reply", "angle", True, ("X-Mailer", "Macintosh Eudora 1.5.1")
    ),
    "netscape": Mailer(
        netscape_id,
        rfc822,
        "references",
        "angle",
        True,
        ("X-Mailer", "Mozilla 3.01 (Win95; I)"),
    ),
    "mutt": Mailer(mutt_id, rfc822, "both", "angle", True, ("User-Agent", "Mutt/0.95.6i")),
    "outlook": Mailer(
        outlook_id,
        rfc822,
        "both",
        "angle",
        True,
        ("X-Mailer", "Microsoft Outlook Express 4.72.3110.1"),
    ),
    "gateway": Mailer(
        outlook_id,
        rfc822,
        "none",
        "angle",
        True,
        ("X-Mailer", "Internet Mail Service (5.5.2448.0)"),
    ),
    "gnus": Mailer(
        gnus_id, rfc822, "both", "angle", True, ("X-Newsreader", "Gnus v5.3/Emacs 19.34")
    ),
    "service": Mailer(service_id, gateway, "none", "angle", False, ("", "")),
    "aoi": Mailer(
        service_id, zoneless, "none", "bare", False, ("X-Mailer", "America On Ink mailer")
    ),
    "aoi-96": Mailer(
        service_id, zoneless, "none", "angle", False, ("X-Mailer", "America On Ink 3.0")
    ),
    "web": Mailer(
        web_id, rfc822, "none", "angle", True, ("X-Originating-IP", "[192.0.2.44]")
    ),
}


def link_fields(links: str, parent: Parent) -> list[tuple[str, str]]:
    """Write the fields that say what a message answers, as `links` has it."""
    name = f"<{parent.message_id}>"
    chain = "\n ".join(f"<{old}>" for old in (*parent.references, parent.message_id)[-10:])
    if links == "both":
        return [("In-Reply-To", name), ("References", chain)]
    if links == "references":
        return [("References", chain.replace("\n ", " "))]
    if links == "reply":
        return [("In-Reply-To", name)]
    if links == "mh":
        return [("In-Reply-To", f'Your message of "{parent.date}."\n             {name}')]
    if links == "elm":
        day = ctime(parent.at.local)
        clock = f"{parent.at.local:%I:%M:%S %p}".lower()
        stamp = f"{day[4:10].replace('  ', ' ')}, {day[-2:]} {clock}"
        return [("In-Reply-To", f'{name} from "{parent.name}" at {stamp}')]
    return []
