"""Octets as an HTTP answer: types, caching, conditions, ranges, compression, safety.

Sources: RFC 9110 §8.8, §13, §14 (validators, conditions, ranges), §12.5.3 (codings);
RFC 6266 (Content-Disposition); robustness of hostile files rests on nosniff, a neutral
type and a policy that lets nothing run.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from email.utils import formatdate, parsedate_to_datetime
from typing import Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SANDBOX: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""For what came with mail: nothing in it may run or fetch."""

SAFETY: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
FOR_EVER: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "public, no-cache"

_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "xml": "application/xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "eml": "text/plain; charset=utf-8",
    "mbox": "application/mbox",
    "gz": "application/gzip",
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "pdf": "application/pdf",
}
_PACKABLE: Final = ("text/", "application/json", "application/atom", "application/xml")
_WORTH_PACKING: Final = 1_000
KEPT_LEVEL, ONCE_LEVEL = 6, 1
"""Of gzip: for what is kept, and for what is made for one reader."""
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_PICTURES: Final = ("gif", "jpg", "png", "webp", "bmp")


class Body(NamedTuple):
    """A file, ready to be sent.

    Attributes:
        packed: the same, gzipped; b"" where that is not worth it.
        tag: names this content.
    """

    path: str
    content: bytes
    packed: bytes
    tag: str

    @classmethod
    def of(cls, path: str, content: bytes, level: int = KEPT_LEVEL) -> Body:
        """A file with its compressed form and its tag."""
        packed = b""
        kind = media_type(path)
        if len(content) > _WORTH_PACKING and kind.startswith(_PACKABLE):
            packed = gzip.compress(content, level, mtime=0)
        return cls(path, content, packed, hashlib.sha256(content).hexdigest()[:20])

    @property
    def weight(self) -> int:
        """Octets of memory."""
        return len(self.content) + len(self.packed) + 500


def media_type(path: str) -> str:
    """By the ending, which is ours and never the sender's."""
    return _TYPES.get(path.rpartition(".")[2], "application/octet-stream")


def reply(request: Request, body: Body, made: int, status: int = 200) -> Response:
    """The answer to a request for a file.

    Args:
        made: when the archive was last written, seconds since 1970.
        status: 200, or that of a page which says what is wrong.
    """
    headers = {**SAFETY, **_headers_of(body.path)}
    headers["Content-Type"] = media_type(body.path)
    packed = bool(body.packed) and _takes_gzip(request)
    tag = f'"{body.tag}-gz"' if packed else f'"{body.tag}"'
    if body.packed:
        headers["Vary"] = "Accept-Encoding"
    if status == 200:
        headers["ETag"] = tag
        headers["Last-Modified"] = formatdate(made, usegmt=True)
        headers["Accept-Ranges"] = "bytes"
        if _is_known(request, body, made):
            return Response(status_code=304, headers=_without_entity(headers))
        span = _span(request, body, made)
        if span is not None:
            return _part(request, body, span, headers)
    content = body.packed if packed else body.content
    if packed:
        headers["Content-Encoding"] = "gzip"
    return sent(request, content, status, headers)


def sent(
    request: Request, content: bytes, status: int, headers: dict[str, str]
) -> Response:
    """An answer; to HEAD the same without its content."""
    headers["Content-Length"] = str(len(content))
    if request.method == "HEAD":
        content = b""
    return Response(content, status, headers)


def _headers_of(path: str) -> dict[str, str]:
    """Caching and policy by what a path holds."""
    if path.startswith("static/") or re.fullmatch(r"search/[0-9a-f]{12}\.js", path):
        cache = FOR_EVER
    else:
        cache = ASK_AGAIN
    if path.startswith(("attachments/", "raw/")) and not path.endswith(".html"):
        headers = {"Cache-Control": cache, "Content-Security-Policy": SANDBOX}
        ending = path.rpartition(".")[2]
        if ending not in {*_PICTURES, "txt", "eml"}:
            name = path.rpartition("/")[2]  # our own: a hash and a neutral ending
            headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return headers
    return {"Cache-Control": cache, "Content-Security-Policy": POLICY}


def _takes_gzip(request: Request) -> bool:
    for item in request.headers.get("accept-encoding", "").lower().split(","):
        coding, _, weight = item.partition(";")
        if coding.strip() in {"gzip", "*"} and weight.strip() not in {"q=0", "q=0.0"}:
            return True
    return False


def _is_known(request: Request, body: Body, made: int) -> bool:
    """Whether the browser has this very content (RFC 9110 §13.2.2)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or any(
            tag.strip().removeprefix("W/").strip('"').removesuffix("-gz") == body.tag
            for tag in tags.split(",")
        )
    return _not_since(request.headers.get("if-modified-since"), made)


def _not_since(date: str | None, made: int) -> bool:
    if not date:
        return False
    try:
        return parsedate_to_datetime(date).timestamp() >= made
    except (ValueError, OverflowError):
        return False


def _span(request: Request, body: Body, made: int) -> tuple[int, int] | None:
    """First octet and end of the one range asked for; (-1, -1) for one there is not."""
    asked = request.headers.get("range")
    if not asked or request.method != "GET":
        return None
    unless = request.headers.get("if-range", "").strip()
    if unless and unless.strip('"') != body.tag and not _not_since(unless, made):
        return None
    found = _RANGE.fullmatch(asked.strip())
    if not found or not (found[1] or found[2]):
        return None  # several ranges, or another unit: the whole is always right
    size = len(body.content)
    if not found[1]:
        first, end = max(0, size - int(found[2])), size
    else:
        first = int(found[1])
        end = min(int(found[2]) + 1, size) if found[2] else size
    return (first, end) if first < end else (-1, -1)


def _part(
    request: Request, body: Body, span: tuple[int, int], headers: dict[str, str]
) -> Response:
    first, end = span
    size = len(body.content)
    headers["ETag"] = f'"{body.tag}"'
    if first < 0:
        headers["Content-Range"] = f"bytes */{size}"
        return sent(request, b"", 416, headers)
    headers["Content-Range"] = f"bytes {first}-{end - 1}/{size}"
    return sent(request, body.content[first:end], 206, headers)


def _without_entity(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "Content-Type"}
