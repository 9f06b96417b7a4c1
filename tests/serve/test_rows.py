"""Rows W2-W8 and D12 of the robustness table that no other module here has."""

from __future__ import annotations

import hashlib
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import html5lib
import pytest

from posterity.store import Archive

NEUTRAL = frozenset(
    [
        "asc",
        "bin",
        "bmp",
        "doc",
        "eml",
        "gif",
        "gz",
        "jpg",
        "mp3",
        "mpg",
        "pdf",
        "png",
        "ps",
        "tif",
        "txt",
        "wav",
        "webp",
        "zip",
    ]
)
"""Endings that no browser opens as a page and no host runs."""


def files(site: Path) -> list[str]:
    """Every file of a site."""
    return sorted(
        path.relative_to(site).as_posix()
        for path in site.rglob("*")
        if path.is_file() and ".posterity" not in path.parts
    )


HOSTILE = {
    "1e4 terms": "x " * 10_000,
    "900 terms": "x " * 900,
    "64 terms": " OR ".join(["the", "of", "and", "to"] * 16),
    "64 beginnings": " OR ".join(["con*", "pro*", "the*", "ing*"] * 16),
    "a phrase of 250": '"' + "the of and to " * 62 + '"',
    "stars": "* " * 900,
    "1e3 parentheses": "(" * 999 + "fog" + ")" * 999,
    "30 parentheses": "(" * 30 + "fog" + ")" * 30,
    "quotes": '"' * 1_999,
    "not": "NOT " * 490 + "fog",
    "ors of dates": " OR ".join(f"(before:{year} the)" for year in range(1970, 2000)),
    "SQL": "x' OR 1=1; DROP TABLE message; --",
    "FTS5": 'NEAR(a b, 5) ^c {subject}: d AND "e" + f',
    "NUL": "fog\0signal",
    "surrogates": "fog \U0010ffff \ufdd0 \u202e",
}


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("front", ["search", "api/v1/search", "search.atom", "search.mbox"])
def test_d12_hostile_queries_are_answered_or_refused(
    client: Any, front: str, query: str
) -> None:
    """D12: with bounded work, by 200 or a sentence."""
    start = time.process_time()
    answer = client.get(f"/{front}?q={quote(query)}")

    assert time.process_time() - start < 10
    assert answer.status in {200, 400}


def test_d12_broken_escapes_are_text(client: Any) -> None:
    """D12: percent signs that mean nothing, and octets that are no UTF-8."""
    for query in ("%", "%zz", "%ff%fe", "%ed%a0%80", "&&&;;=", "q=%00&q=fog"):
        assert client.get(f"/search?q={query}").status in {200, 400}


@pytest.mark.parametrize("name", ["referer", "user_agent", "x_forwarded_host", "host"])
def test_w2_w3_no_header_is_reflected(client: Any, name: str) -> None:
    """W2, W3: who asks, and from where, changes no octet and no header of an answer."""
    evil = 'https://evil.example/"><script>alert(1)</script>'
    for url in ("/", "/search?q=fog", "/nothing", "/archive/1997", "/api/v1/x"):
        plain, other = client.get(url), client.get(url, **{name: evil})

        assert (plain.status, plain.headers, plain.body) == (
            other.status,
            other.headers,
            other.body,
        )


@pytest.mark.parametrize(
    "path",
    [
        "/archive/evil.example/1997",
        "/evil.example/../archive",
        "//evil.example/archive/1997",
        "/archive/1997%2f%2fevil.example",
        "/archive/1997?next=//evil.example",
        "/authors/%2f%2fevil.example",
        "/mid/%2f%2fevil.example%2fx@y",
        "/mid/?id=//evil.example",
        "/%0d%0aLocation:%20//evil.example",
    ],
)
def test_w3_a_redirect_stays_here(client: Any, path: str) -> None:
    """W3: whatever is asked for, a redirect is relative, and its words are our own."""
    answer = client.get(path)
    where = answer.headers.get("location", "")

    assert "evil" not in where
    assert "" == urlsplit(where).scheme == urlsplit(where).netloc
    assert not where.startswith(("/", "\\"))


def test_w3_a_message_id_with_slashes_leads_to_the_root_of_the_site(
    client: Any, archive: Archive
) -> None:
    """W3: below a prefix too: the way up has as many steps as the path that was sent."""
    reader = archive.reader()
    msgid = next(
        reader.rows("SELECT msgid FROM message_id WHERE message > 0 ORDER BY msgid")
    )[0]
    reader.close()
    escaped = client.get(f"/mid/{quote(f'<{msgid}>', safe='')}")

    assert escaped.headers["location"].startswith("../archive/")


def test_w3_errors_are_fixed_sentences(client: Any) -> None:
    """W3: nothing of the request is said again by an error."""
    texts = {
        client.get(f"/api/v1/{kind}/{name}").body
        for kind in ("messages", "threads", "people", "CALL-US")
        for name in ("nobody", "Visit%20evil.example%20now")
    }

    assert {b'{"error":{"why":"there is nothing of that name","place":0}}'} == texts


def state(folder: Path) -> dict[str, str]:
    """Every file of an archive that holds something, by its content.

    A database has its latest writes in its log; what readers share beside it is no state.
    """
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.stat().st_size and not path.name.endswith("-shm")
    }


def test_w4_reading_changes_nothing(client: Any, archive: Archive) -> None:
    """W4: after everything was asked for, and every method tried, each file is as it was."""
    before = state(archive.folder)
    for url in ("/", "/search?q=fog", "/search.mbox?q=fog", "/search/index.js", "/x"):
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            answer = client.get(url, method)
            assert (method in {"GET", "HEAD"}) == (answer.status in {200, 404})
    accession = archive.accession()
    assert before == state(archive.folder)
    accession.close()


def test_w4_no_page_has_a_form_that_writes(site: Path) -> None:
    """W4: every form asks a question; there is nothing a foreign page could have done."""
    for name in files(site):
        if name.endswith(".html"):
            page = (site / name).read_text("utf-8").lower()
            assert not re.search(r'<form[^>]*method="?+(?!get)', page), name


def test_w6_names_are_hashes_of_content(site: Path) -> None:
    """W6: nothing is numbered: who knows one name knows no other; and no cookie, no token."""
    for name in files(site):
        found = re.fullmatch(r"(raw|attachments)/([0-9a-f]{64})\.(\w+)", name)
        if found and found[1] == "attachments" and found[3] not in {"txt", "eml"}:
            content = (site / name).read_bytes()
            assert hashlib.sha256(content).hexdigest() == found[2], name
        if name.startswith(("raw/", "thread/")) or (
            name.startswith("attachments/") and not name.endswith(".html")
        ):
            assert re.search(r"/[0-9a-f]{64}(?:-\d+)?\.\w+$", name), name


def test_w6_no_number_leads_to_a_message(client: Any) -> None:
    """W6: keys of the catalogue are no names."""
    for number in ("1", "2", "-1", "0" * 64):
        assert 404 == client.get(f"/api/v1/messages/{number}").status
        assert 404 == client.get(f"/raw/{number}.eml").status
    answers = [client.get(url) for url in ("/", "/search?q=fog", "/api/v1/search?q=fog")]
    assert not [one for one in answers if "set-cookie" in one.headers]
    assert re.fullmatch(r"\d+-[0-9a-f]{16}", answers[2].json["cursor"])


def test_w7_every_answer_about_an_attachment_is_safe(client: Any, site: Path) -> None:
    """W7: whole, in part, only its head, unchanged, packed: sandboxed and never sniffed."""
    names = [
        name
        for name in files(site)
        if re.fullmatch(r"(?:attachments|raw)/[0-9a-f]{64}\.\w+", name)
    ]
    assert len({name.rpartition(".")[2] for name in names}) > 3
    for name in names:
        whole = client.get(f"/{name}")
        answers = [
            whole,
            client.get(f"/{name}", "HEAD"),
            client.get(f"/{name}", range="bytes=0-0"),
            client.get(f"/{name}", range="bytes=999999999-"),
            client.get(f"/{name}", if_none_match=whole.headers["etag"]),
            client.get(f"/{name}", if_modified_since=whole.headers["last-modified"]),
            client.get(f"/{name}", accept_encoding="br"),
            client.get(f"/{name}", accept_encoding="gzip"),
        ]

        assert [200, 200, 206, 416, 304, 304, 200, 200] == [one.status for one in answers]
        for one in answers:
            assert "sandbox" in one.headers["content-security-policy"], name
            assert "nosniff" == one.headers["x-content-type-options"], name
            assert whole.headers.get("content-disposition") == one.headers.get(
                "content-disposition"
            )


def test_w8_the_site_needs_no_header(site: Path) -> None:
    """W8: policy in each page, references that need no root, endings that no host runs."""
    pages = 0
    for name in files(site):
        if name.startswith(("attachments/", "raw/")) and not name.startswith(
            "attachments/index"
        ):
            assert name.rpartition(".")[2] in NEUTRAL, name
        if name.endswith(".html"):
            pages += 1
            relative_and_governed(site, name)

    assert pages > 500


def relative_and_governed(site: Path, name: str) -> None:
    """Assert that a page works from a disk, under a policy of its own."""
    text = (site / name).read_text("utf-8")
    head, _, _ = text.partition("</head>")
    policy = head.index('http-equiv="Content-Security-Policy"')

    assert "unsafe" not in head, name
    assert "default-src 'none'" in head, name
    for found in re.finditer(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]*)"', head):
        assert found.start() > policy or 'rel="canonical"' in found[0], (name, found[0])
    for found in re.finditer(r'<(?!a\b)\w+[^>]*\s(?:href|src|action)="([^"]*)"', text):
        where = urlsplit(found[1])
        assert ("", "") == (where.scheme, where.netloc), (name, where)
        assert not found[1].startswith("/"), (name, where)
        target = (site / name).parent / where.path if where.path else site / name
        if not found[0].startswith(("<form", "<link")):
            assert target.resolve().is_file(), (name, found[1])


def test_w8_a_page_is_what_it_is_whoever_serves_it(site: Path) -> None:
    """W8: each page says its own character set first, so that no host can say another."""
    for name in files(site):
        if name.endswith(".html"):
            octets = (site / name).read_bytes()[:1024]
            tree = html5lib.parse(octets, namespaceHTMLElements=False)

            assert "utf-8" == tree.find("head/meta").get("charset"), name


def test_w7_a_messages_own_html_can_do_nothing(client: Any, site: Path) -> None:
    """S12, W7: sandboxed by the header too, framed by our own pages alone."""
    names = [name for name in files(site) if name.startswith("html/")]
    assert names
    for name in names:
        answer = client.get(f"/{name}")
        policy = answer.headers["content-security-policy"]

        assert (site / name).read_bytes() == answer.body
        assert {"script-src 'none'", "frame-ancestors 'self'", "img-src 'self'"} <= set(
            policy.split("; ")
        )
        assert "sandbox" in policy
        assert "allow-scripts" not in policy
        assert "allow-same-origin" not in policy


def test_w8_the_headers_policy_is_the_pages_own(client: Any) -> None:
    """W7, W8: what a page may do from a disk it may do from the server, and no more."""
    answer = client.get("/")
    said = re.search(rb'Content-Security-Policy" content="([^"]*)"', answer.body)
    assert said

    assert set(answer.headers["content-security-policy"].split("; ")) == {
        *said[1].decode().split("; "),
        "frame-ancestors 'none'",
    }
