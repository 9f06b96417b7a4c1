"""Erase: what amendments.toml says is to go for good is taken out of the accession.

After relate, which knows who repeats it. The octets go; what repeats them is replaced by
its copy without them, under the hash of the original; pieces of sources that are no
message go where they hold them; the catalogue is thrown away and made anew from what is
left.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable

from posterity.pipeline.echoes import statements
from posterity.pipeline.facts import derived
from posterity.pipeline.follow import copy_without, find_repeated
from posterity.pipeline.kin import Kin
from posterity.pipeline.plan import Plan, make_plan
from posterity.pipeline.progress import Progress
from posterity.pipeline.shown import memory
from posterity.rows import Amendment
from posterity.store import Archive
from posterity.store.amended import amended
from posterity.store.catalogue import Catalogue
from posterity.store.erasure import Erased, erase, erased, is_due, sweep
from posterity.store.octets import Accession

FEWEST_SIGNS = 12
"""Octets of a line by which a stray piece of a source is known to hold it."""


def erase_pending(archive: Archive, at: int, progress: Progress) -> bool:
    """Take out what is to go and is still there; whether the catalogue must be made anew.

    Args:
        archive: derived and related, its lock held.
        at: the time, for the log.
        progress: told of it.
    """
    plan = make_plan(archive)
    if not any(what.kind == "erased" for what in plan.verdicts.values()):
        return False
    accession = archive.accession(writable=True)
    try:
        pending = _pending(archive, accession)
        if pending:
            progress.stage("erase", len(pending))
            gone = _prepare(archive, plan, pending)
            erase(accession, gone, _holding(_lines(accession, pending)), at)
        if not is_due(accession):
            return False
        _forget(archive)
        sweep(accession)
        return True
    finally:
        accession.close()


def _lines(accession: Accession, keys: Iterable[int]) -> set[bytes]:
    """Lines of bodies by which a stray piece of a source is known to hold them."""
    bodies = (accession.octets(key).partition(b"\r\n\r\n")[2] for key in keys)
    return {
        line for body in bodies for line in body.split(b"\r\n") if len(line) >= FEWEST_SIGNS
    }


def _pending(archive: Archive, accession: Accession) -> dict[int, Amendment]:
    """Messages that are to go, and their copies; those that went are not among them."""
    catalogue = Catalogue.open(archive.catalogue_path)
    try:
        done = {key for key, what in erased(accession).items() if what.kind == "erased"}
        said = amended(catalogue.database)
        return {
            key: what
            for key, (what, _) in said.items()
            if what.kind == "erased" and key > 0 and key not in done
        }
    finally:
        catalogue.close()


def _prepare(
    archive: Archive, plan: Plan, pending: dict[int, Amendment]
) -> dict[int, tuple[Erased, bytes]]:
    """What is to be said of each message that goes or changes, and the copy to keep."""
    catalogue = Catalogue.open(archive.catalogue_path)
    try:
        with Kin(archive, catalogue) as kin:
            gone = {}
            for key, what in pending.items():
                rows = derived(key, kin.digest(key), kin.octets(key), kin.settings)[0]
                said = statements(kin.shingles, key)
                gone[key] = (
                    Erased("erased", what.reason, what.since, None, memory(rows), said),
                    b"",
                )
            only = plan._replace(redactions=())
            for key, found in find_repeated(kin, only, pending).items():
                copy = None if key < 0 else copy_without(kin, key, found, kin.octets(key))
                if copy is not None and key not in gone:
                    why = found.why
                    gone[key] = (Erased("redacted", why.reason, why.since), copy)
            return gone
    finally:
        catalogue.close()


def _holding(lines: Iterable[bytes]) -> Callable[[bytes], bool]:
    """Whether a piece has one of some lines, whatever its line ends."""
    wanted = set(lines)
    return lambda piece: any(
        line.rstrip(b"\r").lstrip(b"> ") in wanted for line in piece.split(b"\n")
    )


def _forget(archive: Archive) -> None:
    """Throw away what was derived while the octets were there."""
    for ending in ("", "-wal", "-shm"):
        path = archive.catalogue_path
        path.with_name(path.name + ending).unlink(missing_ok=True)
    shutil.rmtree(archive.shingles_path, ignore_errors=True)
    shutil.rmtree(archive.words_path, ignore_errors=True)
