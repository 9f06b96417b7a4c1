"""Answers that say what is wrong, in fixed sentences and the form of every API error."""

from __future__ import annotations

import json
import sys
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from posterity.errors import QueryError
from posterity.serve.replies import POLICY, SAFETY, sent

OPEN: Final = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""Any page may read the API: there is nothing in it that is not public."""
METHODS: Final = ("GET", "HEAD")


def as_json(value: object) -> bytes:
    """A value as compact JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def error(request: Request, status: int, why: str, place: int = 0) -> Response:
    """What went wrong.

    Args:
        why: a sentence of ours.
        place: of the query, where it went wrong.
    """
    headers = {
        **SAFETY,
        **OPEN,
        "Content-Type": "application/json; charset=utf-8",
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-store",
    }
    return sent(request, as_json({"error": {"why": why, "place": place}}), status, headers)


def refused(request: Request, refusal: QueryError) -> Response:
    """A query that cannot be answered."""
    return error(request, 400, refusal.why, refusal.place)


def nothing(request: Request) -> Response:
    """The API has nothing of that name."""
    return error(request, 404, "there is nothing of that name")


async def failed(request: Request, why: Exception) -> Response:
    """The world failed: said in one fixed sentence, and on standard error."""
    sys.stderr.write(f"posterity: {str(why).encode('unicode_escape').decode('ascii')}\n")
    return error(request, 503, "the archive cannot be read just now")


async def not_allowed(request: Request, why: Exception) -> Response:
    """Only reading is."""
    del why
    answer = error(request, 405, "this can only be read")
    answer.headers["Allow"] = ", ".join(METHODS)
    return answer
