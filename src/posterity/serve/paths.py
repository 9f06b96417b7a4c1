"""From a path to its file: the same octets that the static site has there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from posterity.parse import parse_message
from posterity.parse.attachments import attachments
from posterity.render import urls
from posterity.render.originals import masked_text, served
from posterity.render.pages import File
from posterity.render.statscsv import NAMES
from posterity.serve.desk import Desk

_HASH: Final = "[0-9a-f]{64}"
MESSAGE: Final = re.compile(rf"archive/(\d{{4}}/\d{{2}}|unknown)/({_HASH})\.html")
_YEAR: Final = re.compile(r"archive/(\d{4})/index\.html")
_MONTH: Final = re.compile(
    r"archive/(\d{4}/\d{2}|unknown)(?:/(?:index|threads-\d+|date|date-\d+)\.html|\.mbox\.gz)"
)
_THREAD: Final = re.compile(rf"thread/({_HASH})(?:-(\d+))?\.html")
_WHOLE_THREAD: Final = re.compile(rf"thread/({_HASH})\.(?:mbox|atom|epub)")
_RAW: Final = re.compile(rf"raw/({_HASH})\.eml")
_VIEW: Final = re.compile(rf"html/({_HASH})\.htm")
_ATTACHMENT: Final = re.compile(rf"attachments/({_HASH})\.[a-z]+")
_PERSON: Final = re.compile(r"authors/(.+?)(?:\.started)?(?:-\d+)?\.(?:html|atom)")
_PEOPLE: Final = re.compile(r"authors/(?:index|by-name)(?:-\d+)?\.html")
_FILES: Final = re.compile(r"attachments/index(?:-\d+)?\.html")
_SITEMAP: Final = re.compile(r"(?:sitemap(?:-(?:lists|people(?:-\d+)?))?|opensearch)\.xml")
_MONTH_MAP: Final = re.compile(r"sitemap-(\d{4}-\d\d|unknown)(?:-\d+)?\.xml")
_FIGURES: Final = re.compile(r"stats/([a-z]+)\.csv")
_DAY: Final = re.compile(r"days/(\d\d-\d\d)\.html")
_STATIC: Final = re.compile(r"static/[\w.-]+")


def file_at(desk: Desk, path: str) -> File | None:
    """The file at a path of the site; None where there is none.

    Args:
        path: without the leading slash, percent-decoded, ending in a file's name.
    """
    for pattern, find in _KINDS:
        found = pattern.fullmatch(path)
        if found:
            return find(desk, found)
    return _single(desk, path)


def _only(path: str, files: Iterable[File | None]) -> File | None:
    """The one with this path, of files that are made as they are looked at."""
    return next((file for file in files if file is not None and file.path == path), None)


def _message(desk: Desk, found: re.Match[str]) -> File | None:
    key = desk.lookup.message(found[2])
    if key is None or desk.reader.message(key).month != found[1]:
        return None
    return desk.renderer.message_page(key)


def _thread(desk: Desk, found: re.Match[str]) -> File | None:
    thread = desk.lookup.thread(found[1])
    if thread is None or desk.lookup.thread_root(found[1]) != found[1]:
        return None
    if found[2] is not None and (found[2].startswith("0") or found[2] == "1"):
        return None
    part = int(found[2] or 1)
    return _only(found[0], [desk.renderer.thread_page(thread, part)])


def _whole_thread(desk: Desk, found: re.Match[str]) -> File | None:
    thread = desk.lookup.thread(found[1])
    if thread is None or desk.lookup.thread_root(found[1]) != found[1]:
        return None
    return _only(found[0], desk.renderer.thread_files(thread))


def _raw(desk: Desk, found: re.Match[str]) -> File | None:
    key = desk.lookup.message(found[1])
    if key is None or desk.settings.raw != "messages":
        return None
    row = desk.reader.message(key)
    if row.withdrawn:
        return None
    octets = served(desk.reader.octets(key), row.digest, desk.renderer.press.addresses)
    return File(found[0], octets)


def _view(desk: Desk, found: re.Match[str]) -> File | None:
    key = desk.lookup.message(found[1])
    if key is None or desk.reader.message(key).withdrawn:
        return None
    return desk.renderer.html_view(key)


def _attachment(desk: Desk, found: re.Match[str]) -> File | None:
    key = desk.lookup.attached_to(found[1])
    if key is None:
        return None
    row = desk.reader.message(key)
    octets = desk.reader.octets(key)
    held = {one.part_id: one.digest for one in desk.reader.attachments(key)}
    for one in attachments(octets, parse_message(octets, row.digest)):
        path = urls.attachment(held.get(one.part_id, ""), one.media_type)
        if path == found[0]:
            is_text = urls.neutral_ending(one.media_type) == "txt"
            addresses = desk.renderer.press.addresses
            content = masked_text(one.content, addresses) if is_text else one.content
            return File(path, content)
    return None


def _month(desk: Desk, found: re.Match[str]) -> File | None:
    return _only(found[0], desk.renderer.month_files(found[1]))


def _year(desk: Desk, found: re.Match[str]) -> File | None:
    known = {count.month.partition("/")[0] for count in desk.reader.months()}
    if found[1] not in known:
        return None
    return _only(found[0], desk.renderer.year_files(found[1]))


def _person(desk: Desk, found: re.Match[str]) -> File | None:
    names = (found[1], found[0].removeprefix("authors/").rpartition(".")[0])
    for name in dict.fromkeys(names):
        person = desk.reader.person(name)
        if person is not None:
            file = _only(found[0], desk.renderer.person_files(person))
            if file is not None:
                return file
    return None


def _people(desk: Desk, found: re.Match[str]) -> File | None:
    return _only(found[0], desk.renderer.people_index_files())


def _files(desk: Desk, found: re.Match[str]) -> File | None:
    return _only(found[0], desk.renderer.attachment_index_files())


def _sitemap(desk: Desk, found: re.Match[str]) -> File | None:
    return _only(found[0], desk.renderer.sitemap_files())


def _month_map(desk: Desk, found: re.Match[str]) -> File | None:
    return _only(found[0], desk.renderer.month_files(found[1].replace("-", "/")))


def _figures(desk: Desk, found: re.Match[str]) -> File | None:
    return next(desk.renderer.figures_files(found[1]), None) if found[1] in NAMES else None


def _day(desk: Desk, found: re.Match[str]) -> File | None:
    return next(desk.renderer.day_files(found[1]), None)


def _static(desk: Desk, found: re.Match[str]) -> File | None:
    return _only(found[0], desk.renderer.static_files())


_KINDS: Final = (
    (MESSAGE, _message),
    (_THREAD, _thread),
    (_RAW, _raw),
    (_VIEW, _view),
    (_STATIC, _static),
    (_YEAR, _year),
    (_MONTH, _month),
    (_WHOLE_THREAD, _whole_thread),
    (_FILES, _files),
    (_ATTACHMENT, _attachment),
    (_PEOPLE, _people),
    (_PERSON, _person),
    (_SITEMAP, _sitemap),
    (_MONTH_MAP, _month_map),
    (_FIGURES, _figures),
    (_DAY, _day),
)


def _single(desk: Desk, path: str) -> File | None:
    make = {
        urls.HOME: desk.renderer.home,
        urls.ARCHIVE: desk.renderer.archive_index,
        urls.ABOUT: desk.renderer.about,
        urls.SEARCH: desk.renderer.search,
        urls.STATS: desk.renderer.stats,
        urls.TRENDS: desk.renderer.trends,
        urls.DAYS: desk.renderer.days_index,
        urls.FEED: desk.renderer.feed,
        urls.JSON_FEED: desk.renderer.json_feed,
        urls.LLMS: desk.renderer.llms,
        urls.FIND_BY_ID: desk.renderer.find_by_id,
        urls.ROBOTS: desk.renderer.robots,
        urls.NOT_FOUND: desk.renderer.not_found,
    }.get(path)
    return make() if make else None
