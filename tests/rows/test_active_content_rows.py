"""Stored active content (S) and headers (H): what mail holds is shown, and never acts.

One list holds every payload in every place a sender can fill: raw, as encoded words,
and as HTML mail. Each page of its site is read by an HTML5 parser.
"""

from __future__ import annotations

import csv
import mailbox
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from posterity.export.mbox import export_mbox
from posterity.export.tables import TABLES, export_tables
from posterity.masking import SHOW
from posterity.parse import parse_message
from posterity.parse.body import read_body
from posterity.render import urls
from posterity.render.addresses import Addresses
from posterity.render.html import clip, visible
from posterity.render.links import linked, nothing_held
from posterity.rows import MessageRow

ATOM = "{http://www.w3.org/2005/Atom}"
SAFE_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'">
<title>@</title></head><body class="at-message" data-one="@"><h1><bdi>@</bdi></h1>
<a href="x/@">@</a><div class="body" dir="auto">@</div></body></html>"""
ISOLATED = frozenset({"bdi", "cite", "code", "pre", "q", "title"})
"""Elements that the style sheet isolates, or that are blocks of their own."""

LIVE = 60
"""Payloads that a page must flag at least where they are printed as they are."""


def blackened(text: str) -> str:
    """A text without its blanks: lines are joined and divided for reading."""
    return "".join(text.split())


def letters(hostile: Any, makers: ModuleType, kind: str) -> list[tuple[str, MessageRow]]:
    """Each payload and the row of the letter of a kind that holds it."""
    number_of = re.compile(rf"{kind}(\d+)\b")
    by_number = {}
    for key in hostile.reader.recent(10_000):
        found = number_of.match(key.subject.removeprefix("The lamp "))
        if found:
            by_number[int(found[1])] = key
    rows = [(payload, by_number[n]) for n, payload in enumerate(makers.PAYLOADS.values())]
    assert len(makers.PAYLOADS) == len(rows)
    return rows


@pytest.fixture(scope="module")
def judged(hostile: Any, judge: ModuleType) -> dict[str, Any]:
    """Every page of the hostile site, parsed and judged once."""
    return {path: judge.judge(html) for path, html in hostile.pages().items()}


def tree_of(judged: dict[str, Any], row: MessageRow) -> Any:
    return judged[f"archive/{row.month}/{row.digest}.html"].tree


# -- the checker -----------------------------------------------------------------------


def test_the_checker_passes_a_safe_page(judge: ModuleType) -> None:
    """What our own templates print is no finding."""
    assert [] == judge.judge(SAFE_PAGE.replace("@", "tea")).findings


def test_the_checker_flags_an_unescaped_page(judge: ModuleType, makers: ModuleType) -> None:
    """Printed as they are, the payloads are found: all but those that only text can be."""
    flagged = {
        name
        for name, payload in makers.PAYLOADS.items()
        if judge.judge(SAFE_PAGE.replace("@", payload)).findings
    }

    assert len(makers.PAYLOADS) >= 60
    assert len(flagged) >= LIVE
    assert {
        name for name in makers.PAYLOADS if name.split("-")[0] in {"script", "img", "svg"}
    } <= flagged


@pytest.mark.parametrize(
    ("bad", "finding"),
    [
        ("<script>x</script>", "script src=None"),
        ("<p onclick=x>", "attribute onclick of <p>"),
        ("<p style=x>", "attribute style of <p>"),
        ("<a href='javascript:x'>", "href 'javascript:x'"),
        ("<a href='\tjava\nscript:x'>", "href '\\tjava\\nscript:x'"),
        ("<a href='//evil.example/'>", "href '//evil.example/'"),
        ("<a href='\\\\evil.example/'>", "href '\\\\\\\\evil.example/'"),
        ("<a href='http://a.example/'>", "link without rel: 'http://a.example/'"),
        ("<img src='http://a.example/1.gif'>", "src 'http://a.example/1.gif'"),
        ("<form action='//a.example'>", "action '//a.example'"),
        ("<!-- mail -->", "comment:  mail "),
        ("<p id=location>", "id 'location'"),
        ("<p class=theirs>", "class 'theirs'"),
        ("<a name=x>", "name 'x' of <a>"),
        ("\u202e", "a character that reorders text"),
        ("<object>", "element <object>"),
        ("<iframe src=x>", "frame 'x'"),
    ],
)
def test_the_checker_names_what_it_finds(judge: ModuleType, bad: str, finding: str) -> None:
    """One bad thing, one line that names it."""
    assert finding in judge.judge(SAFE_PAGE.replace("@", bad, 3)).findings


# -- S, every page ---------------------------------------------------------------------


def test_s1_s2_s3_s4_s5_s8_s11_s14_no_page_holds_anything_of_a_senders_that_acts(
    hostile: Any, judged: dict[str, Any], makers: ModuleType
) -> None:
    """85 payloads, three ways: every element, attribute, id and reference is ours."""
    assert 3 * len(makers.PAYLOADS) == hostile.reader.facts().messages
    assert len(judged) > 2 * 3 * len(makers.PAYLOADS)
    assert {} == {path: one.findings for path, one in judged.items() if one.findings}


def test_s12_every_page_has_the_policy_before_anything_it_governs(
    hostile: Any, judged: dict[str, Any]
) -> None:
    """default-src 'none', nothing unsafe, no referrer; also where no server says so."""
    for path, one in judged.items():
        head = list(one.tree.find("head"))
        names = [element.get("http-equiv") or element.tag for element in head]
        policy = names.index("Content-Security-Policy")
        loads = [at for at, name in enumerate(names) if name in {"link", "script"}]
        assert policy < min(loads), path
        content = head[policy].get("content")
        assert content.startswith("default-src 'none'; "), path
        assert "unsafe" not in content, path
        assert "no-referrer" in [
            e.get("content") for e in head if e.get("name") == "referrer"
        ]
    assert "unsafe" not in "".join(hostile.pages().values()).partition("<body")[0]


def test_s1_a_name_is_shown_as_text(
    hostile: Any, judged: dict[str, Any], judge: ModuleType, makers: ModuleType
) -> None:
    """The author of the page is the payload, letter for letter."""
    for payload, row in letters(hostile, makers, "word"):
        [by] = judge.having(tree_of(judged, row), "p", class_="by")
        shown = judge.text_of(next(by.iter("bdi")))
        name = " ".join(payload.split())
        assert visible(clip(name, 60)) == shown


def test_s1_a_persons_page_is_named_by_the_payload(
    hostile: Any, judged: dict[str, Any], judge: ModuleType, makers: ModuleType
) -> None:
    """The page of each person who wrote spells the payload among their names."""
    for payload, row in letters(hostile, makers, "word"):
        tree = judged[urls.person(row.person)].tree
        names = {
            judge.text_of(one).rstrip("\N{HORIZONTAL ELLIPSIS}") for one in tree.iter("bdi")
        }
        assert visible(" ".join(row.author.split())) in names, payload


def test_s2_a_subject_is_shown_as_text_and_in_the_title(
    hostile: Any, judged: dict[str, Any], judge: ModuleType, makers: ModuleType
) -> None:
    """Heading and title say what the sender wrote, payload included."""
    for kind in ("raw", "word"):
        for payload, row in letters(hostile, makers, kind):
            tree = tree_of(judged, row)
            wanted = visible(clip(row.subject, 400))
            assert wanted == judge.text_of(next(tree.iter("h1")))
            title = judge.text_of(next(tree.iter("title")))
            assert title.startswith(visible(clip(row.subject, 120))), payload
            line = visible(" ".join(payload.split()))
            assert blackened(line)[:40] in blackened(wanted), payload


def test_s3_ids_lead_nowhere_but_to_our_pages(
    hostile: Any, judged: dict[str, Any], judge: ModuleType, makers: ModuleType
) -> None:
    """The hostile id is shown, and leads to the page of the message that bears it."""
    linked_to = 0
    for payload, row in letters(hostile, makers, "word"):
        tree = tree_of(judged, row)
        codes = [judge.text_of(code) for code in tree.iter("code")]
        message = parse_message(hostile.reader.octets(row.key), row.digest)
        held = [i for i in message.in_reply_to if hostile.reader.holders(i)]
        if held:
            linked_to += 1
            above = f"{hostile.reader.holders(held[0])[0].digest}.html"
            assert above in {link.get("href") for link in tree.iter("a")}, payload
            assert visible(clip(f"<{clip(held[0], 200)}>", 300)) in codes, payload
    assert linked_to > 40


def test_s4_no_template_language_is_obeyed(
    hostile: Any, judged: dict[str, Any], judge: ModuleType, makers: ModuleType
) -> None:
    """Jinja, Liquid, PHP, SSI, printf and shell text stands on the page as written."""
    names = [
        "jinja",
        "jinja-class",
        "liquid",
        "printf",
        "php",
        "ssi",
        "shell",
        "front-matter",
    ]
    wanted = {makers.PAYLOADS[name] for name in names}
    found = 0
    for kind in ("raw", "word"):
        for payload, row in letters(hostile, makers, kind):
            if payload in wanted:
                body = judge.having(tree_of(judged, row), "div", class_="body")[0]
                assert blackened(payload) in blackened(judge.text_of(body)), payload
                found += 1
    assert 2 * len(wanted) == found


def test_s5_every_field_is_shown_as_written(
    hostile: Any, judged: dict[str, Any], judge: ModuleType, makers: ModuleType
) -> None:
    """Names, values, types and charsets stand literally in "every header field"."""
    for payload, row in letters(hostile, makers, "raw"):
        [fields] = judge.having(tree_of(judged, row), "details", class_="fields")
        text = judge.text_of(fields)
        line = " ".join(payload.split())
        assert f"X-Plain: {visible(line)}" in text, payload
        name = line.replace(" ", "").replace(":", "")
        assert f"X-{visible(name)}:" in text, payload


@pytest.mark.parametrize(
    ("text", "hrefs"),
    [
        ("see http://example.org/a", ["http://example.org/a"]),
        (
            "https://example.org/ ftp://f.example/",
            ["https://example.org/", "ftp://f.example/"],
        ),
        ("mailto:ada@example.org", ["mailto:ada@example.org"]),
        ("news:comp.lamps", ["news:comp.lamps"]),
        ("javascript:alert(1) data:text/html,x vbscript:x file:///etc/x", []),
        ("gopher://old.example/ x-tea://a.example/ telnet:a.example", []),
        ('http://example.org/"onmouseover="alert(1)', ["http://example.org/"]),
        ("http://example.org/<script>", ["http://example.org/"]),
        ("http://bank.example@evil.example/", []),
        ("http://b\u0430nk.example/", []),
        ("http://bank.example\\@evil.example/", []),
        ("http://bank.example\u202e/moc.live", []),
    ],
)
def test_s7_s17_what_is_live_is_what_is_shown(
    build: Callable[..., Any],
    judge: ModuleType,
    makers: ModuleType,
    text: str,
    hrefs: list[str],
) -> None:
    """Only honest links of the allowed schemes; text and target are equal; marked ugc."""
    built = build(makers.mbox([makers.letter("one", text)]))
    one = judge.judge(built.page(built.row("one@example.org")))
    [body] = judge.having(one.tree, "div", class_="body")
    links = list(body.iter("a"))

    assert [] == one.findings
    assert hrefs == [link.get("href") for link in links]
    assert hrefs == [judge.text_of(link) for link in links]
    assert {"nofollow noopener ugc"} >= {link.get("rel") for link in links}


def test_s8_html_mail_is_shown_as_its_text(
    hostile: Any, judged: dict[str, Any], judge: ModuleType, makers: ModuleType
) -> None:
    """Each HTML mail says so, and its text is on the page with no element of its own."""
    for payload, row in letters(hostile, makers, "html"):
        tree = tree_of(judged, row)
        notes = [judge.text_of(note) for note in judge.having(tree, "p", class_="note")]
        assert "This message was written as HTML; its text is shown." in notes, payload
        [body] = judge.having(tree, "div", class_="body")
        shown = judge.text_of(body)
        assert re.search(r"html\d+ opens", shown), payload
        assert {"p", "span", "br", "pre", "a", "bdi"} >= {e.tag for e in body.iter()} - {
            "div"
        }


def test_s9_the_shown_text_is_a_fixed_point(
    hostile: Any, judged: dict[str, Any], judge: ModuleType, makers: ModuleType
) -> None:
    """Parsed from the page, the text is the mail's; printed again, it is the same HTML."""
    for payload, row in letters(hostile, makers, "html"):
        octets = hostile.reader.octets(row.key)
        body = read_body(octets, parse_message(octets, row.digest))
        [shown] = judge.having(tree_of(judged, row), "div", class_="body")
        text = judge.text_of(shown)
        assert blackened(visible("\n".join(body.lines))) == blackened(text), payload
        once = linked(text, Addresses(SHOW), nothing_held)
        again = re.sub(r"</?a\b[^>]*>", "", once)
        assert text == unescape(again), payload


def test_s9_what_is_removed_does_not_join_what_remains(
    build: Callable[..., Any], judge: ModuleType, makers: ModuleType
) -> None:
    """Taking one tag out of two halves leaves text, not a tag."""
    halves = "<scr<script></script>ipt>alert(1)</scr<b></b>ipt> tea <im<!-- -->g src=x>"
    built = build(makers.mbox([makers.letter("one", halves, Content_Type="text/html")]))
    one = judge.judge(built.page(built.row("one@example.org")))
    [body] = judge.having(one.tree, "div", class_="body")

    assert [] == one.findings
    assert "tea" in judge.text_of(body)


def test_s13_what_reorders_text_is_named_and_names_stand_apart(
    hostile: Any, judged: dict[str, Any], judge: ModuleType, makers: ModuleType
) -> None:
    """Overrides are written out, marks are clipped, right-to-left names are isolated."""
    rows = dict(letters(hostile, makers, "word"))
    override = tree_of(judged, rows[makers.PAYLOADS["bidi-override"]])
    zalgo = tree_of(judged, rows[makers.PAYLOADS["zalgo"]])

    assert "[U+202E]gnp.exe[U+202C]" in judge.text_of(next(override.iter("h1")))
    assert not re.search("[\u0300-\u036f]{5}", judge.text_of(next(zalgo.iter("h1"))))
    loose = {path: _loose(one.tree) for path, one in judged.items() if _loose(one.tree)}
    assert {} == loose


def _loose(tree: Any) -> list[str]:
    """Elements that hold Hebrew and stand in nothing that keeps it to itself."""
    found: list[str] = []
    todo = [tree]
    while todo:
        element = todo.pop()
        if (
            element.tag in ISOLATED
            or element.get("dir") == "auto"
            or element.get("class") == "citing"
        ):
            continue
        texts = [element.text, *(child.tail for child in element)]
        found += [element.tag for text in texts if text and "\u05e9" in text]
        todo += list(element)
    return found


# -- S16, H: feeds and exports ---------------------------------------------------------


def test_s16_feeds_are_well_formed_and_say_the_subject(
    hostile: Any, makers: ModuleType
) -> None:
    """Every feed is XML; no entry holds HTML; each title is the subject exactly."""
    feeds = [name for name in hostile.names() if name.endswith(".atom")]
    titles = set()
    for name in feeds:
        tree = ET.parse(hostile.site / name)
        titles |= {one.findtext(f"{ATOM}title") for one in tree.iter(f"{ATOM}entry")}
        kinds = {one.get("type", "text") for one in tree.iter() if one.tag != f"{ATOM}link"}
        assert {"text"} == kinds, name
        for link in tree.iter(f"{ATOM}link"):
            assert re.fullmatch(r"[\w./%-]*", link.get("href", "")), name

    assert len(feeds) > len(makers.PAYLOADS) // 2
    subjects = {visible(clip(row.subject, 300)) for row in hostile.reader.recent(10_000)}
    assert titles <= subjects
    assert len(titles) > 3 * len(makers.PAYLOADS) // 2


def test_s16_the_exported_mbox_and_tables_are_sane(
    hostile: Any, makers: ModuleType, tmp_path: Path
) -> None:
    """As many messages for other readers; each row has as many cells as its table."""
    written = export_mbox(hostile.archive, tmp_path / "out.mbox")
    rows = export_tables(hostile.archive, tmp_path / "T")
    box = mailbox.mbox(tmp_path / "out.mbox", create=False)
    count = len(box)
    box.close()

    assert 3 * len(makers.PAYLOADS) == written == count
    for name, columns in TABLES.items():
        with (tmp_path / "T" / f"{name}.tsv").open(encoding="utf-8", newline="\n") as file:
            lines = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        assert {len(columns)} == {len(line) for line in lines}, name
        assert rows[name] + 1 == len(lines), name


def test_h1_a_line_end_in_an_encoded_word_begins_no_field(
    build: Callable[..., Any], judge: ModuleType, makers: ModuleType
) -> None:
    """CR LF, bare CR and NEL stay inside their field on page, feed, title and table."""
    for_two = makers.letter("two", Subject="Re: lamp", In_Reply_To="<one@example.org>")
    one = makers.letter(
        "one",
        Subject="=?utf-8?q?lamp=0D=0ABcc:_x@example.org?=",
        From="=?utf-8?q?Ada=0DCc:_y=C2=85Z?= <ada@example.org>",
    )
    built = build(makers.mbox([one, for_two]))
    row = built.row("one@example.org")
    page = judge.judge(built.page(row))
    subject = judge.text_of(next(page.tree.iter("h1")))

    assert [] == page.findings
    assert "\n" not in row.subject.strip()
    assert len(subject.splitlines()) == 1
    assert subject.startswith("lamp")
    assert subject.endswith("Bcc: x@example.org")
    message = parse_message(built.reader.octets(row.key), row.digest)
    assert {"bcc", "cc"}.isdisjoint(field.name.lower() for field in message.fields)
    for feed in built.site.rglob("*.atom"):
        for title in ET.parse(feed).iter(f"{ATOM}title"):
            assert len((title.text or "").splitlines()) <= 1
    export_tables(built.archive, built.site.parent / "T")
    table = (built.site.parent / "T" / "messages.tsv").read_text("utf-8")
    assert 3 == len(table.rstrip("\n").split("\n"))


def test_h2_no_mailto_carries_more_than_an_address(judged: dict[str, Any]) -> None:
    """?cc=, &body= and what else a mail program would obey is text, and no link."""
    mailtos = {
        link.get("href")
        for one in judged.values()
        for link in one.tree.iter("a")
        if link.get("href", "").lower().startswith("mailto:")
    }

    assert {"mailto:a@b.example"} == mailtos


def test_h3_a_served_file_is_named_by_us(hostile: Any) -> None:
    """Whatever the sender's name for it: a hash and a neutral ending, fit for a header."""
    names = [Path(name).name for name in hostile.names("attachments")]
    files = [name for name in names if not name.endswith(".html")]

    assert files
    assert all(re.fullmatch(r"[0-9a-f]{64}\.(?:txt|bin)", name) for name in files)
