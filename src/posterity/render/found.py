"""The answer to a search as JSON, the same from the terminal and from the API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from posterity.query.snippets import Piece
from posterity.render import urls
from posterity.render.hits import Hit
from posterity.render.moments import moment
from posterity.store.search import Answer


def found_as_json(answer: Answer, hits: Iterable[Hit]) -> dict[str, Any]:
    """An answer and its hits as plain values."""
    return {
        "total": answer.total,
        "threads": answer.threads,
        "order": answer.order.value,
        "cursor": answer.cursor,
        "years": [{"year": year, "messages": n} for year, n in answer.years],
        "people": [
            {"person": one.slug, "name": one.name, "messages": one.hits}
            for one in answer.people
        ],
        "hits": [hit_as_json(hit) for hit in hits],
    }


def hit_as_json(hit: Hit) -> dict[str, Any]:
    """One hit; its url is relative to the site's root."""
    row = hit.row
    at = moment(row.utc)
    return {
        "hash": row.digest,
        "url": urls.quote(urls.message(row)),
        "subject": "".join(piece.text for piece in hit.subject),
        "from": row.author,
        "person": row.person,
        "date": at.iso if at else None,
        "date_evidence": row.date_evidence.value,
        "thread": row.thread or row.digest,
        "in_thread": hit.in_thread,
        "attachments": row.attachments,
        "snippet": _pieces(hit.snippet),
    }


def _pieces(pieces: Iterable[Piece]) -> list[dict[str, Any]]:
    return [{"text": piece.text, "hit": piece.hit} for piece in pieces]
