"""A list joined as it grows: the same cites and passages as one joined at once."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from posterity.executor import SerialExecutor
from posterity.model import Body, CharsetSource, Digest, Segment, SegmentKind
from posterity.pipeline import joining, rejoining
from posterity.pipeline.joining import Joining
from posterity.pipeline.shelves import cut
from posterity.relate import again, pairs, quotes, statements
from posterity.relate.passages import Passage
from posterity.relate.quotes import Cite, Entry
from posterity.relate.witnesses import LAST
from posterity.store.came import NAME
from posterity.store.shingles import RECOVERED, segment_name, write_segment

DAY = 86_400

Times = Mapping[int, int | None]


@pytest.fixture(autouse=True)
def _small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that lists of some dozen letters meet."""
    for module in (statements, rejoining):
        monkeypatch.setattr(module, "FREQUENT", 4)
    for module in (quotes, rejoining):
        monkeypatch.setattr(module, "CITES_KEPT", 2)
    monkeypatch.setattr(quotes, "MARGIN", 3)
    monkeypatch.setattr(pairs, "BLOCK", 300)
    monkeypatch.setattr(rejoining, "BLOCK", 100)
    monkeypatch.setattr(rejoining, "MUCH", 0)
    monkeypatch.setattr(joining, "PART", 500)


def body(lines: list[tuple[int, str]], forwarded: bool) -> Body:
    """A body of lines at levels; those of level 0 may be a forwarded letter."""
    segments = tuple(
        Segment(SegmentKind.QUOTE if level else SegmentKind.OWN, level, at, at, frame)
        for at, (level, _) in enumerate(lines, 1)
        for frame in [int(forwarded and not level)]
    )
    texts = tuple(">" * level + text for level, text in lines)
    return Body(texts, segments, "us-ascii", CharsetSource.ASCII, False, False, ())


def letters(chance: random.Random, number: int) -> dict[int, Body]:
    """Letters that quote earlier ones and say what others say as well."""
    said = [
        " ".join(f"word{chance.randrange(400)}" for _ in range(chance.randrange(5, 9)))
        for _ in range(number)
    ]
    whole: list[list[tuple[int, str]]] = []
    found: dict[int, Body] = {}
    for key in range(1, number + 1):
        lines: list[tuple[int, str]] = []
        for other in chance.sample(whole, min(len(whole), chance.randrange(3))):
            lines += [(level + 1, text) for level, text in other if chance.random() < 0.8]
        lines += [(0, chance.choice(said)) for _ in range(chance.randrange(1, 5))]
        whole.append(lines[-12:])
        found[key] = body(lines[-12:], chance.random() < 0.2)
    return found


def entry(key: int, utc: int | None) -> Entry:
    """The hash follows no order."""
    return Entry(key, Digest(f"{key * 7919 % 1009:064x}"), utc)


def by_time(one: Entry) -> tuple[int, str]:
    """Its place in the list."""
    return LAST if one.utc is None else one.utc, one.digest


def shelve(folder: Path, bodies: Mapping[int, Body], keys: list[int]) -> None:
    """Write a run."""
    folder.mkdir(parents=True, exist_ok=True)
    name = segment_name(keys[-1]) if keys[-1] > 0 else RECOVERED
    write_segment(folder / name, cut(keys, (bodies[key] for key in keys)))


def joined(
    folder: Path, times: Times, answered: Mapping[int, int]
) -> tuple[list[Cite], list[Passage], bool]:
    """Cites, passages, and whether only changes were joined."""
    found = Joining(folder, times.keys(), folder.parent, SerialExecutor())
    entries = sorted((entry(key, utc) for key, utc in times.items()), key=by_time)
    found.meet(entries)
    found.join()
    cites = [*found.cites()]
    blocks = found.passages(answered)
    passages = [Passage(*row) for block in blocks for row in block.tolist()]
    found.keep({})
    return cites, passages, found.is_continued


@pytest.mark.parametrize("seed", range(40))
def test_a_list_that_grows_is_as_one_made_at_once(tmp_path: Path, seed: int) -> None:
    """Late parents, changed times and parents, shingles that become too frequent."""
    chance = random.Random(seed)
    bodies = letters(chance, 36)
    times: dict[int, int | None] = {
        key: None if chance.random() < 0.1 else key * DAY for key in bodies
    }
    keys = list(bodies)
    if seed % 2:
        chance.shuffle(keys)
    folder = tmp_path / "steps" / "shingles"
    times_now: dict[int, int | None] = {}
    answered: dict[int, int] = {}
    continued = 0
    for at in range(0, len(keys), 9):
        number = sorted(keys[at : at + 9])
        bodies_now = {at + n: bodies[key] for n, key in enumerate(number, 1)}
        shelve(folder, bodies_now, list(bodies_now))
        known = {at + n: times[key] for n, key in enumerate(number, 1)}
        times_now |= known
        for key in chance.sample(sorted(times_now), 2):
            if chance.random() < 0.5:
                times_now[key] = chance.randrange(40) * DAY
        cites, passages, again = joined(folder, times_now, answered)
        continued += again
        (tmp_path / "kept").mkdir(exist_ok=True)
        (folder / NAME).rename(tmp_path / "kept" / NAME)
        assert (cites, passages, False) == joined(folder, times_now, answered)
        (tmp_path / "kept" / NAME).rename(folder / NAME)
        for cite in chance.sample(cites, min(6, len(cites))):
            answered[cite.child] = chance.choice([cite.parent, chance.choice(cites).parent])

    assert continued == 3
    assert passages


def test_nothing_new_is_as_before(tmp_path: Path) -> None:
    """A list that is joined again without a change."""
    bodies = letters(random.Random(3), 30)
    shelve(tmp_path / "A" / "shingles", bodies, list(bodies))
    times = {key: key * DAY for key in bodies}

    first = joined(tmp_path / "A" / "shingles", times, {})
    second = joined(tmp_path / "A" / "shingles", times, {})

    assert first[:2] == second[:2]
    assert not first[2]
    assert second[2]


@pytest.mark.parametrize("harm", ["cut short", "empty", "another version", "other mail"])
def test_what_was_kept_of_another_list_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    """Damaged, of another version, or of other recovered mail: all is joined anew."""
    bodies = letters(random.Random(5), 30)
    folder = tmp_path / "A" / "shingles"
    bodies[-1] = bodies.pop(30)
    shelve(folder, bodies, list(bodies)[:-1])
    shelve(folder, bodies, [-1])
    times = {key: abs(key) * DAY for key in bodies}
    first = joined(folder, times, {})
    kept = folder / NAME
    if harm == "cut short":
        kept.write_bytes(kept.read_bytes()[:-100])
    elif harm == "empty":
        kept.write_bytes(b"")
    elif harm == "another version":
        monkeypatch.setattr(joining, "VERSION", again.VERSION + 1)
    else:
        bodies[-1] = bodies[3]
        shelve(folder, bodies, [-1])

    found = joined(folder, times, {})

    assert not found[2]
    assert (found[:2] == first[:2]) is (harm != "other mail")
