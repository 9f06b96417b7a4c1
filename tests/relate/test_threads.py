from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.model import Digest, Evidence
from posterity.relate.threads import (
    Skeleton,
    Thread,
    Witness,
    build_threads,
    header_witnesses,
)
from posterity.relate.witnesses import in_order

Row = tuple[int | str, int]  # (key or ghost, depth)


def letter(
    key: int,
    message_id: str | None = None,
    *,
    references: str = "",
    answers: str = "",
    utc: int | None = -1,
) -> Skeleton:
    """A message named by a letter, its ids given as words."""
    return Skeleton(
        key=key,
        digest=Digest(f"{key:064x}"),
        message_ids=ids(f"m{key}" if message_id is None else message_id),
        references=ids(references),
        in_reply_to=ids(answers),
        utc=key if utc == -1 else utc,
    )


def ids(words: str) -> tuple[str, ...]:
    """Words as ids: m1@x for m1."""
    return tuple(f"{word}@x" for word in words.split())


def outline(threads: Iterable[Thread]) -> list[list[Row]]:
    """Each thread as (key or ghost, depth) in preorder."""
    return [
        [
            (
                node.ghost.removesuffix("@x") if node.message is None else node.message,
                node.depth,
            )
            for node in t.nodes
        ]
        for t in threads
    ]


def keys(threads: Iterable[Thread]) -> list[int]:
    return sorted(n.message for t in threads for n in t.nodes if n.message is not None)


def test_names_are_forgotten_and_nothing_else() -> None:
    """What a message bears and names goes; what it is judged by stays."""
    whole = letter(1, references="m2 m3", answers="m4")._replace(
        base_subject="plans",
        is_reply=True,
        author="ann@example.org",
        name="Ann",
        recipients=("bob@example.org",),
        attributions=("Bob wrote:",),
        mentions=("m5@x",),
        quoting=True,
    )
    ordered = in_order([whole])

    ordered.forget_names()

    bare = whole._replace(digest=Digest(""), message_ids=(), references=())
    assert ordered == [bare._replace(in_reply_to=(), mentions=())]


# -- shapes ----------------------------------------------------------------------------


def shapes(size: int) -> Iterator[tuple[int, ...]]:
    """Every tree of messages 0..size-1 in which a parent is older than its children."""
    return itertools.product(*(range(i) for i in range(1, size)))


def expected_outline(parents: Sequence[int], size: int) -> list[Row]:
    rows: list[Row] = []

    def walk(node: int, depth: int) -> None:
        rows.append((node, depth))
        for child in range(node + 1, size):
            if parents[child - 1] == node:
                walk(child, depth + 1)

    walk(0, 0)
    return rows


def ancestors(parents: Sequence[int], node: int) -> list[int]:
    found = []
    while node:
        node = parents[node - 1]
        found.append(node)
    return found[::-1]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("header", ["in-reply-to", "references", "whole-references"])
def test_every_shape_in_every_order_of_delivery(size: int, header: str) -> None:
    """Any tree of up to five messages comes out as it is, however it was delivered."""
    for parents in shapes(size):
        letters = [letter(0)]
        for node in range(1, size):
            above = ancestors(parents, node)
            names = [
                f"m{n}" for n in (above if header == "whole-references" else above[-1:])
            ]
            named = " ".join(names)
            if header == "in-reply-to":
                letters.append(letter(node, answers=named))
            else:
                letters.append(letter(node, references=named))
        expected = [expected_outline(parents, size)]

        for order in itertools.permutations(letters):
            assert expected == outline(build_threads(order))


@pytest.mark.parametrize("size", [3, 4, 5])
def test_every_shape_without_its_root(size: int) -> None:
    """A root that isn't held joins its answers as a ghost, and is nothing for a single one."""
    for parents in shapes(size):
        letters = [
            letter(n, references=" ".join(f"m{a}" for a in ancestors(parents, n)))
            for n in range(1, size)
        ]
        whole = expected_outline(parents, size)
        if list(parents).count(0) > 1:
            expected: list[list[Row]] = [[("m0", 0), *whole[1:]]]
        else:
            expected = [[(n, d - 1) for n, d in whole[1:]]]

        assert expected == outline(build_threads(letters))


# -- properties ------------------------------------------------------------------------

NAMES = st.sampled_from([f"{c}@x" for c in "abcdefgh"] + ["no.id"])
LETTERS = st.lists(
    st.builds(
        Skeleton,
        key=st.just(0),
        digest=st.sampled_from([Digest(c * 64) for c in "0123456789abcdef"]),
        message_ids=st.lists(NAMES, max_size=2).map(tuple),
        references=st.lists(NAMES, max_size=4).map(tuple),
        in_reply_to=st.lists(NAMES, max_size=2).map(tuple),
        utc=st.none() | st.integers(0, 5),
    ),
    max_size=8,
    unique_by=lambda s: s.digest,
).map(lambda letters: [s._replace(key=100 - i) for i, s in enumerate(letters)])
WITNESSES = st.lists(
    st.builds(
        Witness,
        child=st.integers(93, 101),
        parent=st.integers(93, 101),
        evidence=st.sampled_from([Evidence.QUOTE, Evidence.SUBJECT, Evidence.COPY]),
        strength=st.sampled_from([0.3, 0.5, 0.9, 0.98]),
    ),
    max_size=8,
)


@settings(max_examples=80)
@given(LETTERS, WITNESSES, st.booleans())
def test_no_message_is_lost_or_doubled(
    letters: list[Skeleton], witnesses: list[Witness], headers_only: bool
) -> None:
    """Messages in = messages out, whatever the ids, loops and witnesses say."""
    threads = build_threads(letters, witnesses, headers_only)

    assert sorted(s.key for s in letters) == keys(threads)


@settings(max_examples=80)
@given(LETTERS, WITNESSES)
def test_nodes_are_a_preorder(letters: list[Skeleton], witnesses: list[Witness]) -> None:
    """Each node stands after its parent, one deeper, inside its parent's run of nodes."""
    for thread in build_threads(letters, witnesses):
        open_path: list[int] = []
        for place, node in enumerate(thread.nodes):
            del open_path[node.depth :]
            assert (open_path[-1] if open_path else -1) == node.parent
            open_path.append(place)


@settings(max_examples=80)
@given(LETTERS, WITNESSES)
def test_a_ghost_always_shows_something(
    letters: list[Skeleton], witnesses: list[Witness]
) -> None:
    """A ghost joins two answers, or stands between a message and its answer."""
    for thread in build_threads(letters, witnesses):
        for place, node in enumerate(thread.nodes):
            if node.message is None:
                answers = [n for n in thread.nodes if n.parent == place]
                above = thread.nodes[node.parent] if node.parent >= 0 else None
                between = above is not None and above.message is not None and bool(answers)
                assert between or len(answers) > 1


@settings(max_examples=80)
@given(LETTERS, WITNESSES, st.randoms(use_true_random=False))
def test_order_of_arrival_decides_nothing(
    letters: list[Skeleton], witnesses: list[Witness], random: object
) -> None:
    """The same mail in another order gives the same threads, key for key."""
    expected = build_threads(letters, witnesses)
    random.shuffle(letters)  # type: ignore[attr-defined]
    random.shuffle(witnesses)  # type: ignore[attr-defined]

    assert expected == build_threads(letters, witnesses)


@settings(max_examples=60)
@given(LETTERS)
def test_keys_decide_nothing(letters: list[Skeleton]) -> None:
    """Other catalogue numbers give the same trees."""
    renamed = [s._replace(key=7 * s.key % 101) for s in letters]
    digests = {s.key: s.digest for s in letters}
    again = {s.key: s.digest for s in renamed}

    def named(
        threads: list[Thread], names: dict[int, Digest]
    ) -> list[list[tuple[str, int]]]:
        return [
            [(n.ghost if n.message is None else names[n.message], n.depth) for n in t.nodes]
            for t in threads
        ]

    assert named(build_threads(letters), digests) == named(build_threads(renamed), again)


@settings(max_examples=60)
@given(LETTERS)
def test_header_witnesses_are_the_links_of_the_header_view(letters: list[Skeleton]) -> None:
    """The witnesses name, for each message, the nearest message above it that is held."""
    above = {}
    for thread in build_threads(letters):
        for node in thread.nodes:
            up = node.parent
            while up >= 0 and thread.nodes[up].message is None:
                up = thread.nodes[up].parent
            if node.message is not None and up >= 0:
                above[node.message] = thread.nodes[up].message

    assert above == {w.child: w.parent for w in header_witnesses(letters)}


# -- facts of JWZ and RFC 5256 ---------------------------------------------------------

CASES: dict[str, tuple[list[Skeleton], list[list[Row]]]] = {
    "nothing": ([], []),
    "the last id of References is the parent": (
        [letter(1), letter(2), letter(3, references="m1 m2")],
        [[(1, 0), (2, 1), (3, 2)]],
    ),
    "References counts before In-Reply-To": (
        [letter(1), letter(2), letter(3, references="m1", answers="m2")],
        [[(1, 0), (3, 1)], [(2, 0)]],
    ),
    "In-Reply-To counts where the last reference isn't held": (
        [letter(1), letter(2), letter(3, references="m1 gone", answers="m2")],
        [[(1, 0)], [(2, 0), (3, 1)]],
    ),
    "the first id of In-Reply-To that is held counts": (
        [letter(1), letter(2), letter(3, answers="gone m2 m1")],
        [[(1, 0)], [(2, 0), (3, 1)]],
    ),
    "a chain of ids links a message that names nobody itself": (
        [
            letter(1),
            letter(2),
            letter(3, references="m1 m2"),
            letter(4, references="m1 m2 m3"),
        ],
        [[(1, 0), (2, 1), (3, 2), (4, 3)]],
    ),
    "a message that names its parent is not moved by others' References": (
        [letter(1), letter(2), letter(3, answers="m1"), letter(4, references="m2 m3")],
        [[(1, 0), (3, 1), (4, 2)], [(2, 0)]],
    ),
    "a message missing in the middle stands as a ghost": (
        [letter(1), letter(3, references="m1 m2")],
        [[(1, 0), ("m2", 1), (3, 2)]],
    ),
    "a run of missing messages is one ghost": (
        [letter(1), letter(4, references="m1 m2 m3")],
        [[(1, 0), ("m2", 1), (4, 2)]],
    ),
    "two orphans of one missing message are one thread": (
        [letter(2, answers="m1"), letter(3, answers="m1"), letter(4, answers="m0")],
        [[("m1", 0), (2, 1), (3, 1)], [(4, 0)]],
    ),
    "orphans of two missing messages meet under the one both name": (
        [letter(3, references="m0 m1"), letter(4, references="m0 m2")],
        [[("m0", 0), (3, 1), (4, 1)]],
    ),
    "the same id twice in References": (
        [letter(1), letter(2, answers="m1"), letter(3, references="m2 m1 m2")],
        [[(1, 0), (2, 1), (3, 2)]],
    ),
    "a message that names itself": ([letter(1, references="m1", answers="m1")], [[(1, 0)]]),
    "two that name each other: the earlier is the root": (
        [letter(1, answers="m2"), letter(2, answers="m1")],
        [[(1, 0), (2, 1)]],
    ),
    "a loop of three is cut before its earliest": (
        [letter(1, answers="m3"), letter(2, answers="m1"), letter(3, answers="m2")],
        [[(1, 0), (2, 1), (3, 2)]],
    ),
    "a loop of ghosts": (
        [
            letter(1, references="x y"),
            letter(2, references="y x"),
            letter(3, references="x y"),
        ],
        [[("y", 0), (1, 1), (2, 1), (3, 1)]],
    ),
    "a message cut out of a loop goes where its In-Reply-To says": (
        [letter(0), letter(1, references="m2", answers="m0"), letter(2, references="m1")],
        [[(0, 0), (1, 1), (2, 2)]],
    ),
    "twins stand apart, and the first is the one answered": (
        [letter(1, "same"), letter(2, "same"), letter(3, answers="same")],
        [[(1, 0), (3, 1)], [(2, 0)]],
    ),
    "a twin that names the id it shares does not answer its twin": (
        [letter(1, "same"), letter(2, "same", answers="same")],
        [[(1, 0)], [(2, 0)]],
    ),
    "a reply dated before its parent stays its reply": (
        [letter(5), letter(2, answers="m5"), letter(6, answers="m2")],
        [[(5, 0), (2, 1), (6, 2)]],
    ),
    "messages of unknown time come last among their like": (
        [letter(1), letter(2, answers="m1", utc=None), letter(3, answers="m1")],
        [[(1, 0), (3, 1), (2, 1)]],
    ),
    "equal times go by digest": (
        [letter(2, utc=9), letter(1, utc=9)],
        [[(1, 0)], [(2, 0)]],
    ),
    "no ids at all": ([letter(1, ""), letter(2, "")], [[(1, 0)], [(2, 0)]]),
    "one message under two ids": (
        [letter(1, "a b"), letter(2, answers="a"), letter(3, answers="b")],
        [[(1, 0), (2, 1), (3, 1)]],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_facts(name: str) -> None:
    """What JWZ's algorithm promises, and what mail does to it."""
    letters, expected = CASES[name]

    assert expected == outline(build_threads(letters))


@pytest.mark.parametrize("name", ["ann@example.org", "Bob@Example.org", "no.id"])
def test_what_names_no_message_is_no_ghost(name: str) -> None:
    """An address in In-Reply-To, or a word without @, joins nobody."""
    letters = [
        letter(1)._replace(author="ann@example.org", recipients=("bob@example.org",)),
        letter(2)._replace(in_reply_to=(name,)),
        letter(3)._replace(references=(name,)),
    ]

    assert outline(build_threads(letters)) == [[(1, 0)], [(2, 0)], [(3, 0)]]


def test_a_subject_never_joins_threads_by_itself() -> None:
    """Unlike RFC 5256 step 5, "Re: plans" without any id stays a thread of its own."""
    plans = letter(1)._replace(base_subject="plans")
    reply = letter(2)._replace(base_subject="plans", is_reply=True)

    assert outline(build_threads([plans, reply])) == [[(1, 0)], [(2, 0)]]


def test_a_link_says_what_proves_it() -> None:
    """Each node carries the kind of evidence; the root carries none."""
    letters = [letter(1), letter(2, references="m1"), letter(3, answers="m2")]

    (thread,) = build_threads(letters)

    assert [n.evidence for n in thread.nodes] == [
        None,
        Evidence.REFERENCES,
        Evidence.IN_REPLY_TO,
    ]


def test_witnesses_join_and_headers_only_leaves_them_aside() -> None:
    """A quote joins what the header leaves apart; the header view doesn't see it."""
    letters = [letter(1), letter(2)]
    quote = Witness(2, 1, Evidence.QUOTE, 0.98, "quotes 14 lines")

    joined = build_threads(letters, [quote])

    assert outline(joined) == [[(1, 0), (2, 1)]]
    assert joined[0].nodes[1][4:] == (Evidence.QUOTE, 0.98, "quotes 14 lines")
    assert outline(build_threads(letters, [quote], headers_only=True)) == [
        [(1, 0)],
        [(2, 0)],
    ]


# -- size ------------------------------------------------------------------------------


CHAIN = 20_000


def long_chain() -> list[Skeleton]:
    return [letter(0), *(letter(i, answers=f"m{i - 1}") for i in range(1, CHAIN))]


def test_a_chain_of_twenty_thousand() -> None:
    """Depth 20,000 needs no recursion (D8)."""
    (thread,) = build_threads(reversed(long_chain()))

    assert thread.nodes[-1].depth == CHAIN - 1


def test_twenty_thousand_answers_to_one_message() -> None:
    """A message with 20,000 children is one thread, in order (D8)."""
    (thread,) = build_threads(
        [letter(0), *(letter(i, answers="m0") for i in range(CHAIN, 0, -1))]
    )

    assert list(range(CHAIN + 1)) == [n.message for n in thread.nodes]


def test_a_hundred_thousand_references() -> None:
    """Of absurdly many references the newest count, and nothing slows down (D8)."""
    many = " ".join(f"gone{i}" for i in range(100_000))

    (thread,) = build_threads([letter(1), letter(2, references=f"{many} m1")])

    assert outline([thread])[0] == [(1, 0), (2, 1)]


CROWDS: dict[str, Callable[[int, int], Skeleton]] = {
    "one subject": lambda i, _: letter(i)._replace(base_subject="s"),
    "one id": lambda i, _: letter(i, "same", answers="same"),
    "crafted ids": lambda i, _: letter(
        i, "x" * 200 + str(i), answers="x" * 200 + str(i // 2)
    ),
    "one loop": lambda i, crowd: letter(i, answers=f"m{(i + 1) % crowd}"),
    "loops with a way out": lambda i, crowd: letter(
        i, references=f"m{i ^ 1}", answers=f"m{(i + 2) % crowd}"
    ),
}


@pytest.mark.parametrize("name", CROWDS)
def test_no_crowd_slows_threading_down(linear: Callable[..., None], name: str) -> None:
    """No crowd of crafted messages makes threading more than linear (D9, D11)."""
    linear(
        lambda crowd: [CROWDS[name](i, crowd) for i in range(crowd)], build_threads, 8_000
    )
