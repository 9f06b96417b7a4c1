"""The server's pages are the static site's, and its answers are safe."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

PRIVATE = ".posterity"


def files(site: Path) -> list[str]:
    """Every file of a site."""
    return sorted(
        path.relative_to(site).as_posix()
        for path in site.rglob("*")
        if path.is_file() and PRIVATE not in path.parts
    )


@pytest.fixture(scope="session")
def message(site: Path) -> str:
    """The URL of a message's page."""
    return "/" + next(
        name for name in files(site) if re.match(r"archive/\d+/\d+/[0-9a-f]", name)
    )


def test_every_url_is_the_same_octets(client: Any, site: Path) -> None:
    """Static site and server: byte for byte, every URL of the sample archive."""
    differ = []
    names = files(site)
    for name in names:
        answer = client.get("/" + quote(name))
        expected = 404 if name == "404.html" else 200
        if (answer.status, answer.body) != (expected, (site / name).read_bytes()):
            differ.append((name, answer.status))

    assert len(names) > 1000
    assert [] == differ


def test_search_without_a_question_is_the_static_page(client: Any, site: Path) -> None:
    """decisions.md 14: only a question makes a difference."""
    page = (site / "search.html").read_bytes()

    assert {page} == {
        client.get(url).body
        for url in ("/search", "/search.html", "/search?q=", "/search?q=+")
    }


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("/archive", "archive/index.html"),
        ("/archive/1997", "1997/index.html"),
        ("/archive/1997/07", "07/index.html"),
        ("/about", "about/index.html"),
        ("/authors", "authors/index.html"),
    ],
)
def test_folders_lead_to_their_index(client: Any, url: str, target: str) -> None:
    """A folder without its slash is a redirect that stays on the site."""
    answer = client.get(url)

    assert (308, target) == (answer.status, answer.headers["location"])


def test_a_folder_is_its_index(client: Any, site: Path) -> None:
    """A folder with its slash is the index itself."""
    assert (site / "archive/index.html").read_bytes() == client.get("/archive/").body
    assert (site / "index.html").read_bytes() == client.get("/").body


def test_other_ways_to_a_message(client: Any, message: str) -> None:
    """Without its ending, or under another month, it is found."""
    digest = message.rpartition("/")[2]
    bare = client.get(message.removesuffix(".html"))
    wrong = client.get(f"/archive/1901/01/{digest}")

    assert (308, digest) == (bare.status, bare.headers["location"])
    assert (
        308,
        f"../../{message.removeprefix('/archive/').rpartition('/')[0]}/{digest}",
    ) == (
        wrong.status,
        wrong.headers["location"],
    )


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/archive/1997/07/" + "0" * 64 + ".html",
        "/thread/" + "0" * 64 + ".html",
        "/raw/" + "0" * 64 + ".eml",
        "/attachments/" + "0" * 64 + ".txt",
        "/authors/nobody-at-all.html",
        "/archive/1901/index.html",
        "/archive/1997/07/date-99.html",
        "/static/../posterity.toml",
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/%252e%252e/etc/passwd",
        "/static/%00",
        "//example.org/",
        "/a//b",
        "/\\\\example.org",
        "/archive/\r\nX: y",
        "/search/../../accession.db",
        "/search/zzzzzzzzzzzz.js",
        "/catalogue.db",
        "/" + "a/" * 2000,
        "/mid/nobody@example.org",
    ],
)
def test_what_does_not_exist(client: Any, site: Path, path: str) -> None:
    """F2, W3: the same page, and the same status, whatever was tried."""
    answer = client.get(quote(path, safe="/%"))

    assert (404, (site / "404.html").read_bytes()) == (answer.status, answer.body)


@pytest.mark.parametrize("url", ["/", "/search?q=fog", "/nothing", "/api/v1/", "/static/x"])
def test_every_answer_is_safe(client: Any, url: str) -> None:
    """S12: nothing runs, nothing is framed, nothing is sniffed or told to others."""
    headers = client.get(url).headers
    policy = headers["content-security-policy"]

    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert ("nosniff", "no-referrer") == (
        headers["x-content-type-options"],
        headers["referrer-policy"],
    )
    assert "set-cookie" not in headers


def test_what_came_with_mail_can_do_nothing(client: Any, site: Path) -> None:
    """F7: attachments and originals are sandboxed; what is no picture or text is a download."""
    for name in files(site):
        if re.fullmatch(r"(?:attachments|raw)/[0-9a-f]{64}\.\w+", name):
            headers = client.get("/" + name).headers
            assert "sandbox" in headers["content-security-policy"]
            assert headers["content-type"].partition(";")[0] not in {
                "text/html",
                "image/svg+xml",
                "text/xml",
                "application/xml",
                "text/javascript",
            }
            shown = name.endswith((".txt", ".eml", ".gif", ".jpg", ".png", ".webp", ".bmp"))
            assert shown == ("content-disposition" not in headers), name


# -- HTTP (RFC 9110)


def test_head_is_get_without_content(client: Any, message: str) -> None:
    """W7: the same headers, no octets."""
    get, head = client.get(message), client.get(message, "HEAD")

    assert (get.status, get.headers, b"") == (head.status, head.headers, head.body)


def test_conditions(client: Any, message: str) -> None:
    """W7: what the browser has is not sent again."""
    first = client.get(message)
    tag, date = first.headers["etag"], first.headers["last-modified"]

    assert 304 == client.get(message, if_none_match=tag).status
    assert 304 == client.get(message, if_none_match=f'"x", W/{tag}').status
    assert 304 == client.get(message, if_none_match="*").status
    assert 304 == client.get(message, if_modified_since=date).status
    assert 200 == client.get(message, if_none_match='"x"').status
    assert 200 == client.get(message, if_none_match='"x"', if_modified_since=date).status
    assert (
        200 == client.get(message, if_modified_since="Thu, 01 Jan 1970 00:00:00 GMT").status
    )
    assert 200 == client.get(message, if_modified_since="yesterday").status
    assert b"" == client.get(message, if_none_match=tag).body


@pytest.mark.parametrize(
    ("asked", "first", "end"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=10-", 10, None),
        ("bytes=-5", -5, None),
        ("bytes=0-0", 0, 1),
    ],
)
def test_ranges(client: Any, message: str, asked: str, first: int, end: int | None) -> None:
    """W7: the octets asked for, of the plain content."""
    whole = client.get(message).body
    part = client.get(message, range=asked, accept_encoding="br, gzip")

    assert (206, whole[first:end]) == (part.status, part.body)
    assert part.headers["content-range"].endswith(f"/{len(whole)}")
    assert "content-encoding" not in part.headers
    assert client.get(message).headers["etag"] == part.headers["etag"]


def test_a_range_beyond_the_end(client: Any, message: str) -> None:
    """W7: 416 says how long it is."""
    size = len(client.get(message).body)
    answer = client.get(message, range=f"bytes={size}-")

    assert (416, f"bytes */{size}") == (answer.status, answer.headers["content-range"])


@pytest.mark.parametrize(
    "asked",
    ["bytes=0-1,5-6", "lines=1-2", "bytes=-", "bytes=9-2x", "bytes=" + "9" * 40 + "-"],
)
def test_odd_ranges_are_ignored(client: Any, message: str, asked: str) -> None:
    """What is not understood is answered whole."""
    assert 200 == client.get(message, range=asked).status


def test_if_range(client: Any, message: str) -> None:
    """A part only of what the browser has the rest of."""
    first = client.get(message)
    tag, date = first.headers["etag"], first.headers["last-modified"]
    packed = client.get(message, accept_encoding="gzip").headers["etag"]
    parts = {
        unless: client.get(message, range="bytes=0-1", if_range=unless).status
        for unless in (tag, date, '"x"', f"W/{tag}", packed, "yesterday")
    }

    assert {tag: 206, date: 206} == {k: v for k, v in parts.items() if v == 206}
    assert (
        200 == client.get(message, range="bytes=0-1", if_range=first.headers["vary"]).status
    )


def test_named_by_digest_is_kept_for_ever(client: Any, site: Path) -> None:
    """Style, scripts and the pieces of the index; everything else is asked for again."""
    style = next(name for name in files(site) if name.endswith(".css"))
    piece = next(name for name in files(site) if re.match(r"search/[0-9a-f]{12}", name))

    assert "immutable" in client.get(f"/{style}").headers["cache-control"]
    assert "immutable" in client.get(f"/{piece}").headers["cache-control"]
    assert "no-cache" in client.get("/search/index.js").headers["cache-control"]
    assert "no-cache" in client.get("/").headers["cache-control"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "X"])
@pytest.mark.parametrize("url", ["/", "/search?q=fog", "/api/v1/search?q=fog"])
def test_nothing_can_be_written(client: Any, method: str, url: str) -> None:
    """W4: every other method is refused."""
    assert 405 == client.get(url, method).status
