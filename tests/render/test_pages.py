"""The page of a message, of a thread, and of everything else: what each must show."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from typing import Any

import html5lib
import pytest

from posterity.model import CopyEvidence, DateEvidence, Evidence
from posterity.render.months import MESSAGES_A_PAGE
from posterity.render.outline import MOST_MESSAGES
from posterity.rows import CopyRow, FoundIn

Make = Callable[..., Any]


def text_of(html: str) -> str:
    """What a reader sees, white space folded."""
    document = html5lib.parse(html, namespaceHTMLElements=False)
    return " ".join(" ".join(document.find("body").itertext()).split())


def title_of(html: str) -> str:
    """The title element's text."""
    document = html5lib.parse(html, namespaceHTMLElements=False)
    return str(document.find(".//title").text)


@pytest.fixture
def talk(bench: Make, write: Make, hold: Make) -> Any:
    """A question, two answers, and a letter of another month."""
    return bench(
        write("Who has lamp oil?\n", subject="Lamp oil", number=1, day=1),
        hold(
            write(
                "> Who has lamp oil?\n\nI have.\n",
                subject="Re: Lamp oil",
                sender="Bo Lund <bo@example.net>",
                number=2,
                day=2,
                In_Reply_To="<1.lamp@example.org>",
            ),
            parent=0,
        ),
        hold(
            write(
                "And wicks?\n",
                subject="Wicks",
                sender="Cy Moe <cy@example.com>",
                number=3,
                day=3,
                In_Reply_To="<gone@example.org>",
            ),
            parent=1,
            evidence=Evidence.QUOTE,
            detail="quotes 3 lines",
        ),
        write("Alone.\n", subject="Fog", number=4, Date="5 May 1994 10:00:00 -0700"),
    )


def test_a_message_page_shows_every_field(talk: Any) -> None:
    """All that the first form of the archive showed is there, and the ways back."""
    html = talk.page(1)
    seen = text_of(html)
    row = talk.reader.rows[1]

    assert "Re: Lamp oil — Bo Lund, 2 Mar 1994 · The Keepers" == title_of(html)
    assert "<bdi>Re: Lamp oil</bdi></h1>" in html
    assert "Bo Lund <bo@example.net>" in seen
    assert "keepers@example.org" in seen
    assert "1994-03-02 10:00:00 UTC" in seen
    assert '<time datetime="1994-03-02T10:00:00Z"' in html
    assert "02 Mar 1994 10:00:00 +0000" in seen
    assert "<2.lamp@example.org>" in seen
    assert row.digest in seen
    assert f'href="../../../raw/{row.digest}.eml"' in html
    assert (
        f'href="{talk.reader.rows[0].digest}.html"><code>&lt;1.lamp@example.org&gt;' in html
    )
    assert 'href="index.html">' in html
    assert "March 1994" in seen
    assert 'href="../../../authors/bo_example_net.html"' in html
    assert "Anna Weiss 1 Mar 1994 Lamp oil" in seen
    assert "In-Reply-To: <1.lamp@example.org>" in seen


def test_an_absent_parent_is_said(talk: Any) -> None:
    """An id that nothing held bears is no link."""
    assert "<gone@example.org> not in this archive" in text_of(talk.page(2))


def test_previous_and_next(talk: Any) -> None:
    """In the thread where there is one, and in time."""
    html = talk.page(1)
    rows = talk.reader.rows

    assert f'<link rel="prev" href="{rows[0].digest}.html">' in html
    assert f'<link rel="next" href="{rows[2].digest}.html">' in html
    assert f'<link rel="prev" href="../03/{rows[2].digest}.html">' in talk.page(3)


def test_an_inferred_link_says_why(talk: Any) -> None:
    """The reason stands in the tree and on the thread page."""
    assert "quotes 3 lines" in text_of(talk.page(0))
    assert "quotes 3 lines" in text_of(talk.thread(0))


def test_a_message_alone_has_no_thread_page(talk: Any) -> None:
    """One message needs no second page, mbox and feed (few files)."""
    paths = {file.path for file in talk.renderer.thread_files(3)}
    digest = talk.reader.rows[3].digest

    assert {f"archive/1994/05/{digest}.html", f"raw/{digest}.eml"} == paths


@pytest.mark.parametrize(
    ("evidence", "mark"),
    [
        (DateEvidence.ZONE_ASSUMED, "zone assumed"),
        (DateEvidence.RECEIVED, "from Received"),
        (DateEvidence.ENVELOPE, "from the envelope"),
        (DateEvidence.REPAIRED, "repaired"),
        (DateEvidence.ESTIMATED, "estimated"),
        (DateEvidence.AMENDMENT, "set by hand"),
    ],
)
def test_an_inferred_date_is_marked(
    bench: Make, write: Make, hold: Make, evidence: DateEvidence, mark: str
) -> None:
    """A mark beside the date opens what it rests on, and how far off it may be."""
    changes = {"date_evidence": evidence, "date_error": 50_400}
    html = bench(hold(write(), changes=changes)).page()

    assert f'<details class="ev"><summary>{mark}</summary>' in html
    assert "It may be off by 14 hours." in html


def test_an_unknown_date_is_unknown(bench: Make, write: Make) -> None:
    """Never 1970, never today."""
    made = bench(write(Date="yesterday"))
    html = made.page()

    assert "Date (UTC) unknown" in text_of(html)
    assert "As written yesterday" in text_of(html)
    assert "1970" not in html
    assert f"archive/unknown/{made.reader.rows[0].digest}.html" in made.files()


def test_nothing_given_is_said(bench: Make) -> None:
    """A message without any field has a page all the same."""
    seen = text_of(bench(b"\r\njust words\r\n").page())

    assert "(no subject)" in seen
    assert "To not given" in seen
    assert "just words" in seen


def test_copies_are_listed(bench: Make, write: Make, hold: Make) -> None:
    """A letter held twice names its other copy."""
    made = bench(write(number=1), hold(write(number=2), changes={"listed": False}))
    made.reader.copied[0].append(CopyRow(made.reader.rows[1], CopyEvidence.TEXT))

    assert "Copies of this letter Lamp oil, 1 Mar 1994 the same text" in text_of(
        made.page(0)
    )
    assert "This is a further copy" in text_of(made.page(1))


def test_a_recovered_message_names_its_host(bench: Make, write: Make) -> None:
    """What was found inside another message says so, and is in no mbox."""
    made = bench(write(number=1), write("Hidden.\n", number=2))
    made.reader.hosts[1] = FoundIn(made.reader.rows[0], 200, "envelope")
    files = made.files()

    assert "inside the message Lamp oil" in text_of(made.page(1))
    assert b"Hidden." not in gzip.decompress(files["archive/1994/03.mbox.gz"])


def test_long_recipient_lists_are_folded(bench: Make, write: Make) -> None:
    """A hundred thousand recipients make neither a long page nor a slow one (D2)."""
    html = bench(write(To=", ".join(f"r{n}@example.org" for n in range(20_000)))).page()

    assert "and 19,992 more" in html
    assert len(html) < 120_000


def test_attachments_are_offered_neutrally(bench: Make) -> None:
    """Named as the sender named them, published under a hash and a harmless ending."""
    octets = (
        b"From: a@example.org\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nhello\r\n--b\r\n'
        b'Content-Type: text/html; name="../../x.html"\r\n'
        b"Content-Disposition: attachment\r\n\r\n"
        b"<!doctype html><script>alert(1)</script>\r\n--b--\r\n"
    )
    made = bench(octets)
    (path,) = (path for path in made.files() if re.match(r"attachments/[0-9a-f]{64}", path))

    assert path.endswith(".txt")
    assert f'<a href="../../{path}"><bdi>../../x.html</bdi></a>' in made.page()


def test_a_day_that_goes_on_overleaf_is_named_there_too(bench: Make, write: Make) -> None:
    """By date, every message stands under its day, and shows the hour."""
    letters = [write("x\n", number=n, day=1 + (n > 5)) for n in range(MESSAGES_A_PAGE + 5)]
    files = bench(*letters).files()
    pages = [files[f"archive/1994/03/date{end}.html"].decode() for end in ("", "-2")]
    days = [re.findall("<h2>([^<]*)</h2>", page) for page in pages]

    assert [["1 March 1994", "2 March 1994"], ["2 March 1994"]] == days
    assert [MESSAGES_A_PAGE, 5] == [page.count(">10:00</time>") for page in pages]


def test_a_thread_says_its_subject_once(talk: Any) -> None:
    """The first message's heading is there to be heard, and not to be seen again."""
    heads = re.findall('<h2( class="same")?[^>]*><bdi>([^<]*)', talk.thread(0))

    assert [(' class="same"', "Lamp oil"), ("", "Wicks")] == heads


def test_citations(bench: Make, write: Make) -> None:
    """A citation in text, BibTeX and RIS, with the address where one is set."""
    made = bench(write(subject="Oil & 100% {wick}"), base_url="https://lists.example.org/k")
    html = made.page()
    digest = made.reader.rows[0].digest

    assert f"https://lists.example.org/k/archive/1994/03/{digest}.html" in text_of(html)
    assert r"title = {{Oil \&amp; 100\% \{wick\}}}" in html
    assert "TY  - ICOMM\nAU  - Anna Weiss\n" in html


def test_a_thread_page_reads_from_top_to_bottom(talk: Any) -> None:
    """Every message once, in order, with what it answers where that is not above it."""
    html = talk.thread(0)
    seen = text_of(html)

    assert 3 == html.count("<article ")
    assert (
        seen.index("Who has lamp oil?") < seen.index("I have.") < seen.index("And wicks?")
    )
    assert 'id="L' not in html
    assert title_of(html).startswith("Lamp oil — thread, Anna Weiss, 1 Mar 1994")


def test_a_long_thread_is_divided(bench: Make, write: Make, hold: Make) -> None:
    """Parts of a hundred messages; each message page leads into the right part."""
    answers = (hold(write(f"Answer {n}.\n", number=n + 2), parent=0) for n in range(250))
    made = bench(write(), *answers)
    root = made.reader.rows[0].digest

    assert MOST_MESSAGES == made.thread(0, 1).count("<article ")
    assert 51 == made.thread(0, 3).count("<article ")
    assert made.renderer.thread_page(0, 4) is None
    assert f"thread/{root}-3.html#m{made.reader.rows[230].digest[:16]}" in made.page(230)


def test_big_threads_stay_under_the_page_limit(
    bench: Make, write: Make, hold: Make
) -> None:
    """Long and hostile texts make more parts and shorter entries, never a page over 250 KB."""
    text = "&<>\"' " * 8000
    answers = (hold(write(text, number=n + 2), parent=0) for n in range(30))
    made = bench(write(text), *answers)
    files = made.files()

    assert max(len(files[path]) for path in files if path.endswith(".html")) < 250_000
    assert "Read the whole message on its own page" in made.thread(0)


def test_each_message_is_read_once(bench: Make, write: Make, hold: Make) -> None:
    """All the files of a thread cost one look at each of its messages."""
    made = bench(write(), hold(write(number=2), parent=0))
    made.reader.read.clear()
    list(made.renderer.thread_files(0))

    assert {0: 1, 1: 1} == dict(made.reader.read)


def test_a_single_page_equals_the_one_of_its_thread(talk: Any) -> None:
    """What the server sends is what the static site holds, octet for octet."""
    files = {file.path: file.content for file in talk.renderer.thread_files(0)}
    page = talk.renderer.message_page(1)
    thread = talk.renderer.thread_page(0)

    assert files[page.path] == page.content
    assert files[thread.path] == thread.content


def test_a_month_is_listed_by_thread_and_by_date(talk: Any) -> None:
    """Both views name every message or thread, and lead to the months around."""
    files = talk.files()
    threads = text_of(files["archive/1994/03/index.html"].decode())
    dated = text_of(files["archive/1994/03/date.html"].decode())

    assert "Lamp oil Anna Weiss 3 messages, 3 people 1\N{EN DASH}3 Mar 1994" in threads
    assert "3 March 1994 Wicks Cy Moe 10:00 And wicks?" in dated
    assert "No mail is held of April 1994." in threads
    assert "Later May 1994" in threads


def test_a_month_without_mail_says_so(talk: Any) -> None:
    """Silence is a fact too: the month has a page."""
    page = text_of(talk.files()["archive/1994/04/index.html"].decode())

    assert "No mail is held of this month." in page


def test_a_full_month_is_paged(bench: Make, write: Make) -> None:
    """No list page passes 150 KB, and the pages lead to each other."""
    made = bench(
        *(write(subject=f"Subject {n} " + "&" * 200, number=n) for n in range(450))
    )
    files = {file.path: file.content for file in made.renderer.month_files("1994/03")}

    assert "archive/1994/03/threads-3.html" in files
    assert (
        max(len(content) for path, content in files.items() if "gz" not in path) < 150_000
    )
    assert b'<a rel="next" href="threads-2.html">' in files["archive/1994/03/index.html"]


def test_a_person_page(talk: Any) -> None:
    """Names and addresses with the evidence, messages, and who answers whom."""
    seen = text_of(talk.files()["authors/bo_example_net.html"].decode())

    assert "Bo Lund 1 message, 2 Mar 1994" in seen
    assert "Anna Weiss 1 0" in seen
    assert "bo@example.net 1 message the spelling this person began with" in seen


def test_home_leads_everywhere(talk: Any) -> None:
    """A bar for each month with mail, the years, the people, the longest threads."""
    html = talk.files()["index.html"].decode()

    assert 'aria-label="March 1994: 3 messages"' in html
    assert 'href="archive/1994/03/index.html"' in html
    assert "1 month without mail" in html
    assert f'href="thread/{talk.reader.rows[0].digest}.html"' in html
    assert 'href="authors/anna_example_org.html"' in html


def test_about_shows_a_ledger_that_balances(talk: Any) -> None:
    """Each source with its digest, and figures that add up to its length."""
    seen = text_of(talk.files()["about/index.html"].decode())

    assert "ab" * 32 in seen
    assert "Length in octets: adds up" in seen
    assert "In-Reply-To field 1 50.0%" in seen


def test_redirects_and_tombstones(bench: Make, write: Make) -> None:
    """A page that moved says where; one that was withdrawn when and why, escaped."""
    renderer = bench(write()).renderer
    moved = renderer.redirect("author/a.html", "authors/a.html").content.decode()
    gone = renderer.tombstone("archive/1994/03/x.html", "2 May 2020", "<b>asked</b>")

    assert 'href="../authors/a.html"' in moved
    assert "When 2 May 2020 Why <b>asked</b>" in text_of(gone.content.decode())


def test_sitemap_needs_a_base(bench: Make, write: Make) -> None:
    """Without a base URL there is none; with one it lists every message."""
    base = "https://lists.example.org/k/"
    made = bench(write(), base_url=base)
    files = made.files()
    path = f"archive/1994/03/{made.reader.rows[0].digest}.html"

    assert "sitemap.xml" not in bench(write()).files()
    assert f"<loc>{base}{path}</loc>" in files["sitemap-1994-03.xml"].decode()
    assert f"Sitemap: {base}sitemap.xml" in files["robots.txt"].decode()
