"""The first archive's page format: its own rules, octet for octet."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from posterity.executor import executor
from posterity.export.jekyll import Style, export_jekyll
from posterity.pipeline import NoProgress, ingest
from posterity.sources import ReadOptions
from posterity.store import Archive

LETTERS = b"""\
From keeper@example.org Mon Mar  4 21:10:00 1996
From: Ada Keeper <ada@example.org>
Date: Mon, 4 Mar 1996 21:10:00 -0800
To: keepers <list@example.org>
Subject: The lamp
Message-ID: <one@example.org>

It burns <brightly>.

From keeper@example.org Mon Mar  4 21:10:00 1996
From: bo@example.org (Bo)
Date: Fri, 5 Apr 1996 08:00:00 +0000
Subject: Re: The lamp
Message-ID: <two@example.org>
In-Reply-To: <one@example.org>

So it does.

From keeper@example.org Mon Mar  4 21:10:00 1996
From: bo@example.org (Bo)
Subject: Adrift
Message-ID: <three@example.org>
In-Reply-To: <nowhere@example.org>

No date, no parent.

From keeper@example.org Mon Mar  4 21:10:00 1996
From: Ada Keeper <ada@example.org>
Date: Sat, 6 Apr 1996 08:00:00 +0000
Subject: Last
Message-ID: <four@example.org>

The end.

"""

PAGE = """\
---
layout: default
---

# 1996-04-05 - Re: The lamp

## Header Data

From: bo<span>@</span>example.org (Bo)<br>
To: _N/A_<br>
Message Hash: {two}<br>
Message ID: \\<two@example.org\\><br>
Reply To: \\<one@example.org\\><br>
UTC Datetime: 1996-04-05 08:00:00 UTC<br>
Raw Date: Fri, 5 Apr 1996 08:00:00 +0000<br>

## Raw message

```
{{% raw  %}}From: bo@example.org (Bo)
Date: Fri, 5 Apr 1996 08:00:00 +0000
Subject: Re: The lamp
Message-ID: <two@example.org>
In-Reply-To: <one@example.org>

So it does.

{{% endraw %}}
```

## Thread

+ Return to [March 1996](/archive/1996/03)
+ Return to [April 1996](/archive/1996/04)

+ Return to "[Ada Keeper <ada<span>@</span>example.org>](/author/ada_keeper_ada_at_example_org_)"
+ Return to "[bo<span>@</span>example.org (Bo)](/author/bo_at_example_org_bo_)"

+ 1996-03-05 (Mon, 4 Mar 1996 21:10:00 -0800) - [The lamp](/archive/1996/03/{one}) - _Ada Keeper \\<ada@example.org\\>_
  + 1996-04-05 (Fri, 5 Apr 1996 08:00:00 +0000) - Re: The lamp - _bo@example.org (Bo)_

"""


def exported(folder: Path, source: Path, style: Style) -> Path:
    """Import a source and export it."""
    archive = Archive.open_or_create(folder / "archive")
    with executor(1) as run:
        ingest(archive, [str(source)], ReadOptions(), run, NoProgress())
    export_jekyll(archive, folder / "tree", style)
    return folder / "tree"


def test_a_page_is_the_first_archives_page(tmp_path: Path) -> None:
    """Every line of it: escapes, spans, ways back, tree."""
    source = tmp_path / "cyp-1996.mbox"
    source.write_bytes(LETTERS)

    tree = exported(tmp_path, source, Style(author_path="author", newline="lf"))

    [one] = (tree / "_emails/1996/03").iterdir()
    page = next(
        path
        for path in (tree / "_emails/1996/04").iterdir()
        if "Re: The" in path.read_text()
    )
    assert PAGE.format(one=one.stem, two=page.stem) == page.read_text("utf-8")


def test_an_unknown_date_and_an_unknown_root(tmp_path: Path) -> None:
    """Filed under the dump's year; one level deeper, below the root nobody holds."""
    source = tmp_path / "cyp-1996.mbox"
    source.write_bytes(LETTERS)

    tree = exported(tmp_path, source, Style())

    [page] = (tree / "_emails/1996/unknown").iterdir()
    text = page.read_text("utf-8")
    assert "# (Unknown Date) - Adrift\n" in text
    assert "UTC Datetime: (Unknown Date)<br>\nRaw Date: _N/A_<br>\n" in text
    assert (
        "+ _Unknown thread root_\n"
        "  + (Unknown Date) (None) - Adrift - _bo@example.org (Bo)_\n" in text
    )


def test_the_tree_has_its_lists(tmp_path: Path) -> None:
    """Months, the unknown month, authors with their posts, and an index."""
    source = tmp_path / "cyp-1996.mbox"
    source.write_bytes(LETTERS)

    tree = exported(tmp_path, source, Style())

    assert ["03.md", "04.md", "unknown.md"] == sorted(
        path.name for path in (tree / "_months/1996").iterdir()
    )
    author = (tree / "_authors/bo_at_example_org_bo_.md").read_text("utf-8")
    assert "sender_id: bo_at_example_org_bo_\npost_count: 2\n" in author
    assert "# bo<span>@</span>example.org (Bo) (2 posts)\n" in author
    assert "+ [April 1996](/archive/1996/04)\n" in (tree / "index.md").read_text("utf-8")


@pytest.mark.corpus
def test_the_published_pages_of_1992_come_back(tmp_path: Path, corpus: Path) -> None:
    """All 975 published pages but those whose threads go on in the next dump."""
    folder = corpus / "cypherpunks"
    tree = exported(tmp_path, folder / "cyp-1992.txt.xz", Style())
    with tarfile.open(folder / "pages-1992-1993.tar.xz") as published:
        members = [m for m in published.getmembers() if "_emails/1992/" in m.name]
        # extractall asks for a filter since Python 3.12, and knows none before 3.11.4
        for member in filter(tarfile.TarInfo.isfile, members):
            target = tmp_path / "gold" / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            file = published.extractfile(member)
            assert file
            target.write_bytes(file.read())
    gold = sorted((tmp_path / "gold" / "_emails").rglob("*.md"))

    different = [
        path.name
        for path in gold
        if (tree / path.relative_to(tmp_path / "gold")).read_bytes() != path.read_bytes()
    ]

    assert 975 == len(gold)
    assert [
        path.name for path in gold if b"/archive/1993/" in path.read_bytes()
    ] == different


def test_the_command_writes_the_tree(tmp_path: Path) -> None:
    """The command, with both options; a folder in use is refused."""
    source = tmp_path / "cyp-1996.mbox"
    source.write_bytes(LETTERS)
    exported(tmp_path, source, Style())
    command = [sys.executable, "-m", "posterity.cli", "export", "jekyll"]
    options = ["--archive", str(tmp_path / "archive"), "--to", str(tmp_path / "other")]

    done = subprocess.run([*command, *options, "--newline", "lf"], check=False)
    again = subprocess.run([*command, *options], check=False, capture_output=True)

    assert (0, 1) == (done.returncode, again.returncode)
    assert b"is there already and not empty" in again.stderr
