"""Relate: threads, people, copies and published dates from the catalogue's rows.

Small rows in, links out: no mail is read here. What relate writes depends on the mail
alone, and not on the order it came in: what holds of the last time is what would be found
again (before.py, docs/decisions/0008).

    rows ──▶ header links ──▶ published dates ──▶ who quotes whom ──▶ threads
                                    └──▶ people          └──▶ copies ──┘
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from posterity.executor import Executor
from posterity.model import Evidence
from posterity.pipeline.before import (
    Before,
    as_columns,
    from_columns,
)
from posterity.pipeline.collector import no_search_for_cycles
from posterity.pipeline.columns import Columns, as_column, texts_in
from posterity.pipeline.dating import find_dates
from posterity.pipeline.follow import follow
from posterity.pipeline.gather import dated, gather
from posterity.pipeline.joining import Joining, named
from posterity.pipeline.plan import make_plan
from posterity.pipeline.progress import Progress
from posterity.pipeline.relations import Held, Relations, write
from posterity.pipeline.said import links, retimed
from posterity.pipeline.shelves import prints, statements_of
from posterity.pipeline.times import Times
from posterity.relate.cites import Judge
from posterity.relate.copies import Copy, Letter, copy_witnesses, find_copies
from posterity.relate.mailmap import parse_mailmap
from posterity.relate.naming import to_judge
from posterity.relate.people import PersonGroup, join_people
from posterity.relate.references import (
    Headers,
    header_candidates,
    header_witnesses,
    prose_witnesses,
)
from posterity.relate.shingles import I64
from posterity.relate.spellings import Spelling
from posterity.relate.subjects import subject_witnesses
from posterity.relate.threads import Thread, join_threads
from posterity.relate.weigh import weigh
from posterity.relate.witnesses import Skeleton, Witness
from posterity.store import APPLIED, Archive
from posterity.store.catalogue import Catalogue

VERSION = 3
"""Of what relate means; raise it to relate every archive anew, with nothing that was kept."""


def relate(archive: Archive, executor: Executor, progress: Progress) -> bool:
    """Relate the whole list, unless nothing it depends on has changed; whether it did.

    Raises:
        AmendmentError: .mailmap or amendments.toml cannot be read.
    """
    catalogue = Catalogue.open(archive.catalogue_path)
    try:
        state = _state(archive, catalogue)
        if catalogue.meta("related") == state:
            catalogue.set_meta(APPLIED, archive.amended_by)
            return False
        progress.stage("relate")
        plan = make_plan(archive)
        with no_search_for_cycles(), archive.incoming() as spool:
            ids = (key for (key,) in catalogue.rows("id"))
            joining = Joining(archive.shingles_path, ids, spool, executor, VERSION)
            found = _relations(archive, catalogue, joining, executor)
            to_keep = write(catalogue, found, _held(catalogue, joining))
            del found  # `follow` looks through the shingles of all
            over = follow(archive, catalogue, plan)
            joining.keep({**to_keep, **over.by_column(), _RELATED: as_column([state])})
        catalogue.set_meta(APPLIED, archive.amended_by)
        catalogue.set_meta("related", state)
        return True
    finally:
        catalogue.close()


def _state(archive: Archive, catalogue: Catalogue) -> str:
    """What the relations depend on, in a line."""
    settings = archive.settings
    amended = f"{archive.amendments().digest} {make_plan(archive).digest}"
    said = repr(
        (VERSION, settings.guesses, settings.addresses, archive.mailmap_text(), amended)
    )
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{catalogue.watermark} {catalogue.recovered()} {digest}"


_RELATED: Final = "related"
"""The column that says what the catalogue rests on if it holds what the others say."""


def _held(catalogue: Catalogue, joining: Joining) -> Held | None:
    """What the catalogue holds, where that is known: what was kept, and nothing since."""
    kept = joining.kept
    if kept is None or texts_in(kept[_RELATED]) != [catalogue.meta("related")]:
        return None
    return Held(kept, named(kept["passages"], kept["keys"]))


class _Evidence(NamedTuple):
    """What is known of a list's messages, once the messages themselves are not needed.

    Attributes:
        keys: of the messages, by (time, digest).
        headers: who may be answered as the headers say.
        written, times, copies: as in `Relations`.
        persons: who is who, asked for elsewhere.
        kept: columns of what is kept of it.
    """

    keys: Sequence[int]
    headers: Headers
    written: Mapping[int, str]
    times: Times
    copies: Sequence[Copy]
    persons: Iterator[Sequence[PersonGroup]]
    kept: Columns


def _relations(
    archive: Archive, catalogue: Catalogue, joining: Joining, executor: Executor
) -> Relations:
    """What is found."""
    known, witnesses = _evidence(archive, catalogue, joining, executor)
    drawn = (
        one
        for one in witnesses
        if archive.settings.guesses or one.evidence is not Evidence.SUBJECT
    )
    ghosts, named = known.headers
    weighed = Headers(ghosts, weigh(known.keys, named, drawn))
    del witnesses  # a million messages have 200 MB of them
    threads = join_threads(known.keys, weighed)
    [people] = known.persons
    return Relations(
        written=known.written,
        times=known.times,
        threads=threads,
        people=people,
        copies=known.copies,
        passages=joining.passages(dict(_parents(threads))),
        kept=known.kept,
    )


def _evidence(
    archive: Archive, catalogue: Catalogue, joining: Joining, executor: Executor
) -> tuple[_Evidence, list[Witness]]:
    """What is known of the messages, which are in memory until it is; who answers whom."""
    said = archive.amendments()
    gathered, written = gather(catalogue)
    dates = find_dates(archive, gathered, joining.kept, executor)
    times = dates.believed.but_for(retimed(said, gathered))
    bones = dated(gathered, times.utc())
    del gathered
    joining.meet(bones)
    before = _before(joining)
    among = before.to_compare(bones) if before else {}
    letters = _letters(joining.files, bones, before, among)
    same = executor.map(_copies, [letters], eager=True)
    persons = executor.map(
        _people,
        [
            _Who(
                written.spellings(times.utc()),
                archive.mailmap_text(),
                [entry.people for entry in said.merge],
                [name for entry in said.split for name in entry.people],
                archive.settings.addresses != "show",
            )
        ],
    )
    headers = header_candidates(bones)
    by_header = header_witnesses(bones, headers)
    prose = prose_witnesses(bones)
    amended = links(said, bones)
    bones.forget_names()
    subjects = before.by_subject(bones) if before else subject_witnesses(bones)
    quotes = _quotes(bones, joining, before)
    found = [*quotes, *subjects, *prose]
    [compared] = same
    copies = before.copies_with(compared, among, bones) if before else compared
    inherited = copy_witnesses(copies, [*by_header, *found])
    kept = as_columns(
        copies, {"headers": by_header, "subjects": subjects, "quotes": quotes}
    )
    known = _Evidence(
        keys=[bone.key for bone in bones],
        headers=headers,
        written=written.by_key(),
        times=times,
        copies=copies,
        persons=persons,
        kept={**kept, **dates.kept},
    )
    return known, [*found, *inherited, *amended]


def _before(joining: Joining) -> Before | None:
    """What still holds of what was found last time."""
    if joining.kept is None:
        return None
    return from_columns(joining.kept, joining.changed, joining.new)


def _quotes(
    bones: Sequence[Skeleton], joining: Joining, before: Before | None
) -> list[Witness]:
    """Who is answered, as the quotes prove."""
    children, parents, again = joining.join()
    judge = Judge(bones)
    if before is None or again is None:
        return judge.witnesses(joining.cites())
    again |= before.changed.keys() | to_judge(bones, before.new, children, parents)
    return before.by_quote(judge.witnesses(joining.cites(again)), again)


class _Letters(NamedTuple):
    """Among which messages copies are looked for, by (time, digest).

    Attributes:
        files: of the shingles.
        keys, utc, authors: of each message.
        decided: the first letter of those that are not compared any more.
    """

    files: tuple[Path, ...]
    keys: I64
    utc: I64
    authors: list[str]
    decided: Mapping[int, int]


def _letters(
    files: tuple[Path, ...],
    bones: Iterable[Skeleton],
    before: Before | None,
    among: Mapping[int, bool],
) -> _Letters:
    """What is to be compared: all, or what `Before.to_compare` said."""
    some = [
        bone
        for bone in bones
        if bone.utc is not None and bone.author and (before is None or bone.key in among)
    ]
    first = {copy.key: copy.first for copy in before.copies} if before else {}
    decided = {key: first.get(key, key) for key, again in among.items() if not again}
    return _Letters(
        files,
        np.array([bone.key for bone in some], np.int64),
        np.array([bone.utc for bone in some], np.int64),
        [bone.author for bone in some],
        decided,
    )


def _copies(work: _Letters) -> list[Copy]:
    """Which are copies of one letter; runs in a worker."""
    who = zip(work.utc.tolist(), work.authors, strict=True)
    found = zip(who, prints(work.files, work.keys), strict=True)
    letters = (Letter(one.key, *told, *one[1:]) for told, one in found)
    return find_copies(letters, statements_of(work.files), work.decided)


class _Who(NamedTuple):
    spellings: list[Spelling]
    mailmap: str
    merges: list[tuple[str, ...]]
    splits: list[str]
    masked: bool


def _people(who: _Who) -> tuple[PersonGroup, ...]:
    """Who is who; runs in a worker."""
    return join_people(
        who.spellings,
        mailmap=parse_mailmap(who.mailmap) if who.mailmap else None,
        merges=who.merges,
        splits=who.splits,
        masked=who.masked,
    )


def _parents(threads: Sequence[Thread]) -> Iterator[tuple[int, int]]:
    """(child, parent) of every link between two held messages."""
    for thread in threads:
        for node in thread.nodes:
            if node.message is not None and node.parent >= 0:
                parent = thread.nodes[node.parent].message
                if parent is not None:
                    yield node.message, parent
