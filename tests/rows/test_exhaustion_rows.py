"""Exhaustion (D): twice the mail costs about twice the time, and pages stay small.

Growth is measured by the fixture `linear`: times of the processor, the best of several,
compared with one another only, so that a busy machine does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import pytest

from posterity.model import Digest
from posterity.relate.slugs import page_names
from posterity.relate.threads import Skeleton, build_threads

MOST_PAGE = 300_000
"""Octets of a page that a phone opens at once."""

Linear = Callable[..., None]
SHAPES: dict[str, Callable[[int], int]] = {"wide": lambda _: 0, "deep": lambda at: at - 1}
"""Which message the one at a place answers: all the first, or each the one before."""


def thread_of(makers: ModuleType, shape: str, count: int) -> bytes:
    """An mbox of one thread."""
    above = SHAPES[shape]
    return bytes(
        makers.mbox(
            [
                makers.letter(
                    f"m{at}",
                    f"word{at} oil{at * 7} reef{at * 3}",
                    Subject="Re: lamp" if at else "lamp",
                    From=f"Keeper {at % 40} <k{at % 40}@example.org>",
                    Date=f"Mon, {4 + at // 86400} Mar 1996"
                    f" {at // 3600 % 24:02}:{at // 60 % 60:02}:{at % 60:02} +0000",
                    In_Reply_To=f"<m{above(at)}@example.org>" if at else "",
                )
                for at in range(count)
            ]
        )
    )


def _check_thread(built: Any, count: int) -> None:
    """One thread, whole, in parts of a fair size, set in no deeper than a phone shows."""
    root = built.row("m0@example.org")
    nodes = built.reader.tree(built.reader.thread_of(root.key))
    parts = [built.site / name for name in built.names("thread") if name.endswith(".html")]
    texts = [part.read_text("utf-8") for part in parts]
    entries = [one for text in texts for one in re.findall(r'<article id="(m\w+)"', text)]

    assert count == len(nodes) == len(entries) == len(set(entries))
    assert len(parts) >= count // 100
    assert max(part.stat().st_size for part in parts) <= MOST_PAGE
    assert {f"d{n}" for n in range(7)} >= set(re.findall(r'class="(d\d+)"', "".join(texts)))
    assert max(map(_depth, texts)) <= 12
    middle = built.page(built.row(f"m{count // 2}@example.org"))
    assert len(middle) < 60_000
    assert _depth(middle) <= 12


def _depth(html: str) -> int:
    """How deep lists are nested on a page."""
    deepest = level = 0
    for tag in re.findall(r"<(/?)ul\b", html):
        level += -1 if tag else 1
        deepest = max(deepest, level)
    assert level == 0
    return deepest


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.long
def test_d8_a_long_thread_grows_linearly_and_its_pages_do_not(
    linear: Linear, build_apart: Callable[..., Any], makers: ModuleType, shape: str
) -> None:
    """1,600 answers to one message, and a chain of 1,600: import and all pages."""
    _check_thread(build_apart(thread_of(makers, shape, 1_600)), 1_600)
    linear(lambda count: thread_of(makers, shape, count), build_apart, 800, doublings=1)


@pytest.mark.long
@pytest.mark.parametrize("shape", SHAPES)
def test_d8_20000_messages_in_one_thread(
    build_apart: Callable[..., Any], makers: ModuleType, shape: str
) -> None:
    """The row's own size: one message answered 20,000 times, and a chain as long."""
    _check_thread(build_apart(thread_of(makers, shape, 20_000)), 20_000)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.long
def test_d8_20000_places_are_threaded_linearly(linear: Linear, shape: str) -> None:
    """The tree itself: twice the size in about twice the time."""
    above = SHAPES[shape]

    def thread(count: int) -> list[Skeleton]:
        return [
            skeleton(at, f"m{at}@x", answers=f"m{above(at)}@x" if at else "")
            for at in range(count)
        ]

    [built] = build_threads(thread(20_000))
    assert 20_000 == len({node.message for node in built.nodes})
    assert (19_999 if shape == "deep" else 1) == max(node.depth for node in built.nodes)
    linear(thread, build_threads, 10_000, doublings=1)


def skeleton(key: int, message_id: str, answers: str = "", **fields: Any) -> Skeleton:
    """What relating knows of a message."""
    return Skeleton(
        key=key,
        digest=Digest(f"{key:064x}"),
        message_ids=(message_id,),
        references=fields.pop("references", ()),
        in_reply_to=(answers,) if answers else (),
        utc=key,
        **fields,
    )


@pytest.mark.long
def test_d8_a_message_that_names_100000_others_is_linear(linear: Linear) -> None:
    """References of 100,000 ids: the thread is built, no ghost is made of each on a page."""

    def many(count: int) -> list[Skeleton]:
        ids = tuple(f"g{n}@x" for n in range(count))
        return [skeleton(n, f"m{n}@x", references=ids) for n in range(3)]

    threads = build_threads(many(100_000))
    assert {0, 1, 2} == {node.message for one in threads for node in one.nodes} - {None}
    linear(many, build_threads, 50_000, doublings=1)


def mixed(makers: ModuleType, count: int) -> bytes:
    """Threads of about eight by two hundred people over some years, with quotes."""
    letters = []
    for at in range(count):
        first = at - at % 8
        said = f"line{first} of oil{first * 7} and reef{first * 3} by the north road"
        letters.append(
            makers.letter(
                f"m{at}",
                f"> {said}\n\nanswer{at} lamp{at * 11}" if at % 8 else said,
                Subject=f"{'Re: ' if at % 8 else ''}matter {first}",
                From=f"Keeper {at % 200} <k{at % 200}@example.org>",
                Date=f"{1 + at // 30 % 28} {['Jan', 'Apr', 'Jul', 'Oct'][at // 900 % 4]}"
                f" {1994 + at // 3600} {at % 24:02}:{at % 60:02}:00 +0000",
                In_Reply_To=f"<m{at - 1}@example.org>" if at % 8 else "",
            )
        )
    return bytes(makers.mbox(letters))


@pytest.mark.long
def test_d9_import_and_site_grow_with_the_mail(
    linear: Linear, build_apart: Callable[..., Any], makers: ModuleType
) -> None:
    """From 2,000 to 4,000 messages, in threads of eight."""
    facts = build_apart(mixed(makers, 4_000)).reader.facts()
    assert (4_000, 500) == (facts.messages, facts.threads)
    linear(lambda count: mixed(makers, count), build_apart, 2_000, doublings=1)


FLOODS: dict[str, Callable[[int], Skeleton]] = {
    "long common prefix": lambda n: skeleton(n, "x" * 200 + f"{n}@x"),
    "equal but for case": lambda n: skeleton(n, f"{_cased(n)}@x"),
    "numbers that share their low bits": lambda n: skeleton(n, f"{n << 20}@x"),
    "all the same id": lambda n: skeleton(n, "same@x"),
    "all answer one absent id": lambda n: skeleton(n, f"m{n}@x", answers="absent@x"),
    "one subject": lambda n: skeleton(n, f"m{n}@x", base_subject="lamp", is_reply=n > 0),
    "one subject, one author": lambda n: skeleton(
        n, f"m{n}@x", base_subject="lamp", is_reply=n % 2 > 0, author="ada@example.org"
    ),
}


def _cased(number: int) -> str:
    return "".join("aA"[number >> bit & 1] for bit in range(17))


@pytest.mark.parametrize(
    "count", [20_000, pytest.param(100_000, marks=pytest.mark.long)], ids=str
)
@pytest.mark.parametrize("flood", FLOODS)
def test_d11_like_ids_or_subjects_are_linear(
    linear: Linear, flood: str, count: int
) -> None:
    """Crafted to collide: twice as many take about twice as long."""
    held = [FLOODS[flood](n) for n in range(count)]
    threads = build_threads(held)

    assert count == sum(node.message is not None for one in threads for node in one.nodes)
    linear(lambda many: held[:many], build_threads, count // 2)


def test_d11_20000_people_of_one_name_have_their_own_pages(linear: Linear) -> None:
    """The same wanted slug again and again: unique names in linear time."""

    def named(count: int) -> Sequence[str]:
        return page_names(("ada", f"ada{n}@example.org") for n in range(count))

    assert 20_000 == len({name.lower() for name in named(20_000)})
    linear(int, named, 10_000)


@pytest.mark.long
def test_d11_a_month_of_one_subject_is_listed_in_parts(
    linear: Linear, build_apart: Callable[..., Any], makers: ModuleType
) -> None:
    """1,200 letters of one subject and id prefix, no headers to thread by: small pages."""
    letters = [
        makers.letter(
            "p" * 180 + str(n),
            f"word{n} oil{n * 7}",
            Subject="lamp",
            Date=f"4 Mar 1996 {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02} +0000",
        )
        for n in range(1_200)
    ]
    built = build_apart(makers.mbox(letters))
    sizes = {name: (built.site / name).stat().st_size for name in built.names("archive")}
    pages = {name: size for name, size in sizes.items() if name.endswith(".html")}

    assert 1_200 == built.reader.facts().messages
    assert {} == {name: size for name, size in pages.items() if size > MOST_PAGE}
    linear(lambda count: makers.mbox(letters[:count]), build_apart, 600, doublings=1)
