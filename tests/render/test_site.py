"""A whole site of friendly and hostile mail: valid, closed, safe, the same every time."""

from __future__ import annotations

import gzip
import posixpath
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import html5lib
import pytest

from posterity.model import Evidence

Make = Callable[..., Any]

EVIL = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'\"></title></style></textarea><svg onload=alert(1)>",
    "javascript:alert(1)//",
    "{{ 7*7 }}{% include 'x' %}",
    "--><!--#exec cmd='id'--><?php x ?>",
    "]]><x xmlns='y'/>&lt;b&gt;&#60;",
    "\u202e\u2066gnp\x00\x1b[2J\x07\x85",
    "</pre></details></div></main>",
    "style='x:expression(1)' onclick=alert(1)",
]
NAMES = {
    "html",
    "head",
    "meta",
    "title",
    "link",
    "script",
    "body",
    "a",
    "header",
    "p",
    "nav",
    "main",
    "ol",
    "ul",
    "wbr",
    "li",
    "article",
    "section",
    "aside",
    "h1",
    "h2",
    "h3",
    "bdi",
    "time",
    "div",
    "span",
    "dl",
    "dt",
    "dd",
    "code",
    "br",
    "small",
    "details",
    "summary",
    "pre",
    "b",
    "i",
    "ins",
    "del",
    "q",
    "cite",
    "blockquote",
    "footer",
    "table",
    "caption",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "form",
    "label",
    "input",
    "button",
    "noscript",
    "figure",
    "figcaption",
    "svg",
    "g",
    "rect",
    "img",
}
SCHEMES = ("http://", "https://", "ftp://", "mailto:", "news:")


@pytest.fixture(scope="module")
def files(request: pytest.FixtureRequest) -> dict[str, bytes]:
    """The site of an archive with something evil in every field, made once."""
    return dict(_site(request, "show").files())


def _site(request: pytest.FixtureRequest, addresses: str) -> Any:
    conftest = request.config.pluginmanager.get_plugin(
        str(request.path.parent / "conftest.py")
    ) or _module(request)
    letters = []
    for at, evil in enumerate(EVIL):
        body = f"{evil}\n\n> {evil}\n\nhttp://x.example/{evil}\n\n-- \n{evil}\n"
        octets = conftest.letter(
            body,
            subject=evil.replace("\n", " "),
            sender=f'"{evil.replace(chr(34), "")}" <e{at}@example.org>',
            number=at,
            day=1 + at,
            To=f"{evil} <t@example.org>",
            In_Reply_To=f"<{evil}@example.org>",
            X_Evil=evil,
        )
        parent = at - 1 if at % 3 else None
        letters.append(
            conftest.Letter(
                octets,
                parent,
                Evidence.QUOTE,
                f"quotes {evil}",
                "" if parent is not None else f"<{evil}@ghost>",
            )
        )
    part = (
        "--b\r\nContent-Type: text/html; name*=utf-8''%3Cscript%3Ealert(1)%3C%2Fscript%3E.html\r\n"
        "Content-Disposition: attachment\r\n\r\n<script>alert(1)</script>\r\n"
    )
    head = 'From: z@example.org\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    letters.append(conftest.Letter(f"{head}{part}--b--\r\n".encode()))
    settings = conftest.Settings(
        title='<b>K</b> & "co"',
        description="<script>x</script>",
        licence="<i>free</i>",
        contact="keeper@example.org",
        base_url="https://lists.example.org/k",
        addresses=addresses,
    )
    reader = conftest.FakeReader(letters, addresses)
    for at, evil in enumerate(EVIL):
        reader.odd[at].append(("odd", evil, evil))
    renderer = conftest.Renderer(reader, settings, conftest.Theme.load())
    return conftest.Bench(reader, renderer)


def _module(request: pytest.FixtureRequest) -> Any:
    plugins = request.config.pluginmanager.get_plugins()
    return next(one for one in plugins if hasattr(one, "FakeReader"))


def pages(files: dict[str, bytes]) -> Iterator[tuple[str, Any]]:
    """Each page, parsed strictly."""
    for path, content in files.items():
        if path.endswith(".html"):
            parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
            yield path, parser.parse(content.decode("utf-8"))


def elements(files: dict[str, bytes]) -> Iterator[tuple[str, Any]]:
    """Every element of every page; comments are not among ours."""
    for path, page in pages(files):
        for element in page.iter():
            assert isinstance(element.tag, str), f"a comment in {path}"
            element.tag = element.tag.removeprefix("{http://www.w3.org/2000/svg}")
            yield path, element


def test_every_page_is_valid(files: dict[str, bytes]) -> None:
    """A strict HTML5 parser finds nothing to say."""
    assert 20 < sum(1 for _ in pages(files))


def test_no_element_or_attribute_is_a_senders(files: dict[str, bytes]) -> None:
    """Whatever mail holds, pages are made of our elements; no handler, no style (S1-S6)."""
    for path, element in elements(files):
        assert element.tag in NAMES, path
        for name in element.attrib:
            assert not str(name).lower().startswith("on"), path
            assert "style" != str(name), path


def test_no_script_or_style_is_inline(files: dict[str, bytes]) -> None:
    """A policy without unsafe-inline holds, and is on every page (S12)."""
    for path, page in pages(files):
        policies = [
            meta.get("content") for meta in page.iter("meta") if meta.get("http-equiv")
        ]
        assert ["default-src 'none'"] == [
            policy.partition(";")[0] for policy in policies
        ], path
        assert "unsafe" not in policies[0]
        assert all(script.get("src") and not script.text for script in page.iter("script"))


def test_links_go_nowhere_else(files: dict[str, bytes]) -> None:
    """References are relative and lead to a file, or are links a sender wrote (S7, S11)."""
    for path, element in elements(files):
        for name in ("href", "src", "action"):
            target = element.get(name)
            if target is None or element.get("rel") == "canonical":
                continue
            if target.startswith(SCHEMES):
                ours = target.startswith("https://lists.example.org/k/")
                assert ours or "nofollow noopener ugc" == element.get("rel"), (path, target)
                continue
            assert not re.match(r"[a-zA-Z]+:|//", target), (path, target)
            place = re.split("[#?]", target, maxsplit=1)[0]
            file = posixpath.normpath(posixpath.join(posixpath.dirname(path), place))
            assert (file if place else path) in files, (path, target)


def test_anchors_lead_somewhere(files: dict[str, bytes]) -> None:
    """A fragment names an element of its page, and no page has an id twice (S14)."""
    ids = {}
    for path, page in pages(files):
        found = [element.get("id") for element in page.iter() if element.get("id")]
        assert len(found) == len(set(found)), path
        ids[path] = set(found)
    for path, element in elements(files):
        target = element.get("href") or ""
        if "#" in target and not target.startswith(SCHEMES):
            file, _, anchor = target.partition("#")
            file = (
                posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
                if file
                else path
            )
            assert anchor in ids[file], (path, target)


def test_every_title_is_its_own(files: dict[str, bytes]) -> None:
    """A title tells a page from every other."""
    titles = [page.find(".//title").text for path, page in pages(files)]

    assert len(titles) == len(set(titles))


def test_pages_have_landmarks(files: dict[str, bytes]) -> None:
    """One main, one h1, a way past the menu, names for what repeats (WCAG 2.2)."""
    for path, page in pages(files):
        assert 1 == len(page.findall(".//main")), path
        assert 1 == len(page.findall(".//h1")), path
        assert "#main" == page.find(".//body/a").get("href"), path
        assert page.get("lang") == "en", path
        assert all(nav.get("aria-label") for nav in page.iter("nav")), path
        assert all(image.get("alt") is not None for image in page.iter("img")), path
        levels = [int(e.tag[1]) for e in page.iter() if e.tag in {"h1", "h2", "h3"}]
        assert all(b - a <= 1 for a, b in pairwise(levels)), path


def test_templates_in_mail_are_text(files: dict[str, bytes]) -> None:
    """What looks like a template is shown, not run (S4)."""
    page = next(content for content in files.values() if b"{{ 7*7 }}" in content)

    assert b"{% include" in page


def test_raw_messages_are_the_octets(request: pytest.FixtureRequest) -> None:
    """What is offered as raw is the message, to the last octet (P21)."""
    made = _site(request, "show")
    files = made.files()

    assert [made.reader.octets(row.key) for row in made.reader.rows] == [
        files[f"raw/{row.digest}.eml"] for row in made.reader.rows
    ]


def test_the_same_archive_makes_the_same_site(
    files: dict[str, bytes], request: pytest.FixtureRequest
) -> None:
    """No clock, no order of sets, no memory of other pages (R17)."""
    assert files == _site(request, "show").files()


@pytest.mark.parametrize("policy", ["mask", "hide"])
def test_masked_addresses_are_nowhere(request: pytest.FixtureRequest, policy: str) -> None:
    """No page, feed, mbox or raw message spells a mailbox (T5)."""
    made = _site(request, policy)
    for path, packed in made.files().items():
        content = gzip.decompress(packed) if path.endswith(".gz") else packed
        for address in (
            b"t@example.org",
            *(b"e%d@example.org" % n for n in range(len(EVIL))),
        ):
            assert not re.search(rb"(?<![\w.])" + re.escape(address), content), (
                path,
                address,
            )


def test_a_masked_copy_says_so(request: pytest.FixtureRequest) -> None:
    """Served octets that are not the message's own name the message (T4)."""
    made = _site(request, "mask")
    row = made.reader.rows[0]
    raw = made.files()[f"raw/{row.digest}.eml"]

    assert raw.startswith(f"X-Posterity-Original: {row.digest}\r\nFrom: ".encode())
    assert b"masked by the keeper" in made.page(0).encode()
