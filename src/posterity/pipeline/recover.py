"""Recover: messages that stand only inside others become messages of their own.

They are derived: they have a page and a hash, and say where they were found, but they
are not in the accession, the ledger, the count of what was kept, or the mbox export.
Which ones there are depends on what else is held, so they are found anew each time.
"""

from __future__ import annotations

from collections.abc import Iterator

from posterity.model import Body, Digest
from posterity.parse import message_digest
from posterity.pipeline.facts import derived
from posterity.pipeline.plan import Plan, make_plan
from posterity.pipeline.progress import Progress
from posterity.pipeline.shelves import cut
from posterity.pipeline.shown import shown
from posterity.store import Archive
from posterity.store.catalogue import Catalogue, Derived, Recovered
from posterity.store.octets import Accession
from posterity.store.shingles import RECOVERED, write_segment

One = tuple[Digest, Recovered]
"""A message and where it stands."""


def recover(archive: Archive, progress: Progress) -> int:
    """Bring the recovered messages up to date when mail has come; how many were made."""
    catalogue = Catalogue.open(archive.catalogue_path)
    plan = make_plan(archive)
    rules = f"{archive.settings.recover_hidden} {plan.digest}"
    state = f"{catalogue.watermark} {rules}"
    was = str(catalogue.meta("recovered"))
    if was == state:
        catalogue.close()
        return 0
    accession = archive.accession()
    try:
        candidates = catalogue.hidden() if archive.settings.recover_hidden else []
        if candidates:
            progress.stage("recover", len(candidates))
        wanted = list(_wanted(accession, candidates))
        as_before = was.partition(" ")[2] == rules
        held = catalogue.held_recovered() if as_before else {}
        stay = {one: held[one] for one in wanted if one in held}
        if as_before and len(stay) == len(wanted) == len(held):
            catalogue.set_meta("recovered", state)
            return 0
        keys = _numbered(wanted, stay)
        found = [_derived(archive, accession, plan, *one) for one in keys.items()]
        rows = [(row, row.facts.id) for row, _ in found]
        places = {key: place for (_, place), key in keys.items()}
        fresh = [(row, places[key]) for row, key in rows if key not in stay.values()]
        catalogue.bring_recovered(stay.values(), fresh, state)
        segment = cut([key for _, key in rows], (body for _, body in found))
        write_segment(archive.shingles_path / RECOVERED, segment)
        return len(fresh)
    finally:
        accession.close()
        catalogue.close()


def _wanted(accession: Accession, candidates: list[Recovered]) -> Iterator[One]:
    """Each candidate that is not held, once."""
    seen: set[str] = set()
    for candidate in candidates:
        octets = accession.octets(candidate.host)[candidate.start : candidate.end]
        digest = message_digest(octets)
        if digest not in seen and accession.find(digest) is None:
            seen.add(digest)
            yield digest, candidate


def _numbered(wanted: list[One], stay: dict[One, int]) -> dict[One, int]:
    """The id of each message, from the highest down: those that stay keep theirs.

    They are below every id of the accession, which begin at 1.
    """
    low = min(stay.values(), default=0)
    fresh = (one for one in wanted if one not in stay)
    keys = stay | {one: low - place for place, one in enumerate(fresh, 1)}
    return dict(sorted(keys.items(), key=lambda item: -item[1]))


def _derived(
    archive: Archive, accession: Accession, plan: Plan, one: One, key: int
) -> tuple[Derived, Body]:
    digest, (host, start, end, _) = one
    octets = accession.octets(host)[start:end]
    rows, body = derived(key, digest, octets, archive.settings)
    if plan.digest:
        rows = shown(rows, octets, plan, archive.settings, accession.digest(host))
    return rows, body
