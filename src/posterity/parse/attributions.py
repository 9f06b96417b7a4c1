"""The lines that say whose words follow: "On 3 May, Ann Doe wrote:".

Every mailer has its own, and people write their own by hand. What they share: they
stand right above a quote, end in a verb of saying or a colon, and are short.
"""

from __future__ import annotations

import re
from typing import Final

from posterity.parse.sheet import OWN, Sheet

_MAX_LINES: Final = 4
_MAX_LENGTH: Final = 400
_MAX_BLANK: Final = 2
_CUT: Final = re.compile(
    r"\W{0,6}(?:snip\w*|cut|deleted?|elided|omitted)?\W{0,6}$", re.IGNORECASE
)
"""What stands where part of a quote was left out: [...], <snip>."""

_SAID: Final = (
    r"wrote|writes?|written|said|says|sez|saith|asks|asked|repl(?:ies|ied)"
    r"|responds|responded|comment(?:s|ed)|remark(?:s|ed)|not(?:es|ed)|states|stated"
    r"|adds|added|observe[sd]|post(?:s|ed)|spake|spoke|typed|opine[sd]|mention(?:s|ed)"
    r"|suggest(?:s|ed)|claim(?:s|ed)|argue[sd]|continue[sd]|quote[sd]|scribbled|babble[sd]"
    r"|complain(?:s|ed)|explain(?:s|ed)|wonder(?:s|ed)|rant(?:s|ed)|declare[sd]|enquired"
    r"|inquired|pointed out|points out|put it|expounded|thusly|cried|speaks|kirjutas|bespake|scribed|enscribed|muse[sd]|utter(?:s|ed)"
    r"|schrieb(?:en)?|schreibt|a [ée]crit|écrit|ecrit|escribi[óo]|escribe|escreveu|ha scritto"
    r"|scrive|schreef|skrev|kirjoitti|napisał\(?a?\)?|napsal|pisze|írta|написала?|пишет|писал"
    r"|写道|wrote/said|wrote on"
)
_SAYS: Final = re.compile(
    rf"(?:^|[\s>)\]\"'*_:,-])(?:{_SAID})(?:\s+[^.!?]{{0,60}})?$", re.IGNORECASE
)
_SAYING: Final = frozenset(
    {
        *("wrote", "writes", "write", "written", "said", "says", "sez", "asks"),
        *("asked", "replied", "replies", "responds", "schrieb", "écrit", "ecrit"),
        *("skrev", "schreef", "scrive", "kirjutas"),
    }
)
"""What may end an attribution without a colon."""
_REMARK: Final = re.compile(r"\s*\[[^\[\]]{0,40}\]$")
_DATED: Final = re.compile(r"\d|@|<|article|message")
_OPENS: Final = re.compile(
    r"[ \t*>]*(?:On|In (?:article|message|the|a|an|your|his|her|reply|<|\S+@)|In-Reply-To|At|From"
    r"|Quoting|Quoth|According to|Thus|Le|Am|El|Em|Il|Op|Den|W dniu|Dne|Begin quote|Message"
    r"|Date:|\"[^\"]{1,40}\" ==|\d{1,4}[-/. ]\w+[-/. ]\d{2,4}|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b)",
)
_ADDRESS: Final = re.compile(r"\S@[\w.-]+\w|<[^<>@ ]+>|\b[\w.-]+!\w+")
_INTRODUCES: Final = re.compile(
    r"(?:^|\b)(?:message|posting|post|article|mail|letter|wrote|said|reply|from|re)\b[^.!?]*$",
    re.IGNORECASE,
)
_MAILBOX: Final = re.compile(
    r"(?:[\w.\"'() -]{0,60}<[\w.%+=!-]+@[\w.-]+>|[\w.%+=!-]+@[\w.-]+(?: ?\([^()]{0,60}\))?)[ ,]*$"
)
_FULL_NAME: Final = re.compile(r"[A-Z][\w.'-]*(?: [A-Z][\w.'-]*){1,3}$")
_FIRST_NAME: Final = re.compile(r"[A-Z][a-z]+(?:-[A-Z][a-z]+)?:\s*$")
_FIELD: Final = re.compile(
    r"[ \t]{0,3}(?:From|Date|To|Cc|Subject|Sender|Message-I[Dd]):[ \t]", re.IGNORECASE
)
_AUTHOR: Final = re.compile(r"[ \t]{0,3}(?:From|Sender):[ \t]", re.IGNORECASE)
_BARE_END: Final = re.compile(
    rf"[ \t]*(?:<[^<>]*>|\([^()]*\)|\S+@\S+)?[ \t]*(?:\([^()]*\))?[ \t]*(?:has |have )?"
    rf"(?:{_SAID})\b",
    re.IGNORECASE,
)


def is_attribution(line: str) -> bool:
    """Whether a line alone says that somebody's words follow."""
    line = line.strip()
    if not line or len(line) > _MAX_LENGTH:
        return False
    if line[-1] == "]":
        line = line.strip("[] ") if line[0] == "[" else _REMARK.sub("", line)
    head, colon, tail = line.rpartition(":")
    if colon and not tail.strip("- \t"):
        return bool(  # the quickest first, and the search for any verb last
            _OPENS.match(line)
            or _FULL_NAME.match(head)
            or _FIRST_NAME.match(line)
            or _ADDRESS.search(line)
            or _INTRODUCES.search(head)
            or _SAYS.search(head.rstrip())
        )
    words = line.rstrip(" ,;>.=-")
    if words[words.rfind(" ") + 1 :].lower() in _SAYING:
        return line[len(words) :].strip() != "."
    return "@" in line and bool(_MAILBOX.match(line))


def attribution_above(sheet: Sheet, index: int) -> int:
    """The first line of the attribution right above a line, -1 for none.

    At most two blank lines and a [...] stand between, and it has at most four lines,
    all own.
    """
    last = _words_above(sheet, index)
    if _is_words(sheet, last) and _CUT.match(sheet.lines[last][:_MAX_LENGTH]):
        last = _words_above(sheet, last)
    if not _is_words(sheet, last):
        return -1
    if _FIELD.match(sheet.lines[last]):
        return _fields_above(sheet, last)
    return _first_line(sheet, last) if is_attribution(sheet.lines[last]) else -1


def _words_above(sheet: Sheet, index: int) -> int:
    """The line above that shows something, at most two blank lines away."""
    last = index - 1
    while last >= 0 and index - last <= _MAX_BLANK and sheet.is_blank(last):
        last -= 1
    return last


def _first_line(sheet: Sheet, last: int) -> int:
    """The first line of the attribution that ends at a line; -1 if it is none after all."""
    for at in range(last, max(last - _MAX_LINES, -1), -1):
        if not _is_words(sheet, at):
            break
        line = sheet.lines[at][:_MAX_LENGTH]
        if _OPENS.match(line) and _DATED.search(line):
            return at
    if not _is_words(sheet, last - 1):
        return last
    line = sheet.lines[last]
    if _MAILBOX.match(line.strip()) or _FIRST_NAME.match(line):
        return -1  # right under a text it is who signs it, or a word of it
    return last - 1 if _BARE_END.match(line) else last


def _is_words(sheet: Sheet, at: int) -> bool:
    """Whether a line is the author's own and shows something."""
    return at >= 0 and sheet.kinds[at] is OWN and not sheet.is_blank(at)


def _fields_above(sheet: Sheet, last: int) -> int:
    """The first of the header lines that end at a line and name an author; -1 for none."""
    first = last
    while last - first < _MAX_LINES and _is_words(sheet, first - 1):
        if not _FIELD.match(sheet.lines[first - 1]):
            break
        first -= 1
    named = any(_AUTHOR.match(sheet.lines[at]) for at in range(first, last + 1))
    return first if named else -1
