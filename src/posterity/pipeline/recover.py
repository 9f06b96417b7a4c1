"""Recover: messages that stand only inside others become messages of their own.

They are derived: they have a page and a hash, and say where they were found, but they
are not in the accession, the ledger, the count of what was kept, or the mbox export.
Which ones there are depends on what else is held, so they are found anew each time.
"""

from __future__ import annotations

from collections.abc import Iterator

from posterity.model import Body
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


def recover(archive: Archive, progress: Progress) -> int:
    """Make the recovered messages' rows anew when mail has come; how many were made."""
    catalogue = Catalogue.open(archive.catalogue_path)
    plan = make_plan(archive)
    state = f"{catalogue.watermark} {archive.settings.recover_hidden} {plan.digest}".strip()
    if catalogue.meta("recovered") == state:
        catalogue.close()
        return 0
    accession = archive.accession()
    try:
        candidates = [] if not archive.settings.recover_hidden else catalogue.hidden()
        if candidates:
            progress.stage("recover", len(candidates))
        found = list(_found(archive, accession, candidates, plan))
        catalogue.replace_recovered(((rows, place) for rows, _, place in found), state)
        keys = [rows.facts.id for rows, _, _ in found]
        segment = cut(keys, (body for _, body, _ in found))
        write_segment(archive.shingles_path / RECOVERED, segment)
        return len(found)
    finally:
        accession.close()
        catalogue.close()


def _found(
    archive: Archive, accession: Accession, candidates: list[Recovered], plan: Plan
) -> Iterator[tuple[Derived, Body, Recovered]]:
    """Each candidate that is not held, once."""
    seen: set[str] = set()
    for candidate in candidates:
        octets = accession.octets(candidate.host)[candidate.start : candidate.end]
        digest = message_digest(octets)
        if digest in seen or accession.find(digest) is not None:
            continue
        seen.add(digest)
        key = -len(seen)  # below every id of the accession, which begin at 1
        rows, body = derived(key, digest, octets, archive.settings)
        if plan.digest:
            host = accession.digest(candidate.host)
            rows = shown(rows, octets, plan, archive.settings, host)
        yield rows, body, candidate
