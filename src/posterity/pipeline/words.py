"""The words of a message, by column, as both indexes hold them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Final

from posterity.masking import SHOW, masked_text
from posterity.model import (
    Address,
    Attachment,
    Body,
    Group,
    Mailbox,
    Message,
    SegmentKind,
)
from posterity.parse.charsets import decode_text
from posterity.parse.header import field_value
from posterity.query.languages import language
from posterity.query.tokens import words, words_by_line
from posterity.store.batches import MOST_WORDS, Spoken

EXCERPT: Final = 1_200
"""Characters of a message's own text that are kept to show under a hit."""

REMEMBERED: Final = 400
"""Characters of a header field whose words are remembered."""

OWN: Final = SegmentKind.OWN
QUOTE: Final = SegmentKind.QUOTE
PATCH: Final = SegmentKind.PATCH

_ENCODED: Final = frozenset(
    {
        SegmentKind.PGP_SIGNATURE,
        SegmentKind.PGP_ENCRYPTED,
        SegmentKind.PGP_KEY,
        SegmentKind.UUENCODE,
        SegmentKind.BINHEX,
        SegmentKind.YENC,
        SegmentKind.BASE64,
    }
)
_LIST_FIELDS: Final = frozenset(
    {"list-id", "list-post", "mailing-list", "x-mailing-list", "x-list"}
)


class Listener:
    """Takes down the words of messages.

    Args:
        addresses: the policy; what readers may not see is not indexed either.
    """

    def __init__(self, addresses: str = SHOW) -> None:
        self._policy = addresses

    def words_of(
        self,
        key: int,
        octets: bytes,
        message: Message,
        body: Body,
        files: Sequence[Attachment],
        flags: Collection[str],
    ) -> Spoken:
        """The words of one message.

        Args:
            key: its id.
            octets: in canonical form.
            files: what came with it.
            flags: what `parse.body.flags` says of it.
        """
        own, excerpt, numbers, quoted = _split(body)
        own_words = words(masked_text("\n".join(own), self._policy))[:MOST_WORDS]
        quoted_words: list[str] = []
        lines: list[tuple[int, int]] = []
        shown = [masked_text(line, self._policy) for line in quoted]
        for number, found in zip(numbers, words_by_line(shown), strict=True):
            if found and len(quoted_words) + len(found) <= MOST_WORDS:
                quoted_words += found
                lines.append((number, len(found)))
        recipients = self._people((*message.to, *message.cc))
        lists = self._words(" ".join(_lists(octets, message)))
        streams = (
            self._words(message.subject),
            own_words,
            self._people(message.from_),
            self._words("\n".join([file.filename for file in files])),
            quoted_words,
            recipients,
            lists or recipients,
            _few("\n".join([file.media_type for file in files])),
            _few("\n".join(sorted(flags))),
            [tongue] if (tongue := language(own_words)) else [],
        )
        return Spoken(key, streams, lines, masked_text(excerpt, self._policy))

    def _words(self, text: str) -> Sequence[str]:
        return _few(masked_text(text, self._policy))

    def _people(self, addresses: Iterable[Address]) -> Sequence[str]:
        return _few(
            "\n".join(
                [
                    f"{box.display_name} {masked_text(box.address, self._policy)}"
                    for box in _mailboxes(addresses)
                ]
            )
        )[:MOST_WORDS]


def _few(text: str) -> Sequence[str]:
    """The words of a header field, which come again in many messages."""
    return _remembered(text) if len(text) <= REMEMBERED else words(text)


@lru_cache(maxsize=4096)
def _remembered(text: str) -> Sequence[str]:
    return tuple(words(text))


def _split(body: Body) -> tuple[list[str], str, list[int], list[str]]:
    """Own lines, their beginning as one line, the numbers of quoted lines, and these."""
    own: list[str] = []
    spoken: list[str] = []
    numbers: list[int] = []
    quoted: list[str] = []
    lines = body.lines
    for kind, _, first, last, _ in body.segments:
        if kind is QUOTE:
            numbers += range(first, last + 1)
            quoted += lines[first - 1 : last]
        elif kind in _ENCODED:
            own.append(lines[first - 1])  # what it is; the rest is no words
        else:
            own += lines[first - 1 : last]
            if kind is OWN or kind is PATCH:
                spoken += lines[first - 1 : last]
    return own, _beginning(spoken), numbers, quoted


def _beginning(lines: Sequence[str]) -> str:
    """The first own words on one line, cut at a blank."""
    length = 0
    for number, line in enumerate(lines, 1):
        length += len(line)
        if length > EXCERPT:
            lines = lines[:number]
            break
    text = " ".join(" ".join(lines)[: 4 * EXCERPT].split())
    if len(text) <= EXCERPT:
        return text
    head, _, _ = text[: EXCERPT + 1].rpartition(" ")
    return head or text[:EXCERPT]


def _mailboxes(addresses: Iterable[Address]) -> Iterable[Mailbox]:
    for address in addresses:
        if isinstance(address, Group):
            yield from address.members
        else:
            yield address


def _lists(octets: bytes, message: Message) -> Iterable[str]:
    for field in message.fields:
        if field.name.lower() in _LIST_FIELDS:
            yield decode_text(field_value(octets, field))[0].text
