"""Exhaustion (D): twice the mail costs about twice the time, and pages stay small.

Times are of the processor and compared with one another only, so that a busy machine
does not matter.
"""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable, Sequence
from functools import partial
from types import ModuleType
from typing import Any

import pytest

from posterity.model import Digest
from posterity.relate.slugs import page_names
from posterity.relate.threads import Skeleton, build_threads

MOST_PAGE = 300_000
"""Octets of a page that a phone opens at once."""

FOURFOLD = 5.5
"""Most that four times the mail may multiply the time by; 16 is what a square does."""

COLD = 8.0
"""As FOURFOLD, for work so short that memory caches tell: measured 4 to 6."""

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


def seconds(work: Callable[[], object]) -> float:
    """Time of the processor in this process, the better of two, no garbage collected."""
    times = []
    for _ in range(2):
        gc.collect()
        gc.disable()
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
        gc.enable()
    return min(times)


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
    build_apart: Callable[..., Any], makers: ModuleType, shape: str
) -> None:
    """1,600 answers to one message, and a chain of 1,600: import and all pages."""
    times = []
    for count in (400, 1_600):
        octets = thread_of(makers, shape, count)
        began = time.process_time()
        built = build_apart(octets)
        times.append(time.process_time() - began)
        _check_thread(built, count)

    assert times[1] < FOURFOLD * times[0], times


@pytest.mark.long
@pytest.mark.parametrize("shape", SHAPES)
def test_d8_20000_messages_in_one_thread(
    build_apart: Callable[..., Any], makers: ModuleType, shape: str
) -> None:
    """The row's own size: one message answered 20,000 times, and a chain as long."""
    _check_thread(build_apart(thread_of(makers, shape, 20_000)), 20_000)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.long
def test_d8_20000_places_are_threaded_linearly(shape: str) -> None:
    """The tree itself: four times the size in about four times the time."""
    above = SHAPES[shape]
    times = []
    for count in (5_000, 20_000):
        skeletons = [
            skeleton(at, f"m{at}@x", answers=f"m{above(at)}@x" if at else "")
            for at in range(count)
        ]
        times.append(seconds(partial(build_threads, skeletons)))
        [thread] = build_threads(skeletons)
        assert count == len({node.message for node in thread.nodes})
        assert (count - 1 if shape == "deep" else 1) == max(n.depth for n in thread.nodes)

    assert times[1] < COLD * times[0], times


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
def test_d8_a_message_that_names_100000_others_is_linear() -> None:
    """References of 100,000 ids: the thread is built, no ghost is made of each on a page."""

    def many(count: int) -> list[Skeleton]:
        ids = tuple(f"g{n}@x" for n in range(count))
        return [skeleton(n, f"m{n}@x", references=ids) for n in range(3)]

    small, large = many(25_000), many(100_000)
    times = [seconds(partial(build_threads, held)) for held in (small, large)]

    assert {0, 1, 2} == {
        node.message for one in build_threads(large) for node in one.nodes
    } - {None}
    assert times[1] < COLD * max(times[0], 0.002), times


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
    build_apart: Callable[..., Any], makers: ModuleType
) -> None:
    """From 1,000 to 4,000 messages: less than 5.5 times the processor's time."""
    build_apart(mixed(makers, 50))  # templates and imports are paid for once
    times = []
    for count in (1_000, 4_000):
        octets = mixed(makers, count)
        began = time.process_time()
        built = build_apart(octets)
        times.append(time.process_time() - began)
        facts = built.reader.facts()
        assert (count, count // 8) == (facts.messages, facts.threads)

    assert times[1] < FOURFOLD * times[0], times


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
def test_d11_like_ids_or_subjects_are_linear(flood: str, count: int) -> None:
    """Crafted to collide: four times as many take about four times as long."""
    make = FLOODS[flood]
    held = [make(n) for n in range(count)]
    times = [seconds(partial(build_threads, held[:n])) for n in (count // 4, count)]
    threads = build_threads(held)

    assert count == sum(node.message is not None for one in threads for node in one.nodes)
    assert times[1] < COLD * times[0], times


def test_d11_20000_people_of_one_name_have_their_own_pages() -> None:
    """The same wanted slug again and again: unique names in linear time."""

    def named(count: int) -> Sequence[str]:
        return page_names(("ada", f"ada{n}@example.org") for n in range(count))

    times = [seconds(partial(named, n)) for n in (5_000, 20_000)]

    assert 20_000 == len({name.lower() for name in named(20_000)})
    assert times[1] < COLD * times[0], times


def test_d11_a_month_of_one_subject_is_listed_in_parts(
    build_apart: Callable[..., Any], makers: ModuleType
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
    octets = [makers.mbox(letters[:300]), makers.mbox(letters)]
    times = []
    for one in octets:
        began = time.process_time()
        built = build_apart(one)
        times.append(time.process_time() - began)
    sizes = {name: (built.site / name).stat().st_size for name in built.names("archive")}
    pages = {name: size for name, size in sizes.items() if name.endswith(".html")}

    assert 1_200 == built.reader.facts().messages
    assert {} == {name: size for name, size in pages.items() if size > MOST_PAGE}
    assert times[1] < FOURFOLD * times[0], times
