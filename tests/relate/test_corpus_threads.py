from __future__ import annotations

import lzma
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from posterity.model import Address, Mailbox
from posterity.parse import message_digest, parse_message
from posterity.parse.body import read_body
from posterity.relate.attribution import attributions
from posterity.relate.cites import quote_witnesses
from posterity.relate.copies import Letter, find_copies, fingerprint
from posterity.relate.quotes import Quoter, Quotes
from posterity.relate.shingles import U64, Shingles, shingle
from posterity.relate.subjects import subject_witnesses
from posterity.relate.threads import Skeleton, Thread, Witness, build_threads
from posterity.relate.witnesses import in_order

pytestmark = pytest.mark.corpus

SEPARATOR = re.compile(rb"^From cypherpunks@MHonArc\.venona .*\r\n", re.MULTILINE)


class Year(NamedTuple):
    """The letters of 1993, related by quotes."""

    skeletons: list[Skeleton]
    letters: list[Letter]
    cuts: list[Shingles]
    quotes: Quotes
    witnesses: list[Witness]


def mailboxes(addresses: Iterable[Address]) -> Iterator[Mailbox]:
    for address in addresses:
        if isinstance(address, Mailbox):
            yield address


def read(key: int, octets: bytes) -> tuple[Skeleton, Letter, Shingles]:
    message = parse_message(octets)
    body = read_body(octets, message)
    cut = shingle(body)
    said = attributions(body)
    author = next(mailboxes(message.from_), Mailbox("", "", "", ""))
    digest = message_digest(octets)
    skeleton = Skeleton(
        key,
        digest,
        message.message_ids,
        message.references,
        message.in_reply_to,
        message.sent.utc,
        message.base_subject,
        message.is_reply,
        author.address.lower(),
        author.display_name,
        tuple(box.address.lower() for box in mailboxes(message.to + message.cc)),
        said.texts,
        said.ids,
    )
    letter = Letter(
        key,
        skeleton.utc,
        skeleton.author,
        fingerprint(body, cut),
        len(cut.keys) // 8,
    )
    return skeleton, letter, cut


@pytest.fixture(scope="module")
def year(corpus: Path) -> Year:
    """The dump of 1993: 9,450 letters."""
    dump = lzma.decompress((corpus / "cypherpunks" / "cyp-1993.txt.xz").read_bytes())
    starts = [found.end() for found in SEPARATOR.finditer(dump)]
    ends = [*(found.start() for found in SEPARATOR.finditer(dump, 1)), len(dump)]
    skeletons, letters, cuts = [], [], []
    quoter = Quoter()
    for key, (start, end) in enumerate(zip(starts, ends, strict=True)):
        skeleton, letter, cut = read(key, dump[start : end - 2])
        skeletons.append(skeleton)
        letters.append(letter)
        cuts.append(cut)
        quoter.add(key, skeleton.digest, skeleton.utc, cut)
    quotes = quoter.solve()
    cited = quote_witnesses(skeletons, quotes.cites)
    return Year(skeletons, letters, cuts, quotes, cited)


@pytest.fixture(scope="module")
def first_copy(corpus: Path) -> dict[str, str]:
    """Each copy and the first one it repeats."""
    return {row[0]: row[1] for row in table(corpus, "duplicates")}


def table(corpus: Path, name: str) -> list[list[str]]:
    path = corpus / "cypherpunks" / "truth" / f"{name}.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def parents(threads: list[Thread], year: Year) -> dict[str, str]:
    """Digest of child to digest of parent."""
    digest: dict[int, str] = {s.key: s.digest for s in year.skeletons}
    found: dict[str, str] = {}
    for thread in threads:
        for node in thread.nodes:
            above = thread.nodes[node.parent].message if node.parent >= 0 else None
            if node.message is not None and above is not None:
                found[digest[node.message]] = digest[above]
    return found


def score(
    corpus: Path, first_copy: dict[str, str], year: Year, found: dict[str, str]
) -> tuple[int, int, int]:
    """Replies of the year whose parent is known, how many were given one, how many right."""
    held = {s.digest for s in year.skeletons}
    known = said = right = 0
    for row in table(corpus, "threads"):
        child, header, status, quoted = (*row, "")[:4]
        parent = {"confirmed": header, "grandparent": quoted}.get(status)
        if parent is None or child not in held or parent not in held:
            continue
        known += 1
        guess = found.get(child)
        if guess is not None:
            said += 1
            right += first_copy.get(guess, guess) == first_copy.get(parent, parent)
    return known, said, right


def test_quotes_alone_find_nearly_every_parent(
    corpus: Path, first_copy: dict[str, str], year: Year
) -> None:
    """With every header hidden, 97 % are given a parent, and 99 % of those the right one."""
    hidden = [s._replace(references=(), in_reply_to=()) for s in year.skeletons]

    found = parents(build_threads(hidden, year.witnesses), year)
    known, said, right = score(corpus, first_copy, year, found)

    assert known == KNOWN
    assert said >= 0.97 * known
    assert right >= 0.99 * said


def test_all_evidence_together(
    corpus: Path, first_copy: dict[str, str], year: Year
) -> None:
    """Headers, quotes and subjects give 99.5 % of the known replies the right parent."""
    witnesses = [*year.witnesses, *subject_witnesses(year.skeletons)]

    found = parents(build_threads(year.skeletons, witnesses), year)
    known, said, right = score(corpus, first_copy, year, found)

    assert known == KNOWN
    assert said == known
    assert right >= 0.995 * known


def test_copies_are_found(corpus: Path, year: Year) -> None:
    """The copies of the year, each with the first letter it repeats."""
    digest = {s.key: s.digest for s in year.skeletons}
    held = set(digest.values())
    expected = {
        (row[0], row[1]) for row in table(corpus, "duplicates") if {*row[:2]} <= held
    }

    def stated(key: int) -> U64:
        keys: U64 = np.frombuffer(year.cuts[key].keys, np.uint64)
        stated: U64 = keys[keys != 0]
        return stated

    place = {s.key: number for number, s in enumerate(in_order(year.skeletons))}
    letters = sorted(year.letters, key=lambda letter: place[letter.key])
    copies = find_copies(letters, stated)
    found = {(digest[c.key], digest[c.first]) for c in copies}

    assert len(expected & found) >= 0.95 * len(expected)


def test_passages_hold_for_most_quoted_lines(year: Year) -> None:
    """Passages come from earlier or nearly simultaneous letters, and there are thousands."""
    utc = {s.key: s.utc for s in year.skeletons if s.utc is not None}
    passages = year.quotes.passages()
    dated = [p for p in passages if p.message in utc and p.origin in utc]
    late = [p for p in dated if utc[p.origin] > utc[p.message] + 3 * 86_400]

    assert late == []
    assert len(passages) > 10_000


KNOWN = 2_341
"""Replies of 1993 whose parent is known and of 1993 as well."""
