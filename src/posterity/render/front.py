"""The pages that belong to the whole list: home, about, files, search, and signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from posterity.model import DateEvidence, Evidence
from posterity.render import urls
from posterity.render.cited import cited_rows
from posterity.render.days import held
from posterity.render.html import clip, printed
from posterity.render.lists import (
    MOST_OCTETS,
    attachment_row,
    message_row,
    person_row,
    thread_row,
)
from posterity.render.moments import moment
from posterity.render.months import (
    Silence,
    YearLine,
    silences,
    timeline,
    year_line,
    years_of,
)
from posterity.render.press import File, Frame, Press, Step, packed
from posterity.rows import EvidenceCount, SourceRow

BUSIEST = 12
MOST_PEOPLE = 12
NEWEST = 5
CITED = 8
FILES_A_PAGE = 400


class HomePage(NamedTuple):
    """What the home page shows."""

    span: str
    counts: tuple[tuple[str, str], ...]
    chart: Markup
    gap: Silence
    threads: Markup
    people: Markup
    years: tuple[YearLine, ...]
    cited: Markup
    days: str
    newest: Markup
    has_files: bool


class SourceItem(NamedTuple):
    """A source and its balance, in words."""

    name: str
    form: str
    digest: str
    length: str
    parts: tuple[tuple[str, str, str], ...]
    balanced: bool
    how: str


class AboutPage(NamedTuple):
    """What the about page shows."""

    totals: tuple[tuple[str, str], ...]
    sources: tuple[SourceItem, ...]
    all_balanced: bool
    dates: tuple[tuple[str, str, str], ...]
    links: tuple[tuple[str, str, str], ...]
    defects: tuple[tuple[str, str], ...]
    gap: Silence
    ghosts: str


class FilesPage(NamedTuple):
    """What a page of all attachments shows."""

    rows: Markup
    parts: tuple[Step, ...]
    here: int
    part: str


def home(press: Press) -> File:
    """What this list was, and the ways in."""
    links = urls.Links(urls.HOME)
    facts = press.reader.facts()
    months = press.reader.months()
    texts = press.texts
    first, last = (moment(at, texts.calendar) for at in (facts.first, facts.last))
    page = HomePage(
        span=texts.fill("from_to", first=first.day, last=last.day)
        if first and last
        else "",
        counts=_figures(press),
        chart=timeline(press, links, months),
        gap=silences(press, months),
        threads=printed(
            "".join(
                thread_row(press, links, one._replace(in_month=0))
                for one in press.reader.busiest_threads(BUSIEST)
            )
        ),
        people=printed(
            "".join(
                person_row(press, links, one) for one in press.reader.people()[:MOST_PEOPLE]
            )
        ),
        years=tuple(year_line(press, links, year) for year in years_of(press)),
        cited=cited_rows(press, links, CITED),
        days=held(press),
        newest=printed(
            "".join(message_row(press, links, row) for row in press.reader.recent(NEWEST))
        ),
        has_files=facts.attachments > 0,
    )
    frame = Frame(links.path, "", "home", feed=urls.FEED)
    return press.print("home.html", frame, links, page)


def _figures(press: Press) -> tuple[tuple[str, str], ...]:
    facts, texts = press.reader.facts(), press.texts
    figures = (
        ("messages", facts.messages),
        ("threads", facts.threads),
        ("people", facts.people),
        ("attachments", facts.attachments),
    )
    return tuple(_split(texts.count(name, number)) for name, number in figures if number)


def _split(words: str) -> tuple[str, str]:
    """The number and what it counts."""
    number, _, rest = words.partition(" ")
    return number, rest


def about(press: Press) -> File:
    """Where all of it comes from, and how sure each thing is."""
    links = urls.Links(urls.ABOUT)
    reader, texts = press.reader, press.texts
    facts = reader.facts()
    sources = reader.sources()
    page = AboutPage(
        totals=(
            *_figures(press),
            _split(f"{texts.octets(facts.octets)} {texts['of_mail']}"),
        ),
        sources=tuple(_source(press, one) for one in sources),
        all_balanced=all(one.balanced for one in sources),
        dates=_evidence(press, reader.date_evidence(), "date", DateEvidence),
        links=_evidence(press, reader.link_evidence(), "link", Evidence),
        defects=tuple(
            (texts.meaning(one.code), texts.number(one.messages))
            for one in reader.defect_counts()
        ),
        gap=silences(press, reader.months()),
        ghosts=texts.count("ghosts", facts.ghosts),
    )
    frame = Frame(links.path, texts["about_title"], "about")
    return press.print("about.html", frame, links, page)


def _evidence(
    press: Press,
    counts: Sequence[EvidenceCount],
    prefix: str,
    kinds: type[DateEvidence | Evidence],
) -> tuple[tuple[str, str, str], ...]:
    """(number, share, what it rests on) of each kind of evidence."""
    total = sum(one.number for one in counts) or 1
    named = {kind.value: f"{prefix}_{kind.name.lower()}" for kind in kinds}
    return tuple(
        (
            press.texts.number(one.number),
            press.texts.share(one.number / total),
            press.texts[named[one.evidence]] if one.evidence in named else one.evidence,
        )
        for one in counts
    )


def _source(press: Press, one: SourceRow) -> SourceItem:
    texts = press.texts
    rows = (
        ("ledger_messages", one.messages, one.message_octets),
        ("ledger_duplicates", one.duplicates, one.duplicate_octets),
        ("ledger_framing", None, one.framing_octets),
        ("ledger_preamble", None, one.preamble_octets),
        ("ledger_quarantined", one.quarantined, one.quarantined_octets),
    )
    parts = tuple(
        (texts[key], "" if number is None else texts.number(number), texts.number(octets))
        for key, number, octets in rows
        if octets or key == "ledger_messages"
    )
    form = ", ".join(word for word in (one.form, one.dialect) if word)
    return SourceItem(
        clip(f"{one.name} {one.member}".strip(), 200),
        form,
        one.digest,
        texts.number(one.length),
        parts,
        one.balanced,
        clip(one.evidence, 300),
    )


def attachment_index_files(press: Press) -> Iterator[File]:
    """All files that came with messages, by type."""
    links = urls.Links(urls.ATTACHMENTS)
    rows = [
        attachment_row(press, links, one, row)
        for one, row in press.reader.all_attachments()
    ]
    pages = packed(rows, FILES_A_PAGE, MOST_OCTETS)
    for number, shown in enumerate(pages, 1):
        links = urls.Links(urls.attachments(number))
        parts = tuple(
            Step(links.to(urls.attachments(n)), str(n)) for n in range(1, len(pages) + 1)
        )
        part = (
            press.texts.fill("part_of", n=number, all=len(pages)) if len(pages) > 1 else ""
        )
        page = FilesPage(shown, parts if len(pages) > 1 else (), number, part)
        title = press.texts["attachments_title"]
        frame = Frame(links.path, f"{title}, {part}" if part else title, "files")
        yield press.print("files.html", frame, links, page)


def not_found(press: Press) -> File:
    """What a host shows for a page that does not exist."""
    links = urls.Links(urls.NOT_FOUND)
    frame = Frame(links.path, press.texts["not_found_title"], "note", indexed=False)
    return press.print("not_found.html", frame, links, press.absolute(urls.HOME))


def redirect(press: Press, old: str, new: str) -> File:
    """The page at an address that moved; nobody is left at a dead link."""
    links = urls.Links(old)
    frame = Frame(old, press.texts["moved_title"], "note", indexed=False)
    return press.print("moved.html", frame, links, links.to(new))


def tombstone(press: Press, path: str, when: str, why: str) -> File:
    """The page at the address of a message that was withdrawn.

    Args:
        when: the day, as it is to be shown.
        why: the reason the keeper gave, plain text.
    """
    links = urls.Links(path)
    frame = Frame(path, press.texts["withdrawn_title"], "note", indexed=False)
    return press.print(
        "withdrawn.html", frame, links, {"when": when, "why": why, "thread": None}
    )
