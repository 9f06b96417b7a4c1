"""Pages as they should be, kept whole: tests/golden/render.

`make golden` (POSTERITY_GOLDEN=1) writes them anew; look at the difference before you
commit it. A page that differs is written beside the kept one with the ending .failed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from posterity.model import DateEvidence, Evidence
from posterity.rows import QuoteSpan

Make = Callable[..., Any]
FOLDER = Path(__file__).parents[1] / "golden" / "render"
KEPT = {
    "home.html": "index.html",
    "about.html": "about/index.html",
    "archive.html": "archive/index.html",
    "year.html": "archive/1994/index.html",
    "month.html": "archive/1994/03/index.html",
    "month-by-date.html": "archive/1994/03/date.html",
    "people.html": "authors/index.html",
    "person.html": "authors/bo_example_net.html",
    "files.html": "attachments/index.html",
    "feed.atom": "feed.atom",
    "message.html": "archive/1994/03/{1}.html",
    "message-alone.html": "archive/1994/05/{4}.html",
    "thread.html": "thread/{0}.html",
    "thread.atom": "thread/{0}.atom",
}
PATCH = """\
Here it is.

--- lamp.c
+++ lamp.c
@@ -1,2 +1,2 @@
 int lit() {
-    return 0;
+    return 1;

-----BEGIN PGP SIGNED MESSAGE-----
not really
-- \nBo, see http://example.net/~bo/?a=1&b=2
"""


@pytest.fixture
def files(bench: Make, write: Make, hold: Make) -> dict[str, bytes]:
    """The site of six letters that have a little of everything."""
    quote = "\n".join(f"> Line {n} of what I asked about oil & wicks." for n in range(20))
    image = (
        "From: Bo Lund <bo@example.net>\r\nTo: keepers@example.org\r\nSubject: Fog\r\n"
        "Date: Thu, 5 May 1994 10:00:00 -0700\r\nMessage-ID: <5.fog@example.net>\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        "--b\r\n\r\nThe picture.\r\n--b\r\nContent-Type: image/gif; name=fog.gif\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
        "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7\r\n--b--\r\n"
    )
    made = bench(
        write("Who has lamp oil?\n\nstation   pints\nStrand    12\n", number=1, day=1),
        hold(
            write(
                f"Anna Weiss wrote:\n{quote}\n\nI have.\n{PATCH}",
                subject="Re: Lamp oil",
                sender="Bo Lund <bo@example.net>",
                number=2,
                day=2,
                In_Reply_To="<1.lamp@example.org>",
                Cc="Cy <cy@example.com>, dee@example.com",
            ),
            parent=0,
            changes={"date_evidence": DateEvidence.REPAIRED, "date_error": 3600},
        ),
        hold(
            write(
                "And wicks?\n",
                subject="Wicks",
                sender="Åsa <asa@example.com>",
                number=3,
                day=3,
            ),
            parent=1,
            evidence=Evidence.QUOTE,
            detail="quotes 3 lines",
        ),
        hold(
            write(
                "So.\n", subject="Re: Lamp oil", sender="bo@example.net", number=4, day=4
            ),
            parent=0,
            evidence=Evidence.SUBJECT,
            detail="same subject, 3 days later",
        ),
        hold(image.encode(), ghost="4.fog@example.net"),
    )
    made.reader.spans[1].append(QuoteSpan(2, 21, made.reader.rows[0], 1))
    digests = [row.digest for row in made.reader.rows]
    site = made.files()
    return {name: site[path.format(*digests)] for name, path in KEPT.items()}


@pytest.mark.parametrize("name", KEPT)
def test_golden(name: str, files: dict[str, bytes]) -> None:
    """The page is what it was when somebody last looked at it."""
    made = re.sub(rb"(static/\w+)\.[0-9a-f]{10}\.", rb"\1.", files[name])
    kept = FOLDER / name
    failed = kept.with_name(f"{name}.failed")
    if os.environ.get("POSTERITY_GOLDEN"):
        FOLDER.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(made)
    if made != kept.read_bytes():
        failed.write_bytes(made)
    else:
        failed.unlink(missing_ok=True)

    assert kept.read_bytes().decode() == made.decode()
