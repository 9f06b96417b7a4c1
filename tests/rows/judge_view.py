"""Is the HTML of a mail safe, as it is published for a frame? Every finding is a line.

A document of ours with one element of the sender's laying out: what stands in it may be
of a short list, may lead out only by honest links that say so, and may load nothing but
pictures of this site. Written apart from the sanitizer, whose list it does not know.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, NamedTuple

import html5lib

STYLE = ".sent { color: black }"
POLICY = (
    "default-src 'none'; style-src 'sha256-{}'; img-src 'self'; form-action 'none';"
    " base-uri 'none'"
)
TEXT = """
a abbr b bdi blockquote br caption center cite code dd del dfn div dl dt em h1 h2 h3 h4 h5
h6 hr i img ins kbd li ol p pre q s samp small span strike strong sub sup table tbody td
tfoot th thead tr tt u ul var
"""
INSIDE = frozenset(TEXT.split())
VALUES = {
    "href": re.compile(
        r"(?:(?:https?|ftp)://[\w.-]+(?::\d+)?(?:[/?#]\S*)?|mailto:[^?\s]+|news:\S+)"
    ),
    "src": re.compile(r"\.\./attachments/[0-9a-f]{64}\.(?:gif|jpg|png|webp)"),
    "alt": re.compile(r".*", re.DOTALL),
    "rel": re.compile(r"nofollow noopener ugc"),
    "target": re.compile(r"_blank"),
    "dir": re.compile(r"ltr|rtl|auto"),
    "lang": re.compile(r"[\w-]{2,40}"),
    "colspan": re.compile(r"\d{1,3}"),
    "rowspan": re.compile(r"\d{1,3}"),
    "start": re.compile(r"\d{1,3}"),
    "value": re.compile(r"\d{1,3}"),
}
HEAD = frozenset({"title", "meta", "style"})
REORDERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


class Judged(NamedTuple):
    """A view as parsed, what is wrong with it, and what is the sender's."""

    tree: Any
    findings: list[str]
    sent: Any


def policy(style: str) -> str:
    """The policy of a view with a style."""
    return POLICY.format(b64encode(sha256(style.encode()).digest()).decode())


def judge_view(html: str) -> Judged:
    """Parse a view and find what none may hold."""
    tree = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    head, body = tree.find("head"), tree.find("body")
    findings = [f"<{one.tag}> in head" for one in head if one.tag not in HEAD]
    policies = [one.get("content") for one in head.iter("meta") if one.get("http-equiv")]
    if policies != [policy("".join(one.text for one in head.iter("style")))]:
        findings.append(f"policies {policies}")
    if body.attrib or len(body) != 1:
        findings.append("more than one thing in the body")
    sent = body[0]
    if dict(sent.attrib) != {"class": "sent", "dir": "auto"}:
        findings.append("what is sent is not set apart")
    for element in sent.iter():
        if element is not sent:
            findings += _of_element(element)
    if REORDERING.search(html):
        findings.append("a character that reorders text")
    return Judged(tree, findings, sent)


def _of_element(element: Any) -> Iterator[str]:
    if not isinstance(element.tag, str):
        yield "a comment"
        return
    if element.tag not in INSIDE:
        yield f"element <{element.tag}>"
    for name, value in element.attrib.items():
        allowed = VALUES.get(str(name))
        if allowed is None or not allowed.fullmatch(value):
            yield f"{name}={value[:60]!r} of <{element.tag}>"
    if element.get("href") and element.get("rel") != "nofollow noopener ugc":
        yield "a link that does not say it is a sender's"
