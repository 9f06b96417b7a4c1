"""Behind each web link the way to its copy, where the keeper wants that."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Make = Callable[..., Any]
ARCHIVE = "https://web.archive.org/web/{timestamp}/{url}"


def hrefs(page: str) -> list[str]:
    """Where the links to copies lead."""
    return re.findall(r'<a class="copy" href="([^"]*)" rel="nofollow noopener ugc">', page)


def test_a_link_is_followed_by_its_copy(bench: Make, write: Make) -> None:
    """Of the mail's own second; web and ftp links alone have one."""
    body = 'See http://example.net/a?b=1&c="x", ftp://f.example/, mailto:a@b.example\n'
    page = bench(write(body), web_archive=ARCHIVE).page()

    assert [
        "https://web.archive.org/web/19940301100000/http://example.net/a?b=1&amp;c=",
        "https://web.archive.org/web/19940301100000/ftp://f.example/",
    ] == hrefs(page)
    assert 'ugc">ftp://f.example/</a> <a class="copy"' in page


def test_without_the_setting_links_stand_alone(bench: Make, write: Make) -> None:
    """The default: nothing leads to a third party that no sender named."""
    assert [] == hrefs(bench(write("http://example.net/\n")).page())


def test_undated_mail_has_no_copies(bench: Make, write: Make) -> None:
    """No date, no copy that would be the nearest."""
    made = bench(write("http://example.net/\n", Date="once"), web_archive=ARCHIVE)

    assert [] == hrefs(made.page())
