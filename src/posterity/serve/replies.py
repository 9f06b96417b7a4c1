"""Octets as an HTTP answer: types, caching, conditions, ranges, safety.

A packed answer is another representation: it has a tag of its own, and conditions are
asked of what would be sent. A range is always of the plain octets.

Sources: RFC 9110 §8.8, §13, §14 (validators, conditions, ranges), §12.5.5 (Vary);
RFC 6266 (Content-Disposition); robustness of hostile files rests on nosniff, a neutral
type and a policy that lets nothing run.
"""

from __future__ import annotations

import hashlib
import re
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache
from typing import Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from posterity.render import urls
from posterity.serve.codings import PLAIN, SUFFIX, is_packable, pack

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
    " connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
SANDBOX: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""For what came with mail: nothing in it may run or fetch."""
FRAMED: Final = (
    "img-src 'self'; script-src 'none'; connect-src 'none'; font-src 'none';"
    " media-src 'none'; object-src 'none'; frame-src 'none'; worker-src 'none';"
    " form-action 'none'; base-uri 'none'; frame-ancestors 'self';"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""For a message's own HTML, made safe, in a frame of ours; the file says which style."""

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
    "htm": "text/html; charset=utf-8",
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
    "epub": "application/epub+zip",
    "gz": "application/gzip",
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "pdf": "application/pdf",
}
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_PICTURES: Final = ("gif", "jpg", "png", "webp", "bmp")


class Body(NamedTuple):
    """A file, ready to be sent.

    Attributes:
        tag: names this content.
        varies: whether other requests are answered in another coding.
        coding: what it is packed in; "" where it is not.
        packed: the content in that coding.
        status: 200, or that of a page which says what is wrong, or where it is now.
        target: the path of the page that stands for this one, for a redirect.
    """

    path: str
    content: bytes
    tag: str
    varies: bool
    coding: str = PLAIN
    packed: bytes = b""
    status: int = 200
    target: str = ""

    @classmethod
    def of(cls, path: str, content: bytes, status: int = 200, target: str = "") -> Body:
        """A file with its tag."""
        tag = hashlib.sha256(content).hexdigest()[:20]
        varies = is_packable(media_type(path), content)
        return cls(path, content, tag, varies, status=status, target=target)

    def inside(self, coding: str, *, once: bool = False) -> Body:
        """The same in a coding, where that is worth the work.

        Args:
            coding: as `codings.chosen` gives it.
            once: it is made for one reader.
        """
        if not coding or not self.varies:
            return self
        return self._replace(coding=coding, packed=pack(self.content, coding, once=once))

    @property
    def weight(self) -> int:
        """Octets of memory."""
        return len(self.content) + len(self.packed) + 500


def media_type(path: str) -> str:
    """By the ending, which is ours and never the sender's."""
    return _TYPES.get(path.rpartition(".")[2], "application/octet-stream")


def reply(request: Request, body: Body, made: int) -> Response:
    """The answer to a request for a file.

    Args:
        made: when the archive was last written, seconds since 1970.
    """
    headers = {**SAFETY, **_headers_of(body.path)}
    headers["Content-Type"] = media_type(body.path)
    if body.varies:
        headers["Vary"] = "Accept-Encoding"
    if body.status == 200:
        headers["ETag"] = f'"{body.tag}{SUFFIX[body.coding]}"'
        headers["Last-Modified"] = _http_date(made)
        headers["Accept-Ranges"] = "bytes"
        if _is_known(request, headers["ETag"], made):
            return Response(status_code=304, headers=_without_entity(headers))
        span = _span(request, body, headers["Last-Modified"])
        if span is not None:
            return _part(request, body, span, headers)
    if body.target:
        headers["Location"] = where(request, body.target)
    if body.coding:
        headers["Content-Encoding"] = body.coding
        return sent(request, body.packed, body.status, headers)
    return sent(request, body.content, body.status, headers)


@lru_cache(maxsize=16)
def _http_date(time: int) -> str:
    """A time as HTTP has it; an archive has one for all its answers."""
    return formatdate(time, usegmt=True)


def where(request: Request, target: str) -> str:
    """A page of the site, relative to what was asked for: it holds below any prefix.

    What counts are the slashes of the path as it was sent, which a browser counts too.
    """
    sent_path = request.scope.get("raw_path") or request.scope["path"].encode()
    return urls.relative(sent_path.decode("latin-1").removeprefix("/"), target)


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
    policy = FRAMED if path.startswith("html/") else POLICY
    return {"Cache-Control": cache, "Content-Security-Policy": policy}


def _is_known(request: Request, tag: str, made: int) -> bool:
    """Whether the browser has this very content (RFC 9110 §13.2.2)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or any(
            one.strip().removeprefix("W/") == tag for one in tags.split(",")
        )
    return _not_since(request.headers.get("if-modified-since"), made)


def _not_since(date: str | None, made: int) -> bool:
    if not date:
        return False
    try:
        return parsedate_to_datetime(date).timestamp() >= made
    except (ValueError, OverflowError):
        return False


def _span(request: Request, body: Body, modified: str) -> tuple[int, int] | None:
    """First octet and end of the one range asked for; (-1, -1) for one there is not."""
    asked = request.headers.get("range")
    if not asked or request.method != "GET":
        return None
    unless = request.headers.get("if-range", "").strip()
    if unless not in {"", f'"{body.tag}"', modified}:  # weak tags never match
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
