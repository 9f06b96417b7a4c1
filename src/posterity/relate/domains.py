"""What a host name says about who writes from it.

Three questions are answered from small tables, with no look-up anywhere: which part of
a host name its owner registered (`registered_domain`), whether a network of that name
ever existed (`known_network`), and whether its addresses name a person, a pseudonym or
nobody at all (`host_trust`). What the tables do not know is answered with caution:
such an address still joins with itself, but nothing joins by name across it.

Sources: the IANA root zone database (top-level domains, its withdrawn ones included);
publicsuffix.org, by its ICANN section, for the second levels under country codes; RFC
1480 (the US domain); RFC 2606 and RFC 6761 (names that can never exist); the pseudo
domains of sendmail's and UUNET's gateways (`.bitnet`, `.uucp`).
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from posterity.relate.wordset import word_set


class HostTrust(IntEnum):
    """How much of a person an address at a host can prove, most last."""

    FORGED = 0  # no such place: anybody may write it
    PSEUDONYM = 1  # a service that hides names: the address is one writer, nameless
    DUBIOUS = 2  # a top level we do not know: the address is one writer
    LOCAL = 3  # no host: a user of the machine that kept the list
    NAMED = 4  # an ordinary host


_COUNTRIES = word_set(
    """
    ac ad ae af ag ai al am an ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm
    bn bo br bs bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cs cu cv cw cx cy
    cz dd de dj dk dm do dz ec ee eg eh er es et eu fi fj fk fm fo fr ga gb gd ge gf gg
    gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is
    it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma
    mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl
    no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb
    sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl
    tm tn to tp tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt yu za
    zm zr zw
    """
)
_GENERIC = word_set(
    """
    com org net edu gov mil int arpa nato aero asia biz cat coop info jobs mobi museum
    name post pro tel travel xxx academy agency app art bank berlin bio blog bzh cash
    center chat church city cloud club codes company computer consulting cool design dev
    digital directory earth education email energy engineer engineering expert family
    farm foundation fun fund global group guide guru hamburg health help host house ink
    institute international koeln land law legal life link live london ltd management
    market media money network news ninja nyc one online page paris party photo photos
    pics plus press pub quebec report reviews rocks ruhr run scot school science services
    shop site social software solutions space store studio support swiss systems team
    tech technology tips today tokyo tools top university ventures vip wales wiki wien
    work works world wtf xyz zone
    """
)
_NETWORKS = word_set("bitnet earn uucp decnet dnet csnet ean oz span hepnet")
_SECOND_LEVELS = word_set(
    """
    ac ad asn asso co com csiro ed edu firm gen go gob gouv gov govt gr gv health id iwi
    k12 ltd maori mil mod ne net nhs nom nsw oz or org plc police qld sch school tm vic
    """
)
_CANADA = word_set("ab bc mb nb nf nl ns nt nu on pe qc sk yk")
_PER_CUSTOMER = word_set(
    """
    demon.co.uk demon.nl freeserve.co.uk force9.co.uk telinco.co.uk fsnet.co.uk
    fidonet.org dyndns.org dyn.com github.io no-ip.com homeip.net
    """
)
"""Domains that give every customer a host: `jo@a.demon.co.uk` is not `jo@b.demon.co.uk`."""

_PROVIDERS = word_set(
    """
    aol.com att.net bellsouth.net best.com bigfoot.com btinternet.com cix.co.uk
    comcast.net compulink.co.uk compuserve.com concentric.net cris.com crl.com
    delphi.com digex.net earthlink.net email.com eskimo.com excite.com fastmail.com
    freenet.de geis.com genie.com geocities.com gmail.com gmx.de gmx.net googlemail.com
    hotmail.co.uk hotmail.com icloud.com iname.com indirect.com interramp.com io.com
    juno.com lycos.com mac.com mail.com mail.ru mailcity.com mcimail.com me.com
    mindspring.com msn.com netaddress.com netcom.ca netcom.co.uk netcom.com netscape.net
    outlook.com panix.com pipeline.com pobox.com prodigy.com prodigy.net proton.me
    protonmail.com psi.com psi.net qq.com rocketmail.com sprintmail.com std.com
    t-online.de teleport.com usa.net uu.net wanadoo.fr web.de well.com winternet.com
    xs4all.nl yahoo.co.uk yahoo.com yahoo.de yahoo.fr yandex.ru ymail.com zoho.com
    """
)

_NOWHERE = word_set(
    """
    anonymous bogus example fake invalid nil no-where nobody nodomain nohost noname none
    noone nospam nowhere null test undisclosed unknown unlisted
    """
)
_HIDING = frozenset(["alias.net", "anon.penet.fi", "pseudonym.com"])
_HIDING_LABEL = re.compile(r"(?:anon|alias|nym|mix|mixmaster|remail|remailer)\d*")
_HIDING_LEVEL = "remailer"  # of remailer software: robo.remailer, freezone.remailer
_LABELS = re.compile(r"[^.]+")


@lru_cache(maxsize=65536)
def registered_domain(host: str) -> str:
    """The part of a host name that somebody registered: `cs.ox.ac.uk` is `ox.ac.uk`.

    Args:
        host: in lower case, without a dot at either end.

    Returns:
        The domain; the whole host where it has no more labels than a suffix, or where
        each customer of the domain has a host of its own.
    """
    labels = host.split(".")
    kept = _suffix_labels(labels) + 1
    domain = ".".join(labels[-kept:])
    if domain in _PER_CUSTOMER:
        return ".".join(labels[-kept - 1 :])
    return domain


def _suffix_labels(labels: list[str]) -> int:
    """How many labels at the end nobody owns alone."""
    if len(labels) < 2:
        return 0
    top, second = labels[-1], labels[-2]
    if top == "us" and len(second) == 2:  # RFC 1480: locality.state.us, k12.state.us
        return 3
    if (top == "ca" and second in _CANADA) or (
        top in _COUNTRIES and second in _SECOND_LEVELS
    ):
        return 2
    return 1


def is_provider(domain: str) -> bool:
    """Whether anybody may have an account at a registered domain, under any name."""
    return domain in _PROVIDERS


def known_network(host: str) -> bool:
    """Whether the last label is a top level, or a network mail had gateways to."""
    top = host.rpartition(".")[2]
    return "." in host and (top in _COUNTRIES or top in _GENERIC or top in _NETWORKS)


@lru_cache(maxsize=65536)
def host_trust(host: str) -> HostTrust:
    """What an address at a host proves.

    A name that says it is nowhere is forged. A host that hides its users is told by
    the label its owner gave it below the registered domain (`anon.site.org`), or by the
    table; a registered domain named so (`remailer.net`) may be anybody's home.
    """
    labels = _LABELS.findall(host)
    if not labels:
        return HostTrust.LOCAL
    if not _NOWHERE.isdisjoint(labels):
        return HostTrust.FORGED
    domain = registered_domain(host)
    below = labels[: len(labels) - domain.count(".") - 1]
    if (
        labels[-1:] == [_HIDING_LEVEL]
        or domain in _HIDING
        or host in _HIDING
        or any(_HIDING_LABEL.fullmatch(label) for label in below)
    ):
        return HostTrust.PSEUDONYM
    return HostTrust.NAMED if known_network(host) else HostTrust.DUBIOUS
