"""One address, as the many networks before one network wrote it.

    user@host.domain             RFC 5322 addr-spec, obsolete forms included
    @relay,@relay:user@host      a source route: the relays are dropped (RFC 5322 §4.4)
    user%host@gateway            left as it is: only the gateway knows what % means
    host!host!user               UUCP; no domain, the path is the local part
    host!user@domain             mixed: the path is the domain's affair
    NODE::USER                   DECnet
    /G=Ann/S=Lee/C=gb/@gateway   X.400 through a gateway (RFC 1327); also bare
    IN%"user@host"               VMS, the address inside
    user at host.org             written so by an archiver; read back

What is no address gives local part and domain "": nothing is invented.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Spec(NamedTuple):
    """An address taken apart.

    Attributes:
        local_part: quoted only where its characters demand it; a path where there is
            no domain.
        domain: "" for none.
        sound: it follows the grammar of RFC 5322.
    """

    local_part: str
    domain: str
    sound: bool


ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\xa1-\U0010ffff-]"  # RFC 6532 beyond ASCII
DOT_ATOM = rf"{ATEXT}++(?>(?:\.{ATEXT}++)*)"
DOMAIN = r"[A-Za-z0-9_\xa1-\U0010ffff-]++(?>(?:\.[A-Za-z0-9_\xa1-\U0010ffff-]++)*)"

_SOUND_LOCAL = re.compile(rf'{DOT_ATOM}|"(?>(?:[^"\\\r\n]++|\\.)*)"')
_BARE_LOCAL = re.compile(DOT_ATOM)
_SOUND_DOMAIN = re.compile(rf"{DOMAIN}|\[[^\[\]\\]*\]")
_ROUTE = re.compile(r"@[^:@]*(?:@[^:@]*)*:")
_SCHEME = re.compile(r"(?:mailto|smtp|internet):", re.IGNORECASE)
_VMS = re.compile(r'[A-Za-z0-9_$]{1,12}%"([^"]+)"')
_PATH = re.compile(r"[^\s!@]+(?:![^\s!@]+)+")
_DECNET = re.compile(r"[A-Za-z0-9_$.-]+::(?:[^\s:]+::)*[^\s:]+")
_X400 = re.compile(
    r'"?[/;]?(?:[CAPOSGIQ]|OU[1-4]?|CN|GI|GN|SN|GQ|ADMD|PRMD|RFC-?822|DDA?[.:][\w-]{1,16})'
    r'=[^/;=@]*(?:[/;"]|\Z)',
    re.IGNORECASE,
)
_AT = re.compile(
    r"([^\s@<>()]+?)\s*(?:\s(?:at|AT)\s|\((?:a|at|AT)\)|\[(?:a|at|AT)\])\s*"
    r"((?:[A-Za-z0-9_-]+\.)+[A-Za-z0-9-]{2,})\.?"
)


def read_spec(text: str) -> Spec:
    """Take an address apart; anything without an @ is a local part of no domain."""
    text = _SCHEME.sub("", text.strip(), count=1) if ":" in text else text.strip()
    if vms := _VMS.fullmatch(text):
        text = vms[1]
    if text.startswith("@"):
        route = _ROUTE.match(text)
        text = text[route.end() :] if route else text
    if text[:1] == text[-1:] == "'":
        text = text[1:-1]
    local, at, domain = text.rpartition("@")
    if not at:
        return Spec(
            text.strip('"') if is_x400(text) else _plain_local(text), "", sound=False
        )
    if not local or not domain:
        return Spec(text, "", sound=False)
    sound = bool(_SOUND_LOCAL.fullmatch(local) and _SOUND_DOMAIN.fullmatch(domain))
    return Spec(_plain_local(local), domain.removesuffix("."), sound)


def restored(text: str) -> Spec | None:
    """The address that an archiver spelled "user at host.org", or None."""
    found = _AT.fullmatch(text)
    return None if found is None else Spec(found[1], found[2], sound=False)


def is_x400(text: str) -> bool:
    """Whether a text is a list of X.400 attributes, or begins as one."""
    return _X400.match(text) is not None


def is_foreign(word: str) -> bool:
    """Whether a word without @ is a UUCP path or a DECnet address."""
    return _PATH.fullmatch(word) is not None or _DECNET.fullmatch(word) is not None


def _plain_local(local: str) -> str:
    """A local part without the quotes that it does not need."""
    if len(local) > 2 and local[0] == local[-1] == '"':
        bare = re.sub(r"\\(.)", r"\1", local[1:-1])
        if _BARE_LOCAL.fullmatch(bare):
            return bare
    return local
