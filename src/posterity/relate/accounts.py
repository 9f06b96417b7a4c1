"""An address of any network, read as one user at one host.

Before everybody had `user@domain`, mail went by other roads, and the road stood in the
address:

    ghost!site!joe                  UUCP: by ghost to site, user joe
    site!joe@gateway.net            the same, begun at a gateway
    joe%node.bitnet@gateway.edu     sendmail: the gateway turns % into @
    @relay.org:joe@site.edu         RFC 822 source route
    NODE::JOE                       DECnet
    /G=Jo/S=Doe/O=Firm/C=GB/@gate   X.400 in RFC 1327 form

The user and the host at the end of the road are the person's; the road varies. Most
sites of UUCP and local networks have no domain: they are given one here under the
network's name or under the gateway that knew them.

Sources: RFC 5322 §3.4.1, §4.4; RFC 976 (UUCP); RFC 1327 (X.400); RFC 2142 (roles).
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from posterity.relate.domains import HostTrust, host_trust, registered_domain

MAX_ADDRESS = 1000
"""Longest address taken apart; RFC 5321 §4.5.3.1 allows 320, UUCP paths were longer."""


class Holder(StrEnum):
    """Who is behind an account."""

    PERSON = "person"
    ROLE = "role"  # an office, as a rule held by one person: info@, webmaster@
    PSEUDONYM = "pseudonym"  # one writer whose name is hidden
    SHARED = "shared"  # many: a remailer, a list, a daemon; or nobody


class Account(NamedTuple):
    """One user at one host, both in lower case; host "" for a user of the list's host."""

    user: str
    host: str
    domain: str
    holder: Holder
    trust: HostTrust

    @property
    def key(self) -> str:
        """What is equal for two spellings of the same account."""
        return f"{self.user}@{self.host}"


_SHARED = re.compile(
    r"""
    nobody | no-?one | noname | anon | anonymous | anonymous[-._]?(?:user|poster)
  | (?:.*[-_.])?anon(?:ymous)?[-_.]?(?:re)?mail(?:er)? | .*[-_]anonymous
  | (?:.*[-_.+])?remail(?:er)?\d*(?:[-_.+].*)? | mix(?:master|er)?(?:[-_.].*)?
  | (?:.*[-_.])?mailer-?daemon | (?:.*[-_.])?daemon | postmaster | postmast
  | root | toor | superuser | uucp | nuucp | news | usenet | nntp | bin | sys
  | system | mmdf | smtp | mailer | gateway | guest | not-for-mail
  | majord(?:om|omo|omo-owner) | listserv | listproc(?:essor)? | lists? | mailman
  | mdaemon | petidomo | smartlist | ecartis | sympa
  | owner-.* | .*-owner | .*-request | .*-errors? | .*-bounces? | .*-relay
  | bounces?(?:[-+=].*)? | no-?reply | do-?not-?reply | auto-?(?:answer|reply)
    """,
    re.VERBOSE,
)
_ROLE = re.compile(
    r"""
    abuse | admin | administrator | contact | editor | help | hostmaster | info | mail
  | me | noc | office | operator | sales | security | staff | support | sysadmin
  | sysop | team | user | webmaster | www | .*-admin
    """,
    re.VERBOSE,
)
_X400 = re.compile(r"[/;]?\s*([A-Z]{1,4})=([^/;@]*)", re.IGNORECASE)
_ROUTE = re.compile(r"@[^:]*:")
_DECNET = re.compile(r"(\w[\w-]*)::([^:]+)")


def read_account(address: str) -> Account | None:
    """The account an address leads to; None where there is no user in it.

    Args:
        address: as `Mailbox.address` gives it, of any network.
    """
    text = _ROUTE.sub("", address[:MAX_ADDRESS].strip().strip("<>"), count=1)
    local, at, host = text.rpartition("@")
    if not at:
        local, host = text, ""
    local, host = local.strip().strip('"').strip("@"), _clean_host(host)
    user, host = _end_of_road(local, host)
    if not user:
        return None
    domain = registered_domain(host)
    holder = _holder(user, host)
    return Account(user, host, domain, holder, host_trust(host))


def _end_of_road(local: str, host: str) -> tuple[str, str]:
    """The user and host that a local part and a gateway lead to."""
    if "::" in local and (decnet := _DECNET.search(local)):
        return _clean_user(decnet[2]), _under(decnet[1], host, "decnet")
    if "=" in local and (named := _x400(local)):
        return named, host or "x400"
    if "!" in local:
        path, _, local = local.rpartition("!")
        host = _under(path.rpartition("!")[2], host, "uucp")
    if "%" in local:
        local, _, inner = local.partition("%")
        host = _under(inner.partition("%")[0], host, "local")
    return _clean_user(local), host


def _under(site: str, gateway: str, network: str) -> str:
    """A site's host name: its own where it has one, else under whoever knew it."""
    site = _clean_host(site)
    if "." in site or not site:
        return site or gateway
    if gateway.partition(".")[0] == site:
        return gateway
    known_by = registered_domain(gateway) if network == "local" else ""
    return f"{site}.{known_by or network}"


def _x400(local: str) -> str:
    """Given name and surname of an O/R address, "" where it is none."""
    parts = {key.upper(): value for key, value in _X400.findall(local)}
    names = (parts.get("G", ""), parts.get("I", ""), parts.get("S", ""))
    spelled = ".".join(name for name in names if name) if parts.get("S") else ""
    return _clean_user(spelled or parts.get("PN", "").replace(" ", "."))


def _clean_host(host: str) -> str:
    return host.strip().strip(".").lower()


def _clean_user(user: str) -> str:
    """Lower case, without quotes and without what follows a + (RFC 5233)."""
    plain = user.strip().strip('"').casefold()
    return plain.partition("+")[0].strip() or plain


def _holder(user: str, host: str) -> Holder:
    """Who is behind an account, by its name."""
    if _SHARED.fullmatch(user) or host_trust(host) is HostTrust.FORGED:
        return Holder.SHARED
    if host_trust(host) is HostTrust.PSEUDONYM:
        return Holder.PSEUDONYM
    return Holder.ROLE if _ROLE.fullmatch(user) else Holder.PERSON
