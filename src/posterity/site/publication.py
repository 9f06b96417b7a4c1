"""A folder that readers may look at while it changes.

The first time, everything is written beside the place and put there by one rename.
Later, changed files are written to a staging folder inside the site; a journal names
them; then each is renamed over its old self, pages before the indexes that link them,
and what is no longer published is deleted last. A run that was killed in between is
completed by the next one, from the journal. A file that has not changed is not touched.

    site/.posterity/manifest.gz   everything published, by unit; what tells our site
    site/.posterity/staging/      files about to replace others
    site/.posterity/journal       present while they do
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from posterity.errors import SiteError
from posterity.site.manifest import UNKNOWN, Manifest, Unit, read_manifest

PRIVATE = ".posterity"
MANIFEST = "manifest.gz"
STAGING = "staging"
JOURNAL = "journal"


class Publication:
    """One publishing run.

    Attributes:
        site: where readers look.
        work: where workers write; files go to work/<path>.
        fresh: nothing is published yet, so nothing need be compared.
        before: what is published now.
    """

    def __init__(self, site: Path, *, keep_out_of: Path) -> None:
        """Look at the place, and complete what an earlier run left.

        Raises:
            SiteError: files that are not ours are there, or it is a link, or it is the
                archive itself.
        """
        self.site = site
        self._check(keep_out_of)
        self._private = site / PRIVATE
        self.fresh = not (self._private / MANIFEST).exists()
        if self.fresh:
            self.work = site.with_name(f"{site.name}.posterity-new")
            shutil.rmtree(self.work, ignore_errors=True)
            self.work.mkdir(parents=True)
        else:
            self._complete()
            self.work = self._private / STAGING
            shutil.rmtree(self.work, ignore_errors=True)
            self.work.mkdir()
        self.before = self._published()

    def _check(self, archive: Path) -> None:
        site = self.site
        if site.is_symlink():
            raise SiteError(f"{site}: is a link; name the folder itself")
        if site.exists() and not site.is_dir():
            raise SiteError(f"{site}: is a file; choose a folder")
        if archive.resolve().is_relative_to(site.resolve()):
            raise SiteError(f"{site}: holds the archive itself; choose another folder")
        foreign = (
            site.is_dir()
            and not (site / PRIVATE / MANIFEST).exists()
            and any(site.iterdir())
        )
        if foreign:
            raise SiteError(
                f"{site}: holds files that are not ours; choose an empty or new folder"
            )

    def _published(self) -> Manifest:
        """What is published now; by the files themselves where the manifest is damaged."""
        found = read_manifest(self._private / MANIFEST)
        if found is not None:
            return found
        paths = (path for path in _files(self.site) if not path.startswith(f"{PRIVATE}/"))
        return Manifest(UNKNOWN, {"": Unit.of(0, (), paths)})

    def commit(self, wanted: Manifest) -> int:
        """Publish what was written to `work`; wanted is everything the site now holds.

        What was written reaches the disk first, so that after a power loss no page that
        readers are shown is empty.

        Returns:
            How many files were deleted.
        """
        if self.fresh:
            private = self.work / PRIVATE
            private.mkdir()
            wanted.write(private / MANIFEST)
            os.sync()
            if self.site.is_dir():
                self.site.rmdir()  # empty, as was checked; a rename wants no twin
            self.work.rename(self.site)
            return 0
        if wanted == self.before and not any(self.work.iterdir()):
            self.abandon()
            return 0
        gone = sorted(wanted.left(self.before))
        journal = self._private / JOURNAL
        temporary = journal.with_suffix(".new")
        wanted.write(self._private / "manifest.new")
        temporary.write_text("\n".join(gone), "utf-8", newline="\n")
        os.sync()
        temporary.rename(journal)
        self._complete()
        return len(gone)

    def _complete(self) -> None:
        """Do what the journal says, as often as it takes."""
        journal = self._private / JOURNAL
        if not journal.exists():
            return
        staging = self._private / STAGING
        for name in sorted(_files(staging), key=_indexes_last):
            target = self.site / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (staging / name).rename(target)
        gone = [self.site / path for path in journal.read_text("utf-8").splitlines()]
        for path in gone:
            path.unlink(missing_ok=True)
        for folder in sorted({path.parent for path in gone}):
            _prune(self.site, folder)
        manifest = self._private / "manifest.new"
        if manifest.exists():  # else an earlier run was killed right after the next line
            manifest.rename(self._private / MANIFEST)
        journal.unlink()
        shutil.rmtree(staging, ignore_errors=True)

    def abandon(self) -> None:
        """Throw away what was not committed; what readers see is as it was."""
        shutil.rmtree(self.work, ignore_errors=True)


def _files(folder: Path) -> list[str]:
    return [
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    ]


def _indexes_last(path: str) -> tuple[bool, str]:
    """Messages first, so that no index ever links a page that is not there yet."""
    return (not path.startswith(("raw/", "attachments/", "static/", "archive/")), path)


def _prune(site: Path, folder: Path) -> None:
    """Remove folders that became empty."""
    while folder != site and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


class Writer:
    """Writes files of one publication; each worker has its own.

    Args:
        work: where to write.
        site: what to compare with; None on a first publication.
    """

    def __init__(self, work: Path, site: Path | None) -> None:
        self._work = str(work)
        self._site = str(site) if site else None
        self._made: set[str] = set()

    def write(self, path: str, content: bytes) -> bool:
        """Write one file unless it stands there already; whether it was written."""
        if self._site is not None and _holds(f"{self._site}/{path}", content):
            return False
        folder, _, _ = path.rpartition("/")
        if folder not in self._made:
            Path(self._work, folder).mkdir(parents=True, exist_ok=True)
            self._made.add(folder)
        handle = os.open(f"{self._work}/{path}", os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(handle, view) :]
        finally:
            os.close(handle)
        return True


def _holds(path: str, content: bytes) -> bool:
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        if os.fstat(handle).st_size != len(content):
            return False
        with open(handle, "rb", closefd=False) as file:
            return file.read() == content
    finally:
        os.close(handle)
