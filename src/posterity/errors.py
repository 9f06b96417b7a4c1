"""What can go wrong outside the mail.

Mail never raises: bad mail is a value and a `Defect`. Only the world raises, and
each error is one sentence a person can act on.

    PosterityError                the base: `except PosterityError` catches all of ours
    ├── ArchiveError              the archive's own files: missing, corrupt, too new
    │   └── LockedError           another process is writing to the archive
    ├── AmendmentError            amendments.toml or .mailmap cannot be read
    ├── ConfigError               posterity.toml: unknown key, wrong type, no such zone
    ├── LedgerError               the octets of a source do not add up; never ignored
    ├── LookupFailedError         no message bears the hash or Message-ID asked for
    ├── QueryError                a search that cannot be understood; names the place
    ├── SiteError                 the place to publish to is foreign, or inside the input
    ├── SourceError               a source cannot be read
    │   ├── FramingError          it is not what it was said to be
    │   └── RefusedError          a known form that is not read yet, named
    └── WorkerLostError           the system ended a worker process
"""

from __future__ import annotations


class PosterityError(Exception):
    """Something outside the mail failed; the text is one line: where, what, what to do."""


class ArchiveError(PosterityError):
    """The archive's own files cannot be used."""


class LockedError(ArchiveError):
    """Another process is writing to this archive."""


class AmendmentError(PosterityError):
    """An amendment cannot be read; names the file and the line."""


class ConfigError(PosterityError):
    """A setting is unknown or has the wrong form; names the nearest known one."""


class LedgerError(PosterityError):
    """The octets of a source are not all accounted for. This is our bug: report it."""


class LookupFailedError(PosterityError):
    """Nothing in the archive bears that name."""


class QueryError(PosterityError):
    """A search that cannot be understood, or asks for too much.

    Attributes:
        why: the sentence.
        place: index of the character where it went wrong.
        query: as typed.
    """

    def __init__(self, why: str, place: int, query: str) -> None:
        super().__init__(f"search: {why} (at character {place + 1})")
        self.why = why
        self.place = place
        self.query = query


class SiteError(PosterityError):
    """The place to publish to cannot be used."""


class SourceError(PosterityError):
    """A source cannot be read."""


class FramingError(SourceError):
    """A source is not of the form it was said to be."""


class RefusedError(SourceError):
    """A source has a known form that is not read (yet); the text names it."""


class WorkerLostError(PosterityError):
    """A worker process was ended from outside, as by a system without memory."""
