"""Relate: threads, people, copies and published dates from the catalogue's rows.

Small rows in, links out: no mail is read here. Everything relate writes is replaced
whole, so that the result depends on the mail alone and not on the order it came in.

    rows ──▶ header links ──▶ published dates ──▶ who quotes whom ──▶ threads
                                    └──▶ people          └──▶ copies ──┘
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from posterity.model import Evidence
from posterity.pipeline.gather import (
    Gathered,
    date_rows,
    gather,
    letters,
    skeletons,
    spellings,
)
from posterity.pipeline.progress import Progress
from posterity.pipeline.relations import Relations, write
from posterity.relate.cites import quote_witnesses
from posterity.relate.copies import Copy, copy_witnesses, find_copies
from posterity.relate.dates import Believed, believe
from posterity.relate.mailmap import Mailmap, parse_mailmap
from posterity.relate.people import join_people
from posterity.relate.quotes import Quoter, Quotes
from posterity.relate.references import header_witnesses, prose_witnesses
from posterity.relate.subjects import subject_witnesses
from posterity.relate.threads import Skeleton, Thread, Witness, build_threads
from posterity.store import Archive
from posterity.store.catalogue import Catalogue

VERSION = 1
"""Of what relate means; raise it to relate every archive anew."""


def relate(archive: Archive, progress: Progress) -> bool:
    """Relate the whole list, unless nothing it depends on has changed; whether it did.

    Raises:
        AmendmentError: .mailmap cannot be read.
    """
    catalogue = Catalogue.open(archive.catalogue_path)
    try:
        state = _state(archive, catalogue)
        if catalogue.meta("related") == state:
            return False
        progress.stage("relate")
        write(catalogue, _relations(archive, catalogue), state)
        return True
    finally:
        catalogue.close()


def _state(archive: Archive, catalogue: Catalogue) -> str:
    """What the relations depend on, in a line."""
    settings = archive.settings
    said = repr((VERSION, settings.guesses, settings.addresses, archive.mailmap_text()))
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{catalogue.watermark} {catalogue.recovered()} {digest}"


def _relations(archive: Archive, catalogue: Catalogue) -> Relations:
    gathered = gather(catalogue)
    times = _times(archive, gathered)
    known = {key: time.utc for key, time in times.items()}
    bones = skeletons(gathered, known)
    quotes, copies = _texts(archive, gathered, known)
    witnesses = _witnesses(bones, quotes, copies)
    drawn = [
        one
        for one in witnesses
        if archive.settings.guesses or one.evidence is not Evidence.SUBJECT
    ]
    threads = build_threads(bones, drawn)
    people = join_people(
        spellings(gathered.rows, known),
        mailmap=_mailmap(archive),
        masked=archive.settings.addresses != "show",
    )
    return Relations(
        rows=gathered.rows,
        times=times,
        threads=threads,
        people=people,
        copies=copies,
        passages=quotes.passages(dict(_parents(threads))),
        witnesses=[*header_witnesses(bones), *witnesses],
    )


def _times(archive: Archive, gathered: Gathered) -> Mapping[int, Believed]:
    """The published times; replies by header bound what is not known."""
    own = {row.id: row.header_utc for row in gathered.rows}
    threads = build_threads(skeletons(gathered, own), headers_only=True)
    accession = archive.accession()
    try:
        return believe(date_rows(gathered, accession, dict(_parents(threads))))
    finally:
        accession.close()


def _texts(
    archive: Archive, gathered: Gathered, times: Mapping[int, int | None]
) -> tuple[Quotes, list[Copy]]:
    """Who quotes whom, and which are copies of one letter."""
    quoter = Quoter()
    whole = list(letters(archive, gathered.rows, times))
    for letter in whole:
        quoter.add(letter.key, letter.digest, letter.utc, letter.shingles)
    return quoter.solve(), find_copies(whole)


def _witnesses(
    bones: Sequence[Skeleton], quotes: Quotes, copies: Sequence[Copy]
) -> list[Witness]:
    """Every witness but the headers', which threading reads from the skeletons."""
    found = [
        *quote_witnesses(bones, quotes.cites),
        *subject_witnesses(bones),
        *prose_witnesses(bones),
    ]
    return [*found, *copy_witnesses(copies, [*header_witnesses(bones), *found])]


def _mailmap(archive: Archive) -> Mailmap | None:
    text = archive.mailmap_text()
    return parse_mailmap(text) if text else None


def _parents(threads: Sequence[Thread]) -> Iterator[tuple[int, int]]:
    """(child, parent) of every link between two held messages."""
    for thread in threads:
        for node in thread.nodes:
            if node.message is not None and node.parent >= 0:
                parent = thread.nodes[node.parent].message
                if parent is not None:
                    yield node.message, parent
