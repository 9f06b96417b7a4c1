"""One stream becomes one source: an mbox, an MMDF folder, or a single message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import chain
from typing import NamedTuple

from posterity.errors import FramingError, RefusedError
from posterity.model import Framing
from posterity.sources.detect import Shape, unread_form
from posterity.sources.extent import Extent, Opened, Window
from posterity.sources.files import MailFile, message_source
from posterity.sources.mbox import MboxBatches, habits_of
from posterity.sources.mmdf import mmdf_source
from posterity.sources.named import Named
from posterity.sources.profile import profile_of
from posterity.sources.separators import Frames, find_separators
from posterity.sources.source import MboxFormat, ReadOptions, Source
from posterity.sources.survey import Survey, survey

MAIL_FILES = (".eml", ".mail", ".msg", ".email")
"""Endings of files that hold one message, whatever it looks like."""

CUT_OPEN = 2
"""A stream that begins with a header block is an mbox from this many separators on."""


class Surveyed(NamedTuple):
    """A stream that was looked through once.

    Attributes:
        found: every candidate for a separator.
        digest: SHA-256 of the stream, in hex.
        bare_cr: its lines end in CR alone.
        frames: the separators.
    """

    found: Survey
    digest: str
    bare_cr: bool
    frames: Frames


def is_mail_name(name: str) -> bool:
    """Whether a file's name says that it holds one message."""
    return name.lower().endswith(MAIL_FILES)


def stream_source(named: Named, options: ReadOptions) -> Source:
    """Make a source of a stream.

    Raises:
        RefusedError: its form is known and not read.
        FramingError: there is no mail in it.
    """
    content = named.content
    head = content.head()
    unread = unread_form(head)
    if unread:
        raise RefusedError(f"{named.shown}: {unread[0]} is not read; {unread[1]}")
    if content.shape is Shape.MMDF or options.mbox_format is MboxFormat.MMDF:
        return mmdf_source(named, options)
    surveyed = survey_stream(content.extent, head, options)
    if is_one_message(named, surveyed, options):
        file = MailFile("", b"", content.extent, "")
        return message_source(named, file, surveyed.digest, options)
    if content.extent.length and not surveyed.frames.starts:
        what = "binary data" if content.shape is Shape.BINARY else "text"
        raise FramingError(
            f"{named.shown}: no mail in it: {what} with neither a From_ line nor a header"
            " block (offset 0); leave it out"
        )
    return _mbox_source(named, surveyed, options)


def is_one_message(named: Named, surveyed: Surveyed, options: ReadOptions) -> bool:
    """Whether a stream is a single message and not an mbox."""
    shape, separators = named.content.shape, len(surveyed.frames.starts)
    one_by_name = is_mail_name(named.member or named.name)
    if shape is Shape.HEADER:
        auto = options.mbox_format is MboxFormat.AUTO
        return auto and (one_by_name or separators < CUT_OPEN)
    if shape is Shape.MBOX:
        return one_by_name and separators < CUT_OPEN
    return shape is Shape.TEXT and one_by_name and not separators


def survey_stream(extent: Extent, head: bytes, options: ReadOptions) -> Surveyed:
    """Look through a stream once and tell its separators."""
    hashed = sha256()
    bare_cr = b"\n" not in head and b"\r" in head
    with Opened(extent) as opened:
        windows: Iterable[Window] = _watched(opened.windows(), hashed.update)
        if bare_cr:
            windows = map(_with_lf, windows)
        found = survey(windows)
    frames = find_separators(found, options.mbox_format)
    return Surveyed(found, hashed.hexdigest(), bare_cr, frames)


def prefix_digest(source: Source, length: int) -> str:
    """SHA-256 of a stream's first octets, to know an earlier state of one that grew.

    Gives "" where the source is a folder, or shorter.
    """
    if source.file is None or source.length < length:
        return ""
    hashed = sha256()
    path, offset = source.file
    with Opened(Extent(path, offset, length)) as opened:
        for window in _watched(opened.windows(), hashed.update):
            del window
    return hashed.hexdigest()


def _watched(
    windows: Iterator[Window], update: Callable[[memoryview], object]
) -> Iterator[Window]:
    """Pass windows on, and their own octets to a hash."""
    for window in windows:
        update(
            memoryview(window.octets)[
                window.first - window.base : window.last - window.base
            ]
        )
        yield window


def _with_lf(window: Window) -> Window:
    """A view in which CR ends lines; offsets stay."""
    return window._replace(octets=window.octets.replace(b"\r", b"\n"))


def _mbox_source(named: Named, surveyed: Surveyed, options: ReadOptions) -> Source:
    """Make the source of an mbox."""
    content, frames, found = named.content, surveyed.frames, surveyed.found
    profile = profile_of(found, frames, options.mbox_format)
    if content.truncated:
        evidence = tuple(chain(profile.evidence, [f"Cut short: {content.truncated}."]))
        profile = profile._replace(evidence=evidence)
    habits = habits_of(
        frames, found.head, options, bare_cr=surveyed.bare_cr, ending=content.truncated
    )
    return Source(
        name=named.name,
        member=named.member,
        form="pipermail" if profile.dialect is Framing.PIPERMAIL else "mbox",
        digest=surveyed.digest,
        length=content.extent.length,
        profile=profile,
        batches=MboxBatches(content.extent, frames, habits),
        truncated=content.truncated,
        file=(content.extent.path, content.extent.offset),
    )
