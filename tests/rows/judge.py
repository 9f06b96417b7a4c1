"""Is a page safe? Read by an HTML5 parser, as a browser would; every finding is a line.

The page may hold only the elements, attributes, ids and classes that our templates
have, and lead only where a link may lead. Whatever else a page holds came from mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import html5lib

ELEMENTS = frozenset(
    [
        "a",
        "article",
        "b",
        "bdi",
        "blockquote",
        "body",
        "br",
        "button",
        "caption",
        "cite",
        "code",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "form",
        "g",
        "h1",
        "h2",
        "h3",
        "h4",
        "head",
        "header",
        "hr",
        "html",
        "i",
        "iframe",
        "img",
        "input",
        "label",
        "li",
        "link",
        "main",
        "mark",
        "meta",
        "nav",
        "noscript",
        "ol",
        "p",
        "pre",
        "q",
        "rect",
        "script",
        "section",
        "select",
        "option",
        "small",
        "span",
        "strong",
        "summary",
        "svg",
        "table",
        "tbody",
        "td",
        "text",
        "tfoot",
        "th",
        "thead",
        "time",
        "title",
        "tr",
        "ul",
        "wbr",
        "aside",
        "del",
        "ins",
    ]
)
ATTRIBUTES = frozenset(
    [
        "action",
        "alt",
        "aria-current",
        "aria-hidden",
        "aria-label",
        "aria-labelledby",
        "aria-live",
        "autocapitalize",
        "autocomplete",
        "charset",
        "class",
        "content",
        "data-auto",
        "data-dark",
        "data-date",
        "data-day",
        "data-days",
        "data-help",
        "data-keys",
        "data-light",
        "data-many",
        "data-month",
        "data-months",
        "data-more",
        "data-name",
        "data-newest",
        "data-nobody",
        "data-none",
        "data-title",
        "data-nosubject",
        "data-oldest",
        "data-one",
        "data-plain",
        "data-relevance",
        "data-share",
        "data-table",
        "data-try",
        "data-unreachable",
        "data-word",
        "datetime",
        "defer",
        "dir",
        "download",
        "fill",
        "fill-opacity",
        "for",
        "height",
        "href",
        "http-equiv",
        "id",
        "itemprop",
        "itemscope",
        "itemtype",
        "lang",
        "loading",
        "maxlength",
        "method",
        "name",
        "open",
        "preserveAspectRatio",
        "property",
        "referrerpolicy",
        "rel",
        "role",
        "sandbox",
        "scope",
        "spellcheck",
        "src",
        "start",
        "tabindex",
        "title",
        "type",
        "value",
        "viewBox",
        "width",
        "x",
        "y",
    ]
)
IDS = re.compile(
    r"L\d+|y\d{4}|m[0-9a-f]{16}|active|busiest|cited|citing|contact|copies|data|dates|files|found"
    r"|gaps|headers|hosts|hours|id|licence|links|main|messages|named|odd|peers|q|quoted|quotes"
    r"|replies|results|sites|sizes|sources|spellings|started|thread|timeline|today|trends|writers"
)
CLASSES = re.compile(
    r"at-[a-z]+|s\d|d\d|q\d*|alone|around|att|blk|body|by|chart|cite|cites|citing|code|columns"
    r"|copies|copy|counts|csv|data|days|diff|dim|dot|earlier|empty|ev|even|fields|figures"
    r"|files|forward-header|forward-mark|front|fwd|gap|ghost|hash|head|heat|help|here|hosts"
    r"|later|lead|ledger|letter|letters|list|m|mast|meter|meters|name|names|none|note"
    r"|origin|outline|own|pager|patch|pgp-mark|raw|returns|same|search|signature|skip|slot"
    r"|t|thread|threads|time|to|today|tools|trail|tree|under|view|week|weekdays|who|wide"
    r"|words|writers|years"
)
SCHEMES = frozenset({"http", "https", "ftp", "mailto", "news"})
SCRIPTS = re.compile(
    r"(?:\.\./)*static/(?:posterity|theme|mid|pieces|trends|search(?:-[a-z]+)?)\.[0-9a-f]{10}\.js"
    r"|search/[0-9a-z]+\.js"
)
FRAMES = re.compile(r"\.\./\.\./(?:\.\./)?html/[0-9a-f]{64}\.htm")
STYLES = re.compile(r"(?:\.\./)*static/posterity\.[0-9a-f]+\.css")
REORDERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
    " connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'"
)
REL = {"nofollow", "noopener", "ugc"}
"""What a link out of the archive must say (HTML §4.6.7)."""


class Judged(NamedTuple):
    """A page as parsed, and what is wrong with it."""

    tree: Any
    findings: list[str]


def judge(html: str) -> Judged:
    """Parse a page and find what no page may hold."""
    tree = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    findings: list[str] = []
    for element in tree.iter():
        findings += _of_element(element)
    if POLICY not in (one.get("content") for one in tree.iter("meta")):
        findings.append("no policy")
    if REORDERING.search(html):
        findings.append("a character that reorders text")
    return Judged(tree, findings)


def text_of(element: Any) -> str:
    """All the text in an element."""
    return "".join(element.itertext())


def having(tree: Any, name: str, **attributes: str) -> list[Any]:
    """Elements of a name with attributes of these values."""
    return [
        one
        for one in tree.iter(name)
        if all(one.get(key.rstrip("_")) == value for key, value in attributes.items())
    ]


def _of_element(element: Any) -> Iterator[str]:
    if not isinstance(element.tag, str):
        yield f"comment: {(element.text or '')[:60]}"
        return
    tag = element.tag.rpartition("}")[2]
    if tag not in ELEMENTS:
        yield f"element <{tag}>"
    if tag == "iframe" and not _is_a_view(element):
        yield f"frame {element.get('src')!r}"
    if tag == "script":
        yield from _of_script(element)
    for name, value in element.attrib.items():
        yield from _of_attribute(tag, str(name), value)
    for name in (element.get("class") or "").split():
        if not CLASSES.fullmatch(name):
            yield f"class {name!r}"
    yield from _of_references(element, tag)


def _is_a_view(element: Any) -> bool:
    """Whether a frame is for the HTML of a mail, and lets it do nothing."""
    sandbox = "allow-popups allow-popups-to-escape-sandbox"
    is_ours = FRAMES.fullmatch(element.get("src") or "") is not None
    return is_ours and element.get("sandbox") == sandbox


def _of_script(element: Any) -> Iterator[str]:
    if not SCRIPTS.fullmatch(element.get("src", "")):
        yield f"script src={element.get('src')!r}"
    if element.text:
        yield f"script text {element.text[:60]!r}"


def _of_attribute(tag: str, name: str, value: str) -> Iterator[str]:
    if name not in ATTRIBUTES:
        yield f"attribute {name} of <{tag}>"
    if name == "id" and not IDS.fullmatch(value):
        yield f"id {value!r}"
    if name == "name" and tag not in {"meta", "input", "select", "details"}:
        yield f"name {value!r} of <{tag}>"
    if name == "http-equiv" and value != "Content-Security-Policy":
        yield f"meta {value!r}"


def _of_references(element: Any, tag: str) -> Iterator[str]:
    href = element.get("href")
    if href is not None:
        scheme = _scheme(href)
        if tag != "a" and scheme:
            yield f"<{tag}> leads out: {href[:60]!r}"
        if scheme and scheme not in SCHEMES:
            yield f"href {href[:60]!r}"
        if scheme and not set((element.get("rel") or "").split()) >= REL:
            yield f"link without rel: {href[:60]!r}"
    if element.get("rel") == "stylesheet" and not STYLES.fullmatch(href or ""):
        yield f"style sheet {href!r}"
    for name in ("src", "action"):
        value = element.get(name)
        if value is not None and _scheme(value):
            yield f"{name} {value[:60]!r}"


def _scheme(reference: str) -> str:
    """The scheme of a reference; "//" where it names another host without one."""
    plain = re.sub(r"[\t\n\r]", "", reference).strip("\0 \x1f")
    if plain.replace("\\", "/").startswith("//"):
        return "//"
    found = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", plain)
    return found[0][:-1].lower() if found else ""
