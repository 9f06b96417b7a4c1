"""Inputs for the rows: letters, mailboxes, broken mail, hostile text; all invented."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

SEPARATOR = b"From keeper@example.org Mon Mar  4 21:10:00 1996\n"


def letter(marker: str, body: str = "", **fields: str) -> bytes:
    """A letter with LF line ends; a field given as "" is left out, `_` stands for `-`."""
    head = {
        "From": "Ada Keeper <keeper@example.org>",
        "Date": "Mon, 4 Mar 1996 21:10:00 +0000",
        "Message-ID": f"<{marker}@example.org>",
        "Subject": f"The lamp {marker}",
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    lines = [f"{name}: {value}" for name, value in head.items() if value]
    text = "\n".join([*lines, "", body or f"The reef is near, {marker} says."])
    return text.encode("utf-8", "surrogateescape") + b"\n"


def mbox(letters: Sequence[bytes]) -> bytes:
    """An mbox of letters, a blank line after each."""
    return b"".join(SEPARATOR + one + b"\n" for one in letters)


# -- P1 --------------------------------------------------------------------------------


class Broken(NamedTuple):
    """A broken file.

    Attributes:
        name: of the file.
        octets: its content.
        messages: that a person would find in it.
        words: what must be readable on some page.
    """

    name: str
    octets: bytes
    messages: int
    words: str


Breakage = Callable[[str], bytes]


def _headed(head: str, body: str) -> Breakage:
    """A letter with more fields and a body; `@` in both stands for the marker."""

    def make(marker: str) -> bytes:
        whole = letter(marker).partition(b"\n\n")[0].decode()
        text = f"{whole}\n{head}\n\n{body}\n" if head else f"{whole}\n\n{body}\n"
        return text.replace("~", marker).encode("latin-1", "surrogateescape")

    return make


def _field(name: str, value: str) -> Breakage:
    """A letter with one field set so, or left out where the value is ""."""
    return lambda marker: letter(marker, **{name: value.replace("~", marker)})


_MIXED = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="
_TEXT = "~ is here."

BREAKAGES: dict[str, Breakage] = {
    "no-date": _field("Date", ""),
    "no-from": _field("From", ""),
    "no-id": _field("Message_ID", ""),
    "no-subject": _field("Subject", ""),
    "date-nonsense": _field("Date", "yesterday, about tea time"),
    "date-absurd-zone": _field("Date", "Mon, 4 Mar 1996 21:10:00 +50579034"),
    "date-71685": _field("Date", "Mon, 4 Mar 71685 21:10:00 +0000"),
    "from-empty-angle": _field("From", "<>"),
    "from-unclosed-quote": _field("From", '"Ada Keeper <keeper@example.org>'),
    "from-unclosed-comment": _field("From", "keeper@example.org (Ada (the keeper"),
    "from-many-at": _field("From", "a@b@c@d@example.org"),
    "from-8bit": _field("From", "Ad\udce9le <keeper@example.org>"),
    "id-no-brackets": _field("Message_ID", "~-bare@example.org"),
    "id-unclosed": _field("Message_ID", "<~-open@example.org"),
    "id-long": _field("Message_ID", "<" + "x" * 3000 + "~@example.org>"),
    "references-junk": _field("References", "<<<>>> <a@b <c@d> e@f> " * 40),
    "subject-8bit": _field("Subject", "Caf\udce9 ~"),
    "subject-bad-word": _field("Subject", "=?utf-8?q?=ZZ_~?= =?nonsense?b?!!?= =?utf-8?"),
    "subject-long": _field("Subject", "oil " * 5000 + "~"),
    "colonless-line": _headed("this line is no field\nX-After: yes", _TEXT),
    "name-with-blank": _headed("X Odd Name: value", _TEXT),
    "nul-in-header": _headed("X-Nul: a\0b", _TEXT),
    "nul-in-body": _headed("", "before \0\0\0 after " + _TEXT),
    "controls-in-body": _headed("", "bell \x07 escape \x1b[31m " + _TEXT),
    "bare-cr-in-body": _headed("", "one\rtwo\r" + _TEXT),
    "raw-8bit-body": _headed("", "gr\udcfcn \udcff\udcfe " + _TEXT),
    "charset-unknown": _headed("Content-Type: text/plain; charset=klingon-8", _TEXT),
    "charset-empty": _headed("Content-Type: text/plain; charset=", _TEXT),
    "charset-wrong": _headed("Content-Type: text/plain; charset=utf-8", "\udcff " + _TEXT),
    "type-empty": _headed("Content-Type:", _TEXT),
    "type-semicolons": _headed("Content-Type: text/plain;;;=;charset;=x;;", _TEXT),
    "encoding-unknown": _headed("Content-Transfer-Encoding: x-tea", _TEXT),
    "qp-damaged": _headed("Content-Transfer-Encoding: quoted-printable", "=ZZ =4 ~ =\n="),
    "no-boundary": _headed("Content-Type: multipart/mixed", _TEXT),
    "boundary-never-comes": _headed(_MIXED + "tea", _TEXT),
    "boundary-unclosed": _headed(_MIXED + "tea", "--tea\n\n" + _TEXT),
    "boundary-empty": _headed(_MIXED + '""', "--\n\n" + _TEXT),
    "boundary-prefix": _headed(_MIXED + "tea", "--tea\n\n~ first\n--teapot\n" + _TEXT),
    "multipart-closed-first": _headed(_MIXED + "tea", "--tea--\n--tea\n\n" + _TEXT),
    "part-without-blank": _headed(_MIXED + "tea", "--tea\nX: y\n\n" + _TEXT + "\n--tea--"),
    "html-unclosed": _headed("Content-Type: text/html", "<div><b <i>x</i><p>" + _TEXT),
    "from-in-body": _headed("", "From here one sees the reef.\n" + _TEXT),
    "uu-unclosed": _headed("", _TEXT + "\nbegin 644 lamp.bin\nM" + "a" * 60),
}
"""What may be wrong with a letter, by name; each leaves its marker readable."""


def broken_files() -> Iterator[Broken]:
    """Every breakage alone, amid sound letters, with CRLF, in a folder and compressed."""
    for number, (name, make) in enumerate(BREAKAGES.items()):
        for form in ("eml", "mbox", "crlf", "cut", "packed"):
            marker = f"{form}{number:02}"
            yield _formed(form, name, marker, make(marker))
    for name, octets, count in (
        ("empty-first", SEPARATOR + b"\n" + mbox([letter("second")]), 2),
        ("blank-lines-first", b"\n\n\n" + mbox([letter("late")]), 1),
        (
            "no-blank-between",
            mbox([letter("tight1"), letter("tight2")]).replace(b"\n\nF", b"\nF"),
            2,
        ),
        ("nul-tail", mbox([letter("tail")]) + bytes(3000), 1),
        ("only-header", SEPARATOR + letter("bald").partition(b"\n\n")[0] + b"\n", 1),
    ):
        yield Broken(f"{name}.mbox", octets, count, "")


def _formed(form: str, name: str, marker: str, octets: bytes) -> Broken:
    around = mbox([letter(f"{marker}a"), octets, letter(f"{marker}z")])
    if form == "eml":
        return Broken(f"{form}-{name}.eml", octets, 1, marker)
    if form == "mbox":
        return Broken(f"{form}-{name}.mbox", around, 3, marker)
    if form == "crlf":
        return Broken(f"{form}-{name}.mbox", around.replace(b"\n", b"\r\n"), 3, marker)
    if form == "cut":  # the last letter ends amid its text, without a line end
        return Broken(f"{form}-{name}.mbox", around[:-12], 3, marker)
    pack, ending = PACKERS[len(name) % len(PACKERS)]
    return Broken(f"{form}-{name}.mbox.{ending}", pack(around), 3, marker)


PACKERS: list[tuple[Callable[[bytes], bytes], str]] = [
    (gzip.compress, "gz"),
    (bz2.compress, "bz2"),
    (lzma.compress, "xz"),
]

NO_MAIL: dict[str, bytes] = {
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "picture.gif": b"GIF89a" + bytes(range(256)),
    "paper.pdf": b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
    "program": b"\x7fELF\x02\x01\x01" + bytes(400),
    "noise.bin": bytes(octet * 7 % 251 for octet in range(4000)),
    "nuls.mbox": bytes(10_000),
    "false.mbox.gz": b"\x1f\x8b" + b"tea" * 300,
    "false.zip": b"PK\x03\x04" + b"tea" * 300,
    "prose.txt": b"A book about lamps.\nIt has no mail in it, only prose.\n" * 20,
}
"""Files that hold no mail a person would find."""


# -- S ---------------------------------------------------------------------------------

PAYLOADS: dict[str, str] = {
    "script": "<script>alert(1)</script>",
    "script-src": "<script src=//evil.example/x.js></script>",
    "script-upper": "<SCRIPT>alert(1)</SCRIPT>",
    "script-slash": "<script/x>alert(1)</script/>",
    "script-open": "<script>alert(1)",
    "script-split": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "script-double": "<<script>alert(1);//<</script>",
    "img-error": "<img src=x onerror=alert(1)>",
    "img-slash": "<img/src/onerror=alert(1)>",
    "img-quote": '"><img src=x onerror=alert(1)>',
    "img-apostrophe": "'><img src=x onerror=alert(1)>",
    "img-backtick": "`><img src=x onerror=alert(1)>",
    "img-remote": "<img src=http://track.example/1.gif>",
    "img-srcset": "<img srcset='http://track.example/2.gif 2x'>",
    "svg-load": "<svg onload=alert(1)>",
    "svg-script": "<svg><script>alert(1)</script></svg>",
    "svg-animate": "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "svg-use": "<svg><use href='data:image/svg+xml,<svg id=x/>#x'/></svg>",
    "math-href": "<math href='javascript:alert(1)'>x</math>",
    "math-mutation": "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
    "noscript-mutation": "<noscript><p title='</noscript><img src onerror=alert(1)>'>",
    "template": "<template><script>alert(1)</script></template>",
    "body-load": "<body onload=alert(1)>",
    "iframe": "<iframe src=javascript:alert(1)></iframe>",
    "iframe-srcdoc": "<iframe srcdoc='<script>alert(1)</script>'>",
    "object": "<object data=data:text/html,<script>alert(1)</script>></object>",
    "embed": "<embed src=//evil.example/x.swf>",
    "link-css": "<link rel=stylesheet href=//evil.example/x.css>",
    "link-import": "<link rel=import href=//evil.example/x.html>",
    "style-import": "<style>@import '//evil.example/x.css';</style>",
    "style-attr": "<p style='background:url(//track.example/3)'>x</p>",
    "style-close": "</style><script>alert(1)</script>",
    "title-close": "</title><script>alert(1)</script>",
    "textarea-close": "</textarea><script>alert(1)</script>",
    "pre-close": "</pre></details><script>alert(1)</script>",
    "bdi-close": "</bdi></a></h1><script>alert(1)</script>",
    "script-close": "</script><script>alert(1)</script>",
    "comment-open": "<!--",
    "comment-close": "--><script>alert(1)</script>",
    "comment-bang": "--!><script>alert(1)</script>",
    "comment-short": "<!--><script>alert(1)</script>-->",
    "cdata": "]]><script>alert(1)</script>",
    "cdata-open": "<![CDATA[<script>alert(1)</script>]]>",
    "doctype": "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "processing": "<?xml-stylesheet href='//evil.example/x.xsl'?>",
    "meta-refresh": "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "base": "<base href=//evil.example/>",
    "form": "<form action=//evil.example/><input name=q><button>go</button></form>",
    "clobber-id": "<a id=main name=results><img name=q id=location>",
    "clobber-class": "<p class='note mast' id=L1>x</p>",
    "attr-quote": '" onmouseover="alert(1)',
    "attr-apostrophe": "' onmouseover='alert(1)",
    "attr-bare": "x onfocus=alert(1) autofocus tabindex=1",
    "href-js": "<a href='javascript:alert(1)'>x</a>",
    "href-js-tab": "<a href='java\tscript:alert(1)'>x</a>",
    "href-data": "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "href-vb": "<a href=vbscript:x>x</a>",
    "text-js": "javascript:alert(1)//http://example.org/",
    "text-url-quote": 'http://example.org/"onmouseover="alert(1)',
    "text-url-angle": "http://example.org/<script>alert(1)</script>",
    "text-url-user": "http://bank.example@evil.example/",
    "text-mailto": "mailto:a@b.example?cc=c@d.example&body=x%0D%0ABcc:e@f.example",
    "entity-decimal": "&#60;script&#62;alert(1)&#60;/script&#62;",
    "entity-named": "&lt;img src=x onerror=alert(1)&gt;",
    "entity-twice": "&amp;lt;script&amp;gt;",
    "entity-open": "&lt&#60&#x3c&quot",
    "jinja": "{{ 7*7 }}{% raw %}{{ settings.title }}",
    "jinja-class": "{{ ''.__class__.__mro__ }}",
    "liquid": "{% include '/etc/passwd' %}{{ site.pages }}",
    "printf": "%(main)s %s %n %00d {main} {0.__class__}",
    "php": "<?php system('id'); ?><%= 7*7 %>",
    "ssi": '<!--#exec cmd="id" --><!--#include file="/etc/passwd"-->',
    "front-matter": "---\nlayout: evil\n---",
    "shell": "$(id) `id` ; id | id",
    "utf7": "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "wide-angle": "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "kelvin": "<\u017fcript>alert(1)</\u017fcript>",
    "bidi-override": "\u202egnp.exe\u202c",
    "bidi-isolate": "\u2067abc\u2066def",
    "hebrew": "\u05e9\u05dc\u05d5\u05dd (abc) 123",
    "zalgo": "z" + "\u0301\u0302\u0303" * 40,
    "zero-width": "a\u200b\u2060\ufeffb",
    "line-separator": "a\u2028<script>alert(1)</script>\u2029",
    "tag-newline": "<img\nsrc=x\nonerror=alert(1)>",
    "formula": "=cmd|'/c calc'!A0",
}
"""Text that would act if a page let it."""


def encoded(text: str) -> str:
    """A text as encoded words of UTF-8, six characters each, so that it may hold all."""
    words = (text[at : at + 6].encode("utf-8") for at in range(0, len(text), 6))
    return " ".join(
        "=?utf-8?q?" + "".join(f"={octet:02X}" for octet in word) + "?=" for word in words
    )


def hostile_mbox() -> bytes:
    """Each payload as a raw header, as encoded words, and as HTML mail."""
    letters: list[bytes] = []
    for number, payload in enumerate(PAYLOADS.values()):
        letters += (_raw(number, payload), _worded(number, payload), _html(number, payload))
    return mbox(letters)


def _one_line(payload: str) -> str:
    return " ".join(payload.split())


def _raw(number: int, payload: str) -> bytes:
    """The payload in every place as it is; the header is a line, so it is made one."""
    line = _one_line(payload)
    word = line.replace(" ", "")
    fields = {
        "From": f"{line} <raw{number}@example.org>",
        "To": f"{line} <to{number}@example.org>",
        "Subject": f"raw{number} {line}",
        "Message-ID": f"<raw{number}.{word}@example.org>",
        "In-Reply-To": f"<ghost{number}.{word}@example.org>",
        "X-" + word.replace(":", ""): line,
        "X-Plain": line,
        "Date": f"Mon, {1 + number % 28} Mar 1996 10:00:00 +0000 ({line})",
    }
    return _with_file(fields, f"raw{number} body\n{payload}\n", line, line)


def _worded(number: int, payload: str) -> bytes:
    """The payload as encoded words, and as parameters of RFC 2231."""
    octets = payload.encode("utf-8", "replace")
    percent = "utf-8''" + "".join(f"%{octet:02X}" for octet in octets)
    fields = {
        "From": f"{encoded(payload)} <word{number}@example.org>",
        "Subject": f"word{number} {encoded(payload)}",
        "Message-ID": f"<word{number}@example.org>",
        "In-Reply-To": f"<raw{number}.{_one_line(payload).replace(' ', '')}@example.org>",
        "Date": f"Mon, {1 + number % 28} Mar 1996 11:00:00 +0000",
    }
    return _with_file(fields, f"word{number} body\n> {payload}\n", "", percent)


def _with_file(fields: dict[str, str], body: str, charset: str, name: str) -> bytes:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    parameter = (
        f"filename*={name}" if name.startswith("utf-8''") else f'filename="{quoted}"'
    )
    head = "".join(f"{field}: {value}\n" for field, value in fields.items())
    return (
        f"{head}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=tea\n\n"
        f'--tea\nContent-Type: text/plain; charset="{charset or "utf-8"}"\n\n{body}\n'
        f"--tea\nContent-Type: text/{charset or 'html'}\n"
        f"Content-Disposition: attachment; {parameter}\n\n{body}\n--tea--\n"
    ).encode("utf-8", "replace")


def _html(number: int, payload: str) -> bytes:
    """HTML mail with the payload between two words."""
    return letter(
        f"html{number}",
        f"<html><body><p>html{number} opens</p>{payload}</body></html>\n",
        From=f"Hattie Mail <html{number}@example.org>",
        Content_Type="text/html; charset=utf-8",
    )
