"""Message-IDs: in their own field, in References, and in the prose of In-Reply-To.

An id is what stands between angle brackets (RFC 5322 §3.6.4), without them. Its case
and its characters are kept; only what folding and clumsy programs put into it, white
space outside quotes, is taken out. Ids that are no `left@right` are ids all the same:
replies name them as they are.

RFC 822 allowed words in In-Reply-To, and people's addresses with them:

    Your message of "Mon, 3 Aug 1992 12:00:00 PDT." <9208031900.AA01234@example.org>
    <123@example.org> from "Ann Lee" at Aug 3, 92 12:00:00 pm
    Ann Lee <ann@example.org>'s message of Mon, 3 Aug 1992 <123@example.org>

In prose a bracketed word is taken for a person's address, not an id, when one of these
holds (`_is_person`):

    1. its left part has no digit, and a word stands before it that is no part of the
       usual phrases ("message of", "id", "article"), or 's after it: a name
    2. it has fewer than two digits, and "from" or "by" stands before it
    3. no rule speaks and it has no digit at all, while another candidate has some

Ids of all known programs hold the time or a counter, so they have digits. What is
left in doubt is kept as an id: one that nobody bears does no harm.

Source: RFC 822 §4.6.2, RFC 1036 §2.1.5, RFC 5322 §3.6.4 and §4.5.4.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from posterity.defects import Defect, DefectCode
from posterity.parse.cfws import split_comments

REFERENCES_USED = 1_000
"""How many references of one message are used; the octets keep the rest."""

_NEAR = 500
"""How many characters beside a bracket are looked at."""

_BRACKETED = re.compile(r'<((?>(?:[^<>"]++|"[^"<>]*+"|")*))>')
_PLAIN = re.compile(r"\s*<([^\s<>()\"\\]+)>\s*")
_OPEN = re.compile(r"<([^\s<>,;]+@[^\s<>,;]+)\s*\Z")
_BREAK = re.compile(r"[\s<>()\",;:]+")
_SPACE = re.compile(r'("[^"]*")|\s+')
_BLANK_COMMENT = re.compile(r"\A[^\"]*(?:\s\(|\([^()\"]*\s)")
_DIGIT = re.compile(r"[0-9]")
_PHRASES = frozenset(
    {
        "of", "message", "message-id", "messageid", "id", "article", "mail", "letter",
        "note", "reply", "to", "in", "re", "references", "your", "and", "news", "on",
        "wrote", "item", "msg", "mid", "you", "dated", "am", "pm", "gmt", "utc", "est",
        "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "met", "mez", "bst", "dst",
    }
)  # fmt: skip
_SENDER_WORDS = frozenset({"from", "by"})


def message_ids(text: str) -> tuple[str, ...]:
    """The ids of a Message-ID field, usually one, without their angle brackets.

    Args:
        text: the field's value.

    Returns:
        Every id in it, in order; () if there is none, as in "<>". A value without
        brackets is an id if it is one word.
    """
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        return (plain[1],)
    ids = _bracketed(text)
    if ids or "<>" in text:
        return _unique(ids)
    bare, _ = split_comments(text.replace("\x1c", " "))
    words = bare.replace("<", " ").replace(">", " ").split()
    return (words[0],) if len(words) == 1 else _unique(_bare(bare))


def references(text: str) -> tuple[tuple[str, ...], tuple[Defect, ...]]:
    """The ids of a References field, the oldest ancestor first.

    An id that is named twice counts where it stands last, since the last of all is the
    parent. Beyond REFERENCES_USED the first, the root, and the last ones are used.
    """
    ids = _unique(_bracketed(text) or _bare(text), last=True)
    if len(ids) <= REFERENCES_USED:
        return ids, ()
    used = (ids[0], *ids[1 - REFERENCES_USED :])
    return used, (Defect(DefectCode.TOO_MANY_REFERENCES, "", f"{len(ids)} ids"),)


def in_reply_to(text: str) -> tuple[str, ...]:
    """The ids that an In-Reply-To field names, people's addresses left out.

    Returns:
        The ids in order, each once, at most REFERENCES_USED. A field without brackets
        gives its words that have both an @ and a digit.
    """
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        return (plain[1],)
    found = _candidates(text)
    if not found:
        words = [word for word in _bare(text) if _DIGIT.search(word)]
        return _unique(words)[:REFERENCES_USED]
    kept = [candidate for candidate in found if not _is_person(candidate)]
    if any(_DIGIT.search(c.text) for c in kept):
        kept = [c for c in kept if c.alone or _DIGIT.search(c.text)]
    return _unique([c.text for c in kept])[:REFERENCES_USED]


class _Candidate(NamedTuple):
    """A bracketed word in prose.

    Attributes:
        text: without white space and brackets.
        before: the word before it, lower case, "" for none.
        possessive: 's follows it.
        alone: nothing but other brackets stands before it.
    """

    text: str
    before: str
    possessive: bool
    alone: bool


def _candidates(text: str) -> list[_Candidate]:
    found: list[_Candidate] = []
    end, alone = 0, True
    for match in _BRACKETED.finditer(text):
        between = text[end : match.start()]
        alone = alone and not between.strip(" \t\r\n,;\x1c")
        words = between[-_NEAR:].split()
        before = words[-1].strip(",:;()").lower() if words else ""
        end = match.end()
        name = _tidy(match[1])
        if name:
            possessive = text.startswith(("'s", "\u2019s", "' "), end)
            found.append(_Candidate(name, before, possessive, alone))
    if not found and (cut := _OPEN.search(text[-_NEAR:])):
        found.append(_Candidate(cut[1], "", possessive=False, alone=True))
    return found


def _is_person(candidate: _Candidate) -> bool:
    """Whether a bracketed word in prose is somebody's address; see the module."""
    if candidate.alone and not candidate.possessive:
        return False
    local, at, _ = candidate.text.rpartition("@")
    digits = len(_DIGIT.findall(local))
    if not at:
        return False
    if candidate.before in _SENDER_WORDS:
        return digits < 2
    named = candidate.before[-1:].isalpha() and candidate.before not in _PHRASES
    return digits == 0 and (named or candidate.possessive)


def _bracketed(text: str) -> list[str]:
    """What stands in angle brackets, and behind a last bracket that is never closed."""
    ids = [name for inside in _BRACKETED.findall(text) if (name := _tidy(inside))]
    if "<" in text[text.rfind(">") + 1 :] and (cut := _OPEN.search(text[-_NEAR:])):
        ids.append(cut[1])
    return ids


def _bare(text: str) -> list[str]:
    """The words with an @ inside, for fields that have no brackets."""
    return [word for word in _BREAK.split(text) if "@" in word[1:-1]]


def _tidy(inside: str) -> str:
    """An id without its folds and blanks, those in quotes kept, and without comments.

    Parentheses are no comment where no blank shows it: old ids hold them.
    """
    if "(" in inside and _BLANK_COMMENT.search(inside):
        inside, _ = split_comments(inside)
    return _SPACE.sub(lambda blank: blank[1] or "", inside)


def _unique(ids: list[str], *, last: bool = False) -> tuple[str, ...]:
    if last:
        return tuple(dict.fromkeys(reversed(ids)))[::-1]
    return tuple(dict.fromkeys(ids))
