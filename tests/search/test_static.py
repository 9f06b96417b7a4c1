"""The static index: the browser finds what the store finds, and an update touches little."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posterity.executor import SerialExecutor
from posterity.pipeline import NoProgress
from posterity.query import parse_query
from posterity.site import searchplan
from posterity.site.postings import varints
from posterity.site.searchfiles import publish_search
from posterity.store import Archive
from posterity.store.search import Order, Searcher, Wish

PIECE = re.compile(rb'posterityPiece\("([0-9a-z]+)","([A-Za-z0-9+/=]*)"\);\n')


@pytest.mark.parametrize("order", list(Order))
def test_the_browser_finds_what_the_store_finds(  # noqa: PLR0917
    order: Order,
    keepers: Archive,
    searcher: Searcher,
    static: Path,
    in_node: Callable[..., Any],
    queries: list[str],
    now: int,
) -> None:
    """Same messages, same counts by year; the same order where it is by time."""
    reader = keepers.reader()
    theirs = in_node("search", str(static), now, queries, order.value)
    differ = {}
    for query, found in zip(queries, theirs, strict=True):
        answer = searcher.search(parse_query(query, now), Wish(order, 1000))
        hashes = [reader.message(key).digest for key in answer.keys]
        if order is Order.RELEVANCE:
            hashes, found["hashes"] = sorted(hashes), sorted(found["hashes"])
        mine = (hashes, answer.order.value, [list(year) for year in answer.years])
        if mine != (found["hashes"], found["order"], found["years"]):
            differ[query] = (len(hashes), len(found["hashes"]))

    assert {} == differ


def test_the_best_are_the_same(
    keepers: Archive,
    searcher: Searcher,
    static: Path,
    in_node: Callable[..., Any],
    queries: list[str],
    now: int,
) -> None:
    """Ranking differs by rounding only: the first ten are the same but for neighbours."""
    reader = keepers.reader()
    theirs = in_node("search", str(static), now, queries, "relevance")
    for query, found in zip(queries, theirs, strict=True):
        answer = searcher.search(parse_query(query, now), Wish(limit=10))
        best = {reader.message(key).digest for key in answer.keys}

        assert len(best & set(found["hashes"][:12])) >= min(9, len(best)), query


def test_cards_show_the_hit(static: Path, in_node: Callable[..., Any], now: int) -> None:
    """Who, when, the subject and the words around the hit, marked, nothing added."""
    cards = in_node("cards", str(static), now, '"fog signal"')
    marked = [text for card in cards for text, hit in card["snippet"] if hit]

    assert {"fog", "signal"} == {text.lower() for text in marked}
    for card in cards:
        assert card["subject"] == "".join(text for text, _ in card["marked"])
        shown = "".join(text for text, _ in card["snippet"])
        assert shown.replace("… ", "", 1).replace(" …", "") in card["text"]


def pieces(site: Path) -> dict[str, bytes]:
    """The files of an index, unpacked."""
    found = {}
    for path in sorted((site / "search").iterdir()):
        piece = PIECE.fullmatch(path.read_bytes())
        assert piece, path.name
        assert path.stem == piece[1].decode()
        found[path.stem] = zlib.decompress(base64.b64decode(piece[2]), -15)
    return found


def test_files_hold_nothing_but_base64(static: Path) -> None:
    """S4, S15: no text of a mail is ever part of a script, and names are digests."""
    assert len(pieces(static)) > 10


def test_the_same_archive_gives_the_same_files(
    keepers: Archive, static: Path, tmp_path: Path
) -> None:
    """No clock, no order of arrival, no chance in it."""
    publish_search(keepers, (tmp_path, None), SerialExecutor(), NoProgress())

    assert pieces(static) == pieces(tmp_path)


def test_segments_do_not_change_the_answers(  # noqa: PLR0917
    keepers: Archive,
    searcher: Searcher,
    tmp_path: Path,
    in_node: Callable[..., Any],
    queries: list[str],
    now: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An archive in several segments answers as one in one."""
    monkeypatch.setattr(searchplan, "TAIL", 64)
    monkeypatch.setattr(searchplan, "MOST_DOCS", 200)
    publish_search(keepers, (tmp_path, None), SerialExecutor(), NoProgress())
    theirs = in_node("search", str(tmp_path), now, queries, "newest")
    differ = {
        query: found["total"]
        for query, found in zip(queries, theirs, strict=True)
        if found["total"] != len(searcher.keys(parse_query(query, now)))
    }

    assert {} == differ


def test_an_update_rewrites_few(
    tmp_path: Path, halves: tuple[Path, Path], taken: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R14: the files of an older segment are taken as they are; the result is that of one build."""
    monkeypatch.setattr(searchplan, "TAIL", 64)
    archive = Archive.create(tmp_path / "grown")
    early, late = halves
    taken(archive, early)
    place, again, whole = tmp_path / "a", tmp_path / "b", tmp_path / "c"
    publish_search(archive, (place, None), SerialExecutor(), NoProgress())
    same = publish_search(archive, (again, place), SerialExecutor(), NoProgress())
    first = pieces(place)
    taken(archive, late)
    update = publish_search(archive, (again, place), SerialExecutor(), NoProgress())
    publish_search(archive, (whole, None), SerialExecutor(), NoProgress())
    named = {Path(path).stem for path in update.paths}

    assert 0 == same.written
    assert sorted(first) == sorted({Path(path).stem for path in same.paths})
    assert pieces(whole) == {name: (first | pieces(again))[name] for name in named}


def test_an_empty_archive_has_an_index(
    tmp_path: Path, taken: Any, in_node: Any, now: int
) -> None:
    """Nothing is found in nothing."""
    empty = tmp_path / "empty.mbox"
    empty.write_bytes(b"")
    archive = Archive.create(tmp_path / "archive")
    taken(archive, empty)
    publish_search(archive, (tmp_path / "site", None), SerialExecutor(), NoProgress())
    queries = ["a", '"a b"', "date:1996", "-a", "mid:x@y"]

    assert [0] * 5 == [
        found["total"]
        for found in in_node("search", str(tmp_path / "site"), now, queries, "relevance")
    ]


@given(st.lists(st.integers(0, 2**32 - 1), max_size=50))
def test_varints(values: list[int]) -> None:
    """LEB128: seven bits an octet, low first, the high bit says that more follow."""
    octets, starts = varints(np.array(values, np.int64))
    found = []
    for first, last in pairwise(starts.tolist()):
        part = octets[first:last].tolist()
        assert all(octet > 127 for octet in part[:-1])
        assert part[-1] < 128
        found.append(sum((octet & 127) << 7 * at for at, octet in enumerate(part)))

    assert values == found
