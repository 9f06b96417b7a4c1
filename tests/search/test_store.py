"""Search in the store: the same as reading everything, for every kind of query."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posterity.errors import ArchiveError, QueryError
from posterity.executor import SerialExecutor
from posterity.fields import COLUMNS
from posterity.parse import parse_message
from posterity.parse.attachments import attachments
from posterity.parse.body import flags, read_body
from posterity.pipeline import NoProgress
from posterity.pipeline.index import index
from posterity.pipeline.words import Listener
from posterity.query import And, Between, Exact, Node, Not, Or, Words, parse_query
from posterity.rows import MessageRow
from posterity.store import Archive
from posterity.store.batches import STREAMS
from posterity.store.search import Order, Searcher, Wish

# -- a scan: every message read, every query asked of its words


class Read(NamedTuple):
    """A message as the scan has it."""

    row: MessageRow
    columns: dict[str, list[str]]
    ids: tuple[str, ...]
    thread: str


def read_all(archive: Archive) -> Iterator[Read]:
    """Every message with its words by column, taken from its octets."""
    reader = archive.reader()
    listener = Listener()
    keys = [key for (key,) in reader.rows("SELECT id FROM message")]
    spans: dict[int, list[tuple[int, int]]] = {}
    for key, first, last in reader.rows("SELECT message, first, last FROM quote"):
        spans.setdefault(key, []).append((first, last))
    for key in keys:
        row = reader.message(key)
        octets = reader.octets(key)
        message = parse_message(octets, row.digest)
        body = read_body(octets, message, archive.settings.charset)
        files = attachments(octets, message)
        spoken = listener.words_of(key, octets, message, body, files, flags(body, message))
        columns = dict(zip(STREAMS, map(list, spoken.streams), strict=True))
        columns["lost"] = []
        at = 0
        for line, count in spoken.quoted:
            if not any(first <= line <= last for first, last in spans.get(key, [])):
                columns["lost"] += columns["quoted"][at : at + count]
            at += count
        root = next(
            node.message for node in reader.tree(reader.thread_of(key)) if node.message
        )
        thread = reader.rows(
            "SELECT hex(r.digest) FROM message m JOIN thread t ON t.id = m.thread"
            f" JOIN message r ON r.id = t.root WHERE m.id = {key}"
        )
        assert root
        yield Read(row, columns, message.message_ids, next(thread)[0].lower())
    reader.close()


def in_a_row(spoken: Words, held: list[str]) -> bool:
    """Whether the words stand in a row in a column."""
    count = len(spoken.words)
    for at in range(len(held) - count + 1):
        row = held[at : at + count]
        if row[:-1] == list(spoken.words[:-1]) and (
            row[-1].startswith(spoken.words[-1])
            if spoken.prefix
            else row[-1] == spoken.words[-1]
        ):
            return True
    return False


def holds(node: Node, read: Read) -> bool:
    """Whether a query holds for a message: the meaning of the language, plainly."""
    match node:
        case Words():
            return any(in_a_row(node, read.columns[column]) for column in node.columns)
        case Between(first, end):
            utc = read.row.utc
            return utc is not None and (first or utc) <= utc and (end is None or utc < end)
        case Exact(field, value):
            wanted = {
                "mid": value in read.ids,
                "thread": read.thread.startswith(value),
                "person": read.row.person == value,
            }
            return wanted[field.name]
        case Not(inner):
            return not holds(inner, read)
        case And(nodes):
            return all(holds(inner, read) for inner in nodes)
        case Or(nodes):
            return any(holds(inner, read) for inner in nodes)
    raise AssertionError(node)


@pytest.fixture(scope="session")
def mail(keepers: Archive) -> list[Read]:
    """The sample list, read message by message."""
    return list(read_all(keepers))


def asked(query: str, now: int) -> Node:
    """A query's tree."""
    return parse_query(query, now)


def test_the_scan_has_something_to_find(
    mail: list[Read], queries: list[str], now: int
) -> None:
    """Most queries of the tests find something, and every column holds words."""
    empty = [q for q in queries if not any(holds(asked(q, now), read) for read in mail)]

    assert len(empty) < len(queries) / 6, empty
    assert set(COLUMNS) == {
        name for read in mail for name, held in read.columns.items() if held
    }


def test_all_queries_find_what_a_scan_finds(
    searcher: Searcher, mail: list[Read], queries: list[str], now: int
) -> None:
    """FTS5 and SQL give exactly the messages that reading everything gives."""
    by_key = {read.row.key: read for read in mail}
    differ = {}
    for query in queries:
        node = asked(query, now)
        found = set(searcher.keys(node))
        expected = {key for key, read in by_key.items() if holds(node, read)}
        if found != expected:
            differ[query] = (len(found), len(expected))

    assert {} == differ


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=60,
    deadline=None,
)
@given(data=st.data())
def test_any_mix_finds_what_a_scan_finds(
    searcher: Searcher, mail: list[Read], data: st.DataObject
) -> None:
    """Words, phrases, beginnings and dates, mixed at random."""
    read = st.sampled_from(mail)

    def of(one: Read) -> st.SearchStrategy[Node]:
        column = data.draw(st.sampled_from([c for c in COLUMNS if one.columns[c]]))
        held = one.columns[column]
        at = data.draw(st.integers(0, len(held) - 1))
        row = tuple(held[at : at + data.draw(st.integers(1, 3))])
        prefix = data.draw(st.booleans())
        return st.just(Words((column,), row, prefix))

    leaves: st.SearchStrategy[Node] = st.one_of(
        read.flatmap(of),
        read.map(lambda one: Between(one.row.utc, None)),
        read.map(lambda one: Between(None, one.row.utc)),
    )
    trees = st.recursive(
        leaves,
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, min_size=2, max_size=3).map(lambda nodes: And(tuple(nodes))),
            st.lists(inner, min_size=2, max_size=3).map(lambda nodes: Or(tuple(nodes))),
        ),
        max_leaves=5,
    )
    node = data.draw(trees)

    assert {one.row.key for one in mail if holds(node, one)} == set(searcher.keys(node))


def test_an_answer_counts_what_it_finds(
    searcher: Searcher, mail: list[Read], now: int
) -> None:
    """Total, threads, years and people are those of the messages found."""
    node = asked("fog OR lamp", now)
    found = [read for read in mail if holds(node, read)]
    answer = searcher.search(node, Wish(limit=1000))
    years: dict[int, int] = {}
    for read in found:
        year = 0 if read.row.utc is None else time.gmtime(read.row.utc).tm_year
        years[year] = years.get(year, 0) + 1

    assert (len(found), len({read.thread for read in found})) == (
        answer.total,
        answer.threads,
    )
    assert sorted(years.items()) == list(answer.years)
    assert answer.people[0].hits == max(
        sum(read.row.person == slug for read in found)
        for slug in {read.row.person for read in found}
    )


@pytest.mark.parametrize("query", ["fog OR lamp", "the", "-zzyzx", "from:tom"])
@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("order", list(Order))
def test_pages_are_the_whole_cut_up(
    searcher: Searcher, order: Order, grouped: bool, query: str, now: int
) -> None:
    """Following the cursor gives every hit once, in the order of the whole."""
    node = asked(query, now)
    whole = searcher.search(node, Wish(order, 1000, "", grouped)).keys
    keys: list[int] = []
    cursor = ""
    while True:
        page = searcher.search(node, Wish(order, 7, cursor, grouped))
        keys += page.keys
        cursor = page.cursor
        if not cursor:
            break

    assert list(whole) == keys
    assert len(set(keys)) == len(keys)


def test_newest_and_oldest(searcher: Searcher, mail: list[Read], now: int) -> None:
    """By time, a message without a date last both ways."""
    utc = {read.row.key: read.row.utc for read in mail}
    node = asked("-zzyzx", now)
    newest = [utc[key] for key in searcher.search(node, Wish(Order.NEWEST, 1000)).keys]
    oldest = [utc[key] for key in searcher.search(node, Wish(Order.OLDEST, 1000)).keys]
    dated = sorted(time for time in utc.values() if time is not None)
    undated = [None] * (len(utc) - len(dated))

    assert [*reversed(dated), *undated] == newest
    assert [*dated, *undated] == oldest


@pytest.mark.parametrize("cursor", ["x", "1", "-1-00", "1-zz", "1-" + "f" * 40, "9" * 30])
def test_a_foreign_cursor_is_refused(searcher: Searcher, cursor: str, now: int) -> None:
    """A cursor that is not ours is refused in a sentence."""
    with pytest.raises(QueryError, match="cursor"):
        searcher.search(asked("fog", now), Wish(cursor=cursor))


def test_the_obvious_answer_is_first(
    searcher: Searcher, keepers: Archive, now: int
) -> None:
    """The message whose subject it is stands before those that mention it."""
    reader = keepers.reader()
    for query, subject in (
        ("spell fog signal", "How would you spell your fog signal"),
        ('"wrong with arial"', "What is wrong with Arial"),
    ):
        first = reader.message(searcher.search(asked(query, now), Wish()).keys[0])

        assert subject.lower() in first.subject.lower()


@pytest.mark.parametrize(
    "query",
    ["the OR of OR and OR to OR a OR in", "(" * 20 + "the" + ")" * 20, "the* OR con*"],
)
def test_costly_queries_are_answered_in_time(
    searcher: Searcher, query: str, now: int
) -> None:
    """D12: whatever is understood is answered with bounded work."""
    start = time.process_time()
    searcher.search(asked(query, now), Wish())

    assert time.process_time() - start < 9


def test_no_index_is_said_so(tmp_path: Path) -> None:
    """An archive without an index says what to do."""
    with pytest.raises(ArchiveError, match=r"cannot be opened|no search index"):
        Searcher(Archive.create(tmp_path / "new").catalogue_path)


# -- filling


def dump(archive: Archive) -> dict[str, Any]:
    """What the index says of everything, by message hash, whatever the ids are."""
    searcher = Searcher(archive.catalogue_path)
    database = searcher._database
    digest = dict(database.execute("SELECT id, hex(digest) FROM message").fetchall())
    terms = database.execute("SELECT term, doc, cnt FROM search_words").fetchall()
    database.execute(
        "CREATE VIRTUAL TABLE temp.places USING fts5vocab (main, search, instance)"
    )
    places = database.execute("SELECT term, doc, col, offset FROM temp.places").fetchall()
    searcher.close()
    return {
        "terms": terms,
        "places": sorted((term, digest[doc], col, at) for term, doc, col, at in places),
    }


def test_bit_by_bit_is_the_same_as_at_once(
    keepers: Archive, tmp_path: Path, halves: tuple[Path, Path], taken: Any
) -> None:
    """R14, R15: an archive that grew has the index of one that was made whole."""
    archive = Archive.create(tmp_path / "grown")
    for half in reversed(halves):
        taken(archive, half)

    assert dump(keepers) == dump(archive)


def test_indexing_again_does_nothing(keepers: Archive) -> None:
    """Nothing new is nothing to do."""
    assert 0 == index(keepers, SerialExecutor(), NoProgress())
