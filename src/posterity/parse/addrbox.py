"""One element of an address list, from its tokens to a mailbox.

The address is what stands in the angle brackets; without any, the word with an @; then
the pair of words that an archiver made of it; then a UUCP path, a DECnet or an X.400
address; then a word by itself, a local user. What else stands there is the name.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from posterity.defects import DefectCode
from posterity.model import Mailbox
from posterity.parse.addrspec import Spec, is_foreign, is_x400, read_spec, restored
from posterity.parse.addrtokens import Token
from posterity.parse.words import decode_words

_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_SPELLED_AT = frozenset({"a", "at", "AT"})
_GAPS = frozenset({"space", "comment", "<", ">"})
_STRAYS = frozenset('"(>')
_NOBODY = Spec("", "", sound=False)


class Reading(NamedTuple):
    """A mailbox and what was odd about it, None if nothing was."""

    mailbox: Mailbox
    odd: DefectCode | None


def display_name(text: str) -> str:
    """A name for people: encoded words decoded, runs of blanks made one."""
    if "=?" in text:
        text = decode_words(text)
    return " ".join(text.split())


def phrase(tokens: list[Token]) -> str:
    """The name that a run of tokens spells, quotes and comments taken off."""
    pieces = []
    for token in tokens:
        if token.kind == "quoted":
            pieces.append(_QUOTED_PAIR.sub(r"\1", token.text[1:-1]))
        elif token.text not in _STRAYS:
            pieces.append(" " if token.kind in _GAPS else token.text)
    return display_name("".join(pieces))


def mailboxes(tokens: list[Token], text: str) -> list[Reading]:
    """Read one element; several mailboxes where bare addresses stand side by side.

    Args:
        tokens: all between two commas, at least one.
        text: the field they are from.
    """
    kinds = [token.kind for token in tokens]
    raw = text[tokens[0].start : tokens[-1].end].strip()
    if "<" in kinds:
        return [_in_brackets(tokens, kinds, raw)]
    runs = _runs(tokens)
    words = [_spelled(run) for run in runs]
    if len(words) > 1 and all("@" in word and word[0] != '"' for word in words):
        raws = (text[run[0].start : run[-1].end] for run in runs)
        return [
            Reading(_mailbox("", read_spec(word), raw), DefectCode.BAD_ADDRESS)
            for word, raw in zip(words, raws, strict=True)
        ]
    return [_bare(tokens, words, raw)]


def _in_brackets(tokens: list[Token], kinds: list[str], raw: str) -> Reading:
    first = kinds.index("<")
    close = kinds.index(">", first) if ">" in kinds[first:] else len(kinds)
    opening = max(i for i in range(first, close) if kinds[i] == "<")
    before, inside = tokens[:first], tokens[opening + 1 : close]
    words = _words(inside)
    if not words and (words := [word for word in _words(before) if "@" in word]):
        before = []
    addresses = [at for at, word in enumerate(words) if "@" in word]
    if len(addresses) == 1 and '"' not in words[0]:
        text = words[addresses[0]]
    else:  # what stands behind the last @ and a blank is no domain's
        text = " ".join(words[: addresses[-1] + 1] if addresses else words)
    spec = restored(text)
    odd = DefectCode.OBFUSCATED_ADDRESS if spec else None
    if spec is None:
        spec = read_spec(text)
        loose = (
            len(words) > 1
            or opening + 1 == close
            or opening != first
            or close == len(kinds)
        )
        if loose or not spec.sound or any(map(_is_stray, before)):
            odd = DefectCode.BAD_ADDRESS
    name = phrase(before) or phrase(tokens[close + 1 :]) or _comment(tokens)
    return Reading(_mailbox(name, spec, raw), odd)


def _is_stray(token: Token) -> bool:
    """Whether a token of a name should have been quoted, or closed."""
    return token.kind == "word" and ("@" in token.text or token.text in _STRAYS)


def _bare(tokens: list[Token], words: list[str], raw: str) -> Reading:
    spec, rest, odd = _pick(words) if words else (_NOBODY, [], DefectCode.BAD_ADDRESS)
    if odd is None and any(token.text in _STRAYS for token in tokens):
        odd = DefectCode.BAD_ADDRESS
    name = _unquoted(" ".join(rest)) if rest else ""
    return Reading(_mailbox(display_name(name) or _comment(tokens), spec, raw), odd)


def _pick(words: list[str]) -> tuple[Spec, list[str], DefectCode | None]:
    """Which of some words are the address; the other words; what is odd about that."""
    bad = DefectCode.BAD_ADDRESS
    if len(words) == 1:
        return _alone(words[0])
    if is_x400(words[0]):  # its values may hold blanks, up to the gateway
        end = next((n for n, word in enumerate(words, 1) if "@" in word), len(words))
        return read_spec(" ".join(words[:end])), words[end:], bad
    for at, word in enumerate(words):
        if "@" in word and word[0] != '"':
            return read_spec(word), words[:at] + words[at + 1 :], bad
    if spec := restored(" ".join(words[-3:])):
        return spec, words[:-3], DefectCode.OBFUSCATED_ADDRESS
    for at, word in enumerate(words):
        if is_foreign(word):
            return read_spec(word), words[:at] + words[at + 1 :], bad
    return _NOBODY, words, bad


def _alone(word: str) -> tuple[Spec, list[str], DefectCode | None]:
    if word[0] == word[-1] == '"' and "@" in word:
        inner = read_spec(word[1:-1])
        if inner.sound:
            return inner, [], DefectCode.BAD_ADDRESS
    if word[0] == '"' and "@" not in word and not is_x400(word):
        return _NOBODY, [word], DefectCode.BAD_ADDRESS
    if spec := restored(word):
        return spec, [], DefectCode.OBFUSCATED_ADDRESS
    spec = read_spec(word)
    return spec, [], None if spec.sound else DefectCode.BAD_ADDRESS


def _words(tokens: list[Token]) -> list[str]:
    return [_spelled(run) for run in _runs(tokens)]


def _spelled(run: list[Token]) -> str:
    return "".join(f"({t.text})" if t.kind == "comment" else t.text for t in run)


def _runs(tokens: list[Token]) -> list[list[Token]]:
    """Runs of tokens without blanks; blanks and comments beside @ and . do not count."""
    runs: list[list[Token]] = []
    joined = False
    for token in tokens:
        kind, text = token.kind, token.text
        last = runs[-1][-1].text if runs else ""
        spelled = kind == "comment" and text in _SPELLED_AT and last[-1:] != "@"
        if not spelled and (kind in _GAPS or text in _STRAYS):
            joined = False
            continue
        if joined:
            joined = last[-1] != '"' or kind != "word" or text[0] in "@."
        elif last and kind == "word":
            joined = text[0] == "@" or last[-1] == "@" or "." in (text, last)
        if joined:
            runs[-1].append(token)
        else:
            runs.append([token])
        joined = not spelled
    return runs


def _comment(tokens: list[Token]) -> str:
    for token in tokens:
        if token.kind == "comment" and token.text.strip() and token.text not in _SPELLED_AT:
            return display_name(_QUOTED_PAIR.sub(r"\1", token.text))
    return ""


def _unquoted(text: str) -> str:
    return _QUOTED_PAIR.sub(r"\1", text.replace('"', "")) if '"' in text else text


def _mailbox(name: str, spec: Spec, raw: str) -> Mailbox:
    return Mailbox(name, spec.local_part, spec.domain, raw)
