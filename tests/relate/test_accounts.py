"""Addresses of all networks, read as a user at a host, and what a host proves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.relate.accounts import Holder, read_account
from posterity.relate.domains import HostTrust, host_trust, registered_domain


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Joe@Example.ORG", "joe@example.org"),
        ("joe@.example.org.", "joe@example.org"),
        ("joe+lists@example.org", "joe@example.org"),
        ("jd1x+@example.edu", "jd1x@example.edu"),
        ("hub!example.org!joe", "joe@example.org"),
        ("site!joe@gate.example", "joe@site.uucp"),
        ("site!joe@site.example.org", "joe@site.example.org"),
        ("a!b!c.example.org!joe@gate.example", "joe@c.example.org"),
        ("joe%node.bitnet@gate.example.edu", "joe@node.bitnet"),
        ("joe%inner@gate.lab.example.edu", "joe@inner.example.edu"),
        ("site!joe%host.example.org@gate.example", "joe@host.example.org"),
        ("@relay.example:joe@example.org", "joe@example.org"),
        ('"NODE::JOE"@gate.example', "joe@node.decnet"),
        ("/G=Jo/I=K/S=Doe/O=Firm/C=GB/@gate.example", "jo.k.doe@gate.example"),
        ("joe", "joe@"),
        ("<joe@example.org>", "joe@example.org"),
        ("joe@@example.org", "joe@example.org"),
    ],
)
def test_every_road_leads_to_the_user(address: str, expected: str) -> None:
    """A person is the same by UUCP, BITNET, DECnet, X.400 and the Internet."""
    account = read_account(address)
    assert account is not None
    assert account.key == expected


@pytest.mark.parametrize("address", ["", "@", "@example.org", "<>", "!", '""'])
def test_an_address_without_a_user_is_none(address: str) -> None:
    """Nothing is invented for an empty From."""
    assert read_account(address) is None


@pytest.mark.parametrize(
    ("address", "holder"),
    [
        ("nobody@example.org", Holder.SHARED),
        ("anon-remailer@example.org", Holder.SHARED),
        ("my-remailer@example.com", Holder.SHARED),
        ("remailer-admin@example.org", Holder.SHARED),
        ("mixmaster@example.org", Holder.SHARED),
        ("MAILER-DAEMON@example.org", Holder.SHARED),
        ("owner-talk@example.org", Holder.SHARED),
        ("talk-request@example.org", Holder.SHARED),
        ("Majordomo@example.org", Holder.SHARED),
        ("root@example.org", Holder.SHARED),
        ("hub!site!news@gate.example.org", Holder.SHARED),
        ("joe@dev.null", Holder.SHARED),
        ("joe@nowhere", Holder.SHARED),
        ("an123@anon.penet.fi", Holder.PSEUDONYM),
        ("mouse@nym.alias.net", Holder.PSEUDONYM),
        ("mouse@remailer.example.org", Holder.PSEUDONYM),
        ("webmaster@example.org", Holder.ROLE),
        ("joe@remailer.net", Holder.PERSON),
        ("newsom@lab.org", Holder.PERSON),
        ("annon@lab.org", Holder.PERSON),
        ("lister@lab.org", Holder.PERSON),
    ],
)
def test_who_is_behind_an_account(address: str, holder: Holder) -> None:
    """Remailers, lists and daemons are told from people whose names resemble them."""
    account = read_account(address.replace("example.org", "site.org"))
    assert account is not None
    assert account.holder == holder


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("a.b.lab.com", "lab.com"),
        ("cs.ox.ac.uk", "ox.ac.uk"),
        ("ee.mu.oz.au", "mu.oz.au"),
        ("lab.toronto.on.ca", "toronto.on.ca"),
        ("well.sf.ca.us", "well.sf.ca.us"),
        ("mail.one.demon.co.uk", "one.demon.co.uk"),
        ("f1.n2.z3.fidonet.org", "z3.fidonet.org"),
        ("lab.de", "lab.de"),
        ("localhost", "localhost"),
        ("co.uk", "co.uk"),
        ("", ""),
    ],
)
def test_what_somebody_registered(host: str, expected: str) -> None:
    """Two departments are one university; two customers of a provider are not one."""
    assert registered_domain(host) == expected


@pytest.mark.parametrize(
    ("host", "trust"),
    [
        ("lab.com", HostTrust.NAMED),
        ("node.bitnet", HostTrust.NAMED),
        ("lab.cum", HostTrust.DUBIOUS),
        ("10.0.0.1", HostTrust.DUBIOUS),
        ("lab", HostTrust.DUBIOUS),
        ("", HostTrust.LOCAL),
        ("anon.lab.com", HostTrust.PSEUDONYM),
        ("spook.alias.net", HostTrust.PSEUDONYM),
        ("no.such.invalid", HostTrust.FORGED),
    ],
)
def test_what_a_host_proves(host: str, trust: HostTrust) -> None:
    """A name from a host that cannot exist joins nobody."""
    assert host_trust(host) == trust


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    """No address of mail stops the reading, and no account is without a user."""
    account = read_account(text)
    assert account is None or account.user
