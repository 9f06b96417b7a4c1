"""The audit log: when amendments were changed and what was then applied, for people."""

from __future__ import annotations

from posterity.pipeline.plan import unknown
from posterity.pipeline.progress import Progress
from posterity.store import Archive
from posterity.store.amended import amended
from posterity.store.catalogue import Catalogue

WHAT = "amendments"
"""The kind of these lines in `event`."""


def note_amendments(archive: Archive, at: int, progress: Progress) -> None:
    """Write down that other amendments were applied than last time, and which.

    Args:
        archive: derived and related, its lock held.
        at: the time.
        progress: told which of them name messages that are not held.
    """
    said = archive.amendments()
    accession = archive.accession()
    last = accession.meta("amendments") or ""
    accession.close()
    if said.digest == last:
        return
    catalogue = Catalogue.open(archive.catalogue_path)
    accession = archive.accession(writable=True)
    try:
        for line in unknown(archive):
            progress.note(line)
        counts: dict[str, int] = {}
        for what, _ in amended(catalogue.database).values():
            counts[what.kind] = counts.get(what.kind, 0) + 1
        told = ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items()))
        listed = "; ".join(
            f"{len(entries)} {kind}"
            for kind, entries in zip(said._fields, said, strict=True)
            if entries
        )
        detail = f"{listed or 'none'}: {told or 'no message changed'} [{said.digest[:16]}]"
        accession.record(at, WHAT, detail)
        accession.set_meta("amendments", said.digest)
    finally:
        accession.close()
        catalogue.close()
