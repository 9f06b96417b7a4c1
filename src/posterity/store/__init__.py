"""The archive on disk: a folder with an accession, a catalogue, and two plain files.

    keepers.archive/
      posterity.toml     what a person decides
      amendments.toml    what a person overrides
      accession.db       THE archive: back this up
      catalogue.db       derived: may be deleted
      shingles/          derived: may be deleted
      incoming/          spool of the import under way; empty otherwise

docs/format.md is the contract of these files.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from posterity.amendments import NOTHING, Amendments, read_amendments
from posterity.config import Settings, read_settings
from posterity.errors import AmendmentError, ArchiveError, LockedError
from posterity.masking import SHOW
from posterity.store.database import connect, settle
from posterity.store.octets import Accession
from posterity.store.reader import StoreReader

SETTINGS = "posterity.toml"
ACCESSION = "accession.db"
CATALOGUE = "catalogue.db"
INCOMING = "incoming"
MAILMAP = ".mailmap"
AMENDMENTS = "amendments.toml"
SHINGLES = "shingles"
WORDS = "words"
LOCK = "lock"
APPLIED = "applied"
"""Of the catalogue's meta: `Archive.amended_by` when it was made."""

_FIRST_SETTINGS = """\
# What a person decides about this archive; docs/settings.md explains every key.
version = 1
title = "{title}"
# description = "What this list was, in a sentence or two."
# base_url = "https://lists.example.org/keepers/"
"""


PREPARED = frozenset({SETTINGS, MAILMAP, AMENDMENTS, ".git", ".gitignore"})
"""What a keeper may have put into the folder beforehand."""


def _first_settings(folder: Path) -> str:
    title = folder.resolve().stem.replace('"', "").replace("\\", "")
    return _FIRST_SETTINGS.format(title=title or "A mailing list")


class Archive:
    """An archive folder; holds no connection, only knows where things are."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings

    @classmethod
    def create(cls, folder: Path) -> Archive:
        """Make an empty archive; settings that are there already are used.

        Raises:
            ArchiveError: something else is there, or it cannot be written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            names = {path.name for path in folder.iterdir()} - PREPARED
            if any(not name.startswith(f"{ACCESSION}.new") for name in names):
                raise ArchiveError(
                    f"{folder}: not an archive, and not empty: choose another place"
                )
            if not (folder / SETTINGS).exists():
                (folder / SETTINGS).write_text(_first_settings(folder), "utf-8")
        except OSError as error:
            raise ArchiveError(f"{folder}: cannot be written: {error.strerror}") from error
        Accession.create(folder / ACCESSION).close()
        archive = cls.open(folder)
        archive.keep_private()
        return archive

    @classmethod
    def open(cls, folder: Path) -> Archive:
        """Open an archive.

        Raises:
            ArchiveError: there is none at that place.
            ConfigError: its settings cannot be read.
        """
        if not (folder / ACCESSION).is_file():
            raise ArchiveError(f"{folder}: no archive here; `posterity import` makes one")
        try:
            text = (folder / SETTINGS).read_text("utf-8")
        except FileNotFoundError:
            text = ""
        except (OSError, UnicodeDecodeError) as error:
            raise ArchiveError(f"{folder / SETTINGS}: cannot be read: {error}") from error
        return cls(folder, read_settings(text, str(folder / SETTINGS)))

    @classmethod
    def open_or_create(cls, folder: Path) -> Archive:
        """Open the archive at a place, or make one there."""
        if (folder / ACCESSION).exists():
            return cls.open(folder)
        return cls.create(folder)

    @property
    def accession_path(self) -> Path:
        """Where accession.db is."""
        return self.folder / ACCESSION

    @property
    def catalogue_path(self) -> Path:
        """Where catalogue.db is, or will be."""
        return self.folder / CATALOGUE

    @property
    def shingles_path(self) -> Path:
        """The folder of what is derived from bodies for `relate`."""
        return self.folder / SHINGLES

    @property
    def words_path(self) -> Path:
        """The folder of words that wait to be indexed."""
        return self.folder / WORDS

    def accession(self, *, writable: bool = False) -> Accession:
        """Open the accession."""
        return Accession.open(self.accession_path, writable=writable)

    def reader(self) -> StoreReader:
        """Open the archive for reading.

        Raises:
            ArchiveError: the catalogue is missing: derive it first.
        """
        if not self.catalogue_path.exists():
            raise ArchiveError(
                f"{self.folder}: no catalogue yet; run `posterity site` or `posterity build`"
            )
        self.check_amended()
        return StoreReader(self.accession(), self.catalogue_path, self.settings.addresses)

    @property
    def amended_by(self) -> str:
        """What the keeper's word is now, in a line that changes when it does."""
        wishes = " honoured" if self.settings.honour_no_archive else ""
        return f"{self.amendments().texts_digest}{wishes}"

    def check_amended(self) -> None:
        """Let nobody read what was withdrawn since the catalogue was made.

        Raises:
            ArchiveError: amendments.toml says something else than is applied.
        """
        database = connect(self.catalogue_path, writable=False)
        row = database.execute(
            "SELECT value FROM meta WHERE key = ?", (APPLIED,)
        ).fetchone()
        database.close()
        if (row[0] if row else "") != self.amended_by:
            raise ArchiveError(
                f"{self.folder}: what is withdrawn was changed; run `posterity site` or"
                " `posterity import` first, so that it is"
            )

    def keep_private(self) -> None:
        """Where addresses are not shown, let nobody else on this machine read them."""
        if self.settings.addresses == SHOW:
            return
        for name in (ACCESSION, CATALOGUE):
            path = self.folder / name
            if path.exists() and path.stat().st_mode & 0o077:
                path.chmod(0o600)

    def mailmap_text(self) -> str:
        """What .mailmap says; "" where there is none."""
        try:
            return (self.folder / MAILMAP).read_text("utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise ArchiveError(
                f"{self.folder / MAILMAP}: cannot be read: {error}"
            ) from error

    @property
    def amendments_path(self) -> Path:
        """Where amendments.toml is, or will be."""
        return self.folder / AMENDMENTS

    def amendments(self) -> Amendments:
        """What amendments.toml says; nothing where there is none.

        Raises:
            AmendmentError: it cannot be read; names the line.
        """
        try:
            text = self.amendments_path.read_text("utf-8")
        except FileNotFoundError:
            return NOTHING
        except (OSError, UnicodeDecodeError) as error:
            raise AmendmentError(
                f"{self.amendments_path}: cannot be read: {error}"
            ) from error
        return read_amendments(text, str(self.amendments_path))

    def copied_to(self, folder: Path) -> Archive:
        """A copy of what cannot be derived: the accession and the keeper's own files."""
        folder.mkdir(parents=True)
        for name in (SETTINGS, AMENDMENTS, MAILMAP):
            if (self.folder / name).is_file():
                shutil.copy(self.folder / name, folder / name)
        accession = self.accession()
        accession.database.execute("VACUUM INTO ?", (str(folder / ACCESSION),))
        accession.close()
        return Archive.open(folder)

    @contextmanager
    def incoming(self) -> Iterator[Path]:
        """A folder for what an import spools; gone when the block ends, however it ends."""
        spool = self.folder / INCOMING
        shutil.rmtree(spool, ignore_errors=True)  # left by a run that was killed
        try:
            spool.mkdir()
            yield spool
        finally:
            shutil.rmtree(spool, ignore_errors=True)

    def settle(self) -> None:
        """Leave whole database files behind; once workers and readers are gone."""
        for path in (self.accession_path, self.catalogue_path):
            settle(path)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only writer; freed by the system even when this process is killed.

        Raises:
            LockedError: another process is writing to the archive.
        """
        handle = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise LockedError(
                    f"{self.folder}: another posterity is writing to it; try again when it is done"
                ) from error
            yield
        finally:
            os.close(handle)
