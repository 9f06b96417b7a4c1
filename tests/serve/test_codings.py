"""W7: packed answers: who gets which, under which tag."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest

from posterity.serve import codings
from posterity.serve.codings import BROTLI, GZIP, PLAIN, chosen

brotli: Any = pytest.importorskip("brotli", reason="NO BROTLI: br was not tried")


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", PLAIN),
        ("gzip", GZIP),
        ("GZIP", GZIP),
        ("x-gzip", GZIP),
        ("br", BROTLI),
        ("gzip, deflate, br, zstd", BROTLI),
        ("gzip;q=1.0, br;q=0.5", GZIP),
        ("br;q=0.8 , gzip;q=0.8", BROTLI),
        ("br;q=0, gzip", GZIP),
        ("gzip;q=0", PLAIN),
        ("gzip;q=0.000, br ; q=0", PLAIN),
        ("*", BROTLI),
        ("*;q=0", PLAIN),
        ("br;q=0, *", GZIP),
        ("identity", PLAIN),
        ("identity;q=1, gzip;q=0.5", PLAIN),
        ("identity;q=0.5, gzip;q=1", GZIP),
        ("deflate, zstd", PLAIN),
        ("gzip;q=2", PLAIN),
        ("gzip;level=9", PLAIN),
        ("g zip", PLAIN),
        (", ,;q=1,gzip", GZIP),
        ("x," * 5000 + "gzip", PLAIN),
    ],
)
def test_the_best_that_is_wanted(accepted: str, coding: str) -> None:
    """RFC 9110 §12.5.3: weights, * and identity; of equals the smaller; what is odd is nothing."""
    assert coding == chosen(accepted)


def unpacked(answer: Any) -> bytes:
    """The content of an answer."""
    coding = answer.headers.get("content-encoding", PLAIN)
    unpack = {PLAIN: bytes, GZIP: gzip.decompress, BROTLI: brotli.decompress}[coding]
    plain: bytes = unpack(answer.body)
    return plain


URLS = ["/", "/search?q=fog", "/api/v1/search?q=fog", "/search.atom?q=fog", "/nothing"]


@pytest.mark.parametrize("url", URLS)
def test_every_coding_is_the_same_content(client: Any, url: str) -> None:
    """Each smaller than the plain octets, under a tag of its own; caches are told why."""
    answers = [client.get(url, accept_encoding=one) for one in ("", "gzip", "br")]

    assert 1 == len({unpacked(answer) for answer in answers})
    assert [None, "gzip", "br"] == [one.headers.get("content-encoding") for one in answers]
    assert len(answers[0].body) > 2 * max(len(one.body) for one in answers[1:])
    assert {"Accept-Encoding"} == {one.headers["vary"] for one in answers}
    if answers[0].status == 200:
        assert 3 == len({one.headers["etag"] for one in answers})
    for one in answers:
        assert str(len(one.body)) == one.headers["content-length"]


def test_a_browser_knows_what_it_has(client: Any) -> None:
    """304 for the tag of what would be sent, and for no other: they are other octets."""
    tags = {
        one: client.get("/", accept_encoding=one).headers["etag"]
        for one in ("", "gzip", "br")
    }
    known = {
        (one, other): client.get("/", accept_encoding=one, if_none_match=tag)
        for one in tags
        for other, tag in tags.items()
    }

    assert {pair: 304 if pair[0] == pair[1] else 200 for pair in known} == {
        pair: answer.status for pair, answer in known.items()
    }
    for (one, other), answer in known.items():
        if one == other:
            assert tags[one] == answer.headers["etag"]
            assert "Accept-Encoding" == answer.headers["vary"]
            assert b"" == answer.body


def test_head_tells_of_the_packed_content(client: Any) -> None:
    """HEAD has the headers of GET, in each coding."""
    for one in ("", "gzip", "br"):
        get = client.get("/", accept_encoding=one)

        assert get.headers == client.get("/", "HEAD", accept_encoding=one).headers


def test_what_is_packed_already_is_not_packed(client: Any, site: Path) -> None:
    """A picture or an mbox in gzip is sent as it is, and caches need not care."""
    names = [
        path.relative_to(site).as_posix()
        for path in site.rglob("*")
        if re.search(r"\.(?:gif|jpg|png|gz|pdf|zip)$", path.name)
        and ".posterity" not in path.parts
    ]
    assert names
    for name in names:
        answer = client.get(f"/{name}", accept_encoding="br, gzip")

        assert (site / name).read_bytes() == answer.body
        assert not {"content-encoding", "vary"} & answer.headers.keys()


def test_without_brotli_there_is_gzip(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is optional."""
    monkeypatch.setattr(codings, "OFFERED", (GZIP,))
    chosen.cache_clear()
    found = [chosen(one) for one in ("br", "br, gzip;q=0.1", "*")]
    chosen.cache_clear()

    assert [PLAIN, GZIP, GZIP] == found
