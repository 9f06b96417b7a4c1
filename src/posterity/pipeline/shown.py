"""The rows that readers may see of a message that the keeper amended."""

from __future__ import annotations

from typing import Final

from posterity.config import Settings
from posterity.model import Body, Digest
from posterity.pipeline.facts import derived
from posterity.pipeline.plan import Plan
from posterity.rows import Amendment
from posterity.store.amended import Change, Original
from posterity.store.catalogue import Derived
from posterity.store.compress import Codec
from posterity.store.erasure import Erased

_KEPT: Final = ("id", "digest", "month", "header_utc", "header_offset", "header_error")
"""Columns that keep a message in its place."""

_codec: Final = Codec(lambda _: b"")


def derived_as_amended(
    key: int, digest: Digest, octets: bytes, settings: Settings, plan: Plan
) -> tuple[Derived, Body]:
    """The rows of one message that readers may see, and its own body."""
    rows, body = derived(key, digest, octets, settings)
    return (shown(rows, octets, plan, settings) if plan.digest else rows), body


def shown(
    rows: Derived, octets: bytes, plan: Plan, settings: Settings, host: str = ""
) -> Derived:
    """The rows of a message as amended; the same where nothing is.

    Args:
        rows: of its own octets.
        octets: canonical.
        plan: what is amended.
        settings: of the archive.
        host: hash of the message that a recovered one was found inside.
    """
    digest = Digest(rows.facts.digest.hex())
    verdict = plan.verdict(digest, octets)
    if verdict is None and host and host in plan.verdicts:
        verdict = plan.verdicts[host]
    if verdict is not None:
        return withdrawn(rows, verdict, plan.erased.get(digest))
    found = plan.copy(octets, digest, host)
    if found is None:
        return rows
    copy, amendment = found
    return with_copy(rows, copy, amendment, settings, said=True)


def withdrawn(
    rows: Derived, amendment: Amendment, gone: Erased | None = None, *, said: bool = True
) -> Derived:
    """The rows of a message of which nothing is shown but its place."""
    if gone is not None and gone.facts:
        rows = _from_memory(rows, gone)
    original = rows.change.original if rows.change else _original(rows)
    kept = {name: getattr(rows.facts, name) for name in _KEPT}
    blank = {
        name: "" if isinstance(value, str) else 0
        for name, value in rows.facts._asdict().items()
        if name not in kept
    }
    return Derived(
        facts=rows.facts._replace(**{**blank, **kept}),
        message_ids=rows.message_ids,
        references=(),
        attachments=(),
        defects=(),
        hidden=(),
        mentions=(),
        change=Change(amendment, said, None, original),
    )


def with_copy(
    rows: Derived, copy: bytes, amendment: Amendment, settings: Settings, *, said: bool
) -> Derived:
    """The rows of a message of which a copy is shown."""
    facts = rows.facts
    changed = derived(facts.id, Digest(facts.digest.hex()), copy, settings)[0]
    kept = {name: getattr(facts, name) for name in (*_KEPT, "size")}
    original = rows.change.original if rows.change else _original(rows)
    return changed._replace(
        facts=changed.facts._replace(**kept),
        hidden=rows.hidden,
        change=Change(amendment, said, _codec.compress(copy), original),
    )


def _original(rows: Derived) -> Original:
    blank = rows.facts._replace(words="")  # relate does not ask for them
    return Original(tuple(blank), rows.message_ids, rows.references)


def _from_memory(rows: Derived, gone: Erased) -> Derived:
    """What keeps an erased message in its place."""
    month, utc, offset, error, size, ids, references = gone.facts
    return rows._replace(
        facts=rows.facts._replace(
            month=month, header_utc=utc, header_offset=offset, header_error=error, size=size
        ),
        message_ids=tuple(ids),
        references=tuple(tuple(one) for one in references),
    )


def memory(rows: Derived) -> tuple[object, ...]:
    """What is kept of a message that is erased."""
    original = rows.change.original if rows.change else _original(rows)
    facts = dict(zip(rows.facts._fields, original.facts, strict=True))
    names = ("month", "header_utc", "header_offset", "header_error", "size")
    return (*(facts[name] for name in names), original.message_ids, original.references)
