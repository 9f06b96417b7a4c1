"""A message's header as its page shows it: the data a reader wants, and every field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from posterity.model import Address, DateEvidence, Group, Mailbox
from posterity.render import urls
from posterity.render.addresses import Addresses
from posterity.render.html import attribute, clip, escape
from posterity.render.letters import Letter
from posterity.render.moments import duration, iso_seconds, moment
from posterity.render.press import Press

MAX_RECIPIENTS = 100
"""Recipients named on a page; the rest is counted, and in the raw message."""

FOLD_RECIPIENTS = 8
"""So many recipients are shown before the fold."""

KEPT = 1024
"""Senders and recipients that are kept in their printed form: most mail goes to the list."""

MAX_IDS = 10
"""Ids shown of one field."""

MAX_NAME = 200
"""Characters of a field's name; what is longer is no name."""

MAX_FIELDS = 60_000
"""Characters shown of a whole header block."""

_ID_FIELDS = re.compile(
    r"^(?:message-id|in-reply-to|references|resent-message-id|content-id):.*(?:\n[ \t].*)*",
    re.IGNORECASE | re.MULTILINE,
)
_MARKED = frozenset(DateEvidence) - {DateEvidence.DATE}


def header_data(press: Press, letter: Letter, links: urls.Links) -> str:
    """From, To, Cc, both dates, the ids and the hash, as a description list."""
    message, texts = letter.message, press.texts
    rows = [
        _row(texts["from"], _author(press, letter, links)),
        _row(texts["to"], _recipients(press, message.to)),
    ]
    if message.cc:
        rows.append(_row(texts["cc"], _recipients(press, message.cc)))
    rows += [
        _row(texts["date_utc"], _date(press, letter)),
        _row(texts["date_raw"], _written(press, letter)),
        _row(texts["message_id"], _own_ids(press, message.message_ids)),
        _row(texts["in_reply_to"], _answered(press, message.in_reply_to, links)),
        _row(
            texts["message_hash"],
            f'<code class="hash" tabindex="0">{letter.row.digest}</code>',
        ),
    ]
    return "".join(rows)


def all_fields(press: Press, letter: Letter) -> str:
    """The header block as it was written, field names marked."""
    octets = letter.octets[: letter.message.body_offset].rstrip(b"\r\n")
    text = octets[: 4 * MAX_FIELDS].decode("utf-8", "replace")[:MAX_FIELDS]
    text = text.replace("\r\n", "\n")
    if not press.addresses.shown:
        text = _masked_fields(press, text)
    return "\n".join([_marked(line) for line in escape(text).split("\n")])


def _marked(line: str) -> str:
    """A line of a header block, the field's name set apart."""
    name, colon, value = line.partition(":")
    if not colon or not name or name[0] in " \t" or len(name) > MAX_NAME:
        return line
    return f"<b>{name}:</b>{value}"


def _masked_fields(press: Press, text: str) -> str:
    """Addresses masked everywhere but in the fields of ids, which are no mailboxes."""
    pieces = []
    done = 0
    for found in _ID_FIELDS.finditer(text):
        pieces += [press.addresses.text(text[done : found.start()]), found[0]]
        done = found.end()
    return "".join([*pieces, press.addresses.text(text[done:])])


def _row(label: str, value: str) -> str:
    return f"<div><dt>{label}</dt><dd>{value}</dd></div>\n"


def _none(press: Press) -> str:
    return f'<span class="none">{escape(press.texts["not_given"])}</span>'


def _author(press: Press, letter: Letter, links: urls.Links) -> str:
    """The author, linked to the person's page, and the address as it may be shown."""
    row = letter.row
    name = f"<bdi>{escape(press.author(row, 120))}</bdi>"
    if row.person:
        name = f'<a href="{links.to(urls.person(row.person))}" rel="author">{name}</a>'
    written = _written_by(press.addresses, letter.message.from_, row.author)
    return f"{name} <bdi>&lt;{written}&gt;</bdi>" if written else name


@lru_cache(KEPT)
def _written_by(policy: Addresses, from_: tuple[Address, ...], author: str) -> str:
    """The addresses of an author who is not named by them."""
    boxes = [box for box in from_ if isinstance(box, Mailbox)]
    shown = [policy.address(clip(box.address, 200)) for box in boxes[:5]]
    return escape(", ".join(a for a in shown if a and a != author))


def _recipients(press: Press, addresses: Sequence[Address]) -> str:
    """Names and addresses; a long list is folded, a very long one cut."""
    if not addresses:
        return _none(press)
    policy, hidden = press.addresses, press.texts["hidden_address"]
    shown = [_recipient(policy, one, hidden) for one in addresses[:MAX_RECIPIENTS]]
    left = len(addresses) - len(shown)
    first = ", ".join(shown[:FOLD_RECIPIENTS])
    rest = shown[FOLD_RECIPIENTS:]
    if not rest:
        return first
    more = escape(press.texts.count("more_recipients", len(rest) + left))
    tail = ", ".join(rest) + (" \N{HORIZONTAL ELLIPSIS}" if left else "")
    return f"{first}<details><summary>{more}</summary>{tail}</details>"


@lru_cache(KEPT)
def _recipient(policy: Addresses, one: Address, hidden: str) -> str:
    name = escape(policy.text(clip(one.display_name, 120)))
    if isinstance(one, Group):
        return f"<bdi>{name}</bdi>"
    address = escape(policy.address(clip(one.address, 200)))
    if name and address and name != address:
        return f"<bdi>{name}</bdi> <bdi>&lt;{address}&gt;</bdi>"
    return f"<bdi>{name or address or escape(hidden)}</bdi>"


def _date(press: Press, letter: Letter) -> str:
    """The published time, and where it was inferred, the evidence a click away."""
    row, texts = letter.row, press.texts
    at = moment(row.utc, texts.calendar)
    shown = (
        f'<time datetime="{at.iso}">{iso_seconds(at)}</time>'
        if at
        else f'<span class="none">{escape(texts["date_not_known"])}</span>'
    )
    if row.date_evidence not in _MARKED or (at is None and row.raw_date == ""):
        return shown
    words = texts[f"date_{row.date_evidence.name.lower()}"]
    mark = texts[f"date_{row.date_evidence.name.lower()}_mark"]
    if at and row.date_error:
        words += " " + texts.fill("date_error", error=duration(row.date_error, texts))
    return (
        f'{shown} <details class="ev"><summary>{escape(mark)}</summary>'
        f"{escape(words)}</details>"
    )


def _written(press: Press, letter: Letter) -> str:
    raw = clip(letter.row.raw_date, 200)
    return f"<bdi>{escape(press.addresses.text(raw))}</bdi>" if raw else _none(press)


def _own_ids(press: Press, ids: Sequence[str]) -> str:
    if not ids:
        return _none(press)
    return " ".join(f"<code>{_id(one)}</code>" for one in ids[:MAX_IDS])


def _answered(press: Press, ids: Sequence[str], links: urls.Links) -> str:
    """The ids that the message answers, linked where they are held."""
    if not ids:
        return _none(press)
    shown = []
    for one in ids[:MAX_IDS]:
        held = press.reader.holders(one)
        if held:
            href = attribute(links.to_message(held[0]))
            shown.append(f'<a href="{href}"><code>{_id(one)}</code></a>')
        else:
            absent = escape(press.texts["not_in_archive"])
            shown.append(f'<code>{_id(one)}</code> <span class="none">{absent}</span>')
    return "<br>".join(shown)


def _id(message_id: str) -> str:
    return escape(f"<{clip(message_id, 200)}>")
