"""Mail inside mail: forwarded messages and digests, by what stands around them.

    ---------- Forwarded message ----------      a mark
    From: Ann Doe <ann@example.org>              the header of the mail inside
    Subject: lunch
                                                 its text, one frame deeper
    ------- End of Forwarded Message             back again, where it is said

A digest (RFC 1153) is a row of mails, each after a line of thirty hyphens; they are
neighbours, not nested. A header block with no mark above begins a frame too, unless
a quote follows it: then it is somebody's way to say whose words those are.

Sources: RFC 934 (encapsulation), RFC 1153 (digests); the marks of many mailers.
"""

from __future__ import annotations

import re
from typing import Final

from posterity.model import SegmentKind
from posterity.parse.sheet import MAX_FRAME, MAX_MARK, OWN, Sheet

_WHAT: Final = (
    r"(?:forwarded|forward|included|original|previous|fwd|re-?sent|attached)[ -]*"
    r"(?:messages?|mail|text|e-?mail|posting|article|letter|transaction)"
)
_MARK: Final = re.compile(
    rf"(?P<rule>(?:-[ ])*[-=*_#<>~+ \t]{{0,60}}?)(?P<begin>(?:begin|start)(?: of| the)?:?[ ])?(?:{_WHAT})\b"
    r"(?P<rest>.{0,80}?)(?P<tail>[-=*_#<>~+ \t]*)$",
    re.IGNORECASE,
)
_END: Final = re.compile(
    rf"(?:-[ ])*[-=*_#<>~+ \t]{{0,60}}?(?:end(?:s)?(?: of| the)?:?[ ](?:of )?{_WHAT}"
    rf"|{_WHAT}[ ]ends)\b",
    re.IGNORECASE,
)
_RULE: Final = re.compile(r"(?:- )?(?:-{25,}|[-=_*]{25,})[ \t]*$")
_TRAILER: Final = re.compile(
    r"End of .{0,80}\b(?:[Dd]igest|DIGEST)\b|End of .{3,80} [Dd]igest"
)
_FIELD: Final = re.compile(r"[ \t]{0,8}([A-Za-z][A-Za-z0-9-]{0,40})[ ]?:")
_ENVELOPE: Final = re.compile(r"[ \t]*>?From[ ]\S+[ ][^:]{3,40}:\d\d")
_KNOWN: Final = frozenset(
    {
        *("from", "date", "subject", "to", "message-id", "received", "return-path"),
        *("sender", "newsgroups", "path", "xref", "reply-to", "cc", "organization"),
        *("sent", "lines", "references", "in-reply-to", "mime-version", "content-type"),
        *("x-mailer", "x-sender", "status", "approved", "followup-to"),
        *("nntp-posting-host", "distribution", "keywords", "summary", "originator"),
        *("article", "article-id", "posted-date", "delivery-date", "precedence", "von"),
        *("an", "betreff", "datum", "gesendet", "de", "para", "asunto", "fecha"),
        *("objet",),
    }
)
_NAMING: Final = frozenset(
    {
        *("from", "sender", "date", "subject", "von", "betreff", "datum", "de"),
        *("asunto", "objet", "sent"),
    }
)
_BARE_FIELDS: Final = 3
"""Known fields that make a header block where nothing else says so."""
_MARKED_FIELDS: Final = 1
_MAX_GAP: Final = 3
_MAX_HEADER: Final = 200
"""Lines of one header block that are looked at; the longest seen in a digest are 60."""


class Frames:
    """The forwards that are open at a line, innermost last."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._open: list[str] = []
        self._since = 0

    def _settle(self, at: int) -> None:
        """Give the lines since the last change their frame."""
        depth = min(len(self._open), MAX_FRAME)
        if depth:
            self._sheet.frames[self._since : at] = [depth] * (at - self._since)
        self._since = at

    def open(self, kind: str, at: int) -> None:
        """A mail begins at a line; it ends its neighbour in a digest or row of mails."""
        self._settle(at)
        if kind != "marked" and self._open and self._open[-1] == kind:
            self._open.pop()
        self._open.append(kind)

    def close(self, at: int, kinds: frozenset[str]) -> None:
        """The innermost mail of these kinds ends before a line, with all inside it."""
        self._settle(at)
        depth = len(self._open)
        while depth and self._open[depth - 1] not in kinds:
            depth -= 1
        if depth:
            del self._open[depth - 1 :]

    def finish(self) -> None:
        """The text ends."""
        self._settle(len(self._sheet.lines))

    def read(self, first: int, clue: str) -> int:
        """Mark a forward's mark or header at a line; gives the line after, -1 for none."""
        line = self._sheet.lines[first]
        if len(line) > MAX_MARK:
            return -1
        if clue == "header":
            return self._bare_header(first)
        if clue == "trailer":
            return self._digest_end(first) if _TRAILER.match(line) else -1
        return self._drawn(first, line)

    def _drawn(self, first: int, line: str) -> int:
        """Read an end mark, a mark, or a digest's hyphens."""
        if _END.match(line):
            self.close(first, frozenset(("marked",)))
            self._sheet.mark(SegmentKind.FORWARD_MARK, first, first + 1)
            self._sheet.frames[first] = min(len(self._open), MAX_FRAME)
            return first + 1
        if is_mark(line):
            return self._marked(first)
        return self._digest_entry(first) if _RULE.match(line) else -1

    def _marked(self, first: int) -> int:
        """Open the mail that a mark announces."""
        sheet = self._sheet
        end, known = header_end(sheet, self._skip_blank(first + 1))
        if known < _MARKED_FIELDS:
            end = first + 1
        sheet.mark(SegmentKind.FORWARD_MARK, first, first + 1)
        if known < _MARKED_FIELDS and self._quote_follows(end):
            return end
        self.open("marked", first + 1)
        if known >= _MARKED_FIELDS:
            sheet.mark(SegmentKind.FORWARD_HEADER, first + 1, end)
        return end

    def _digest_entry(self, first: int) -> int:
        """Open a digest's entry where a header block follows the hyphens."""
        sheet = self._sheet
        start = self._skip_blank(first + 1)
        if start == len(sheet.lines):
            return -1
        if _TRAILER.match(sheet.lines[start][:MAX_MARK]):
            return self._digest_end(first)
        end, known = header_end(sheet, start)
        if known < _BARE_FIELDS - 1:
            return -1
        if self._quote_follows(end):
            return -1
        self._settle(first)
        if "entry" in self._open:
            self.close(first, frozenset(("entry",)))
        sheet.mark(SegmentKind.FORWARD_MARK, first, first + 1)
        self._settle(first + 1)
        self.open("entry", first + 1)
        sheet.mark(SegmentKind.FORWARD_HEADER, first + 1, end)
        return end

    def _digest_end(self, first: int) -> int:
        """Close the digest that ends at a line."""
        if "entry" not in self._open:
            return -1
        self.close(first, frozenset(("entry",)))
        return first + 1

    def _bare_header(self, first: int) -> int:
        """Open the mail whose header stands in the text with no mark above it."""
        sheet = self._sheet
        if not self._may_begin(first):
            return -1
        end, known = header_end(sheet, first)
        if known < _BARE_FIELDS:
            return -1
        if first and _ENVELOPE.match(sheet.lines[first - 1][:MAX_MARK]):
            first -= 1
        sheet.mark(SegmentKind.FORWARD_HEADER, first, end)
        if self._quote_follows(end):
            return end
        self.open("bare", first)
        return end

    def _may_begin(self, first: int) -> bool:
        """Whether what stands above a line lets a header begin there."""
        sheet = self._sheet
        if sheet.is_blank(first - 1) or sheet.kinds[first - 1] is not OWN:
            return True
        above = sheet.lines[first - 1]
        return len(above) <= MAX_MARK and bool(
            _RULE.match(above) or _ENVELOPE.match(above) or above.rstrip().endswith(":")
        )

    def _skip_blank(self, at: int) -> int:
        """The first line that shows something, at most three lines on."""
        stop = min(len(self._sheet.lines), at + _MAX_GAP)
        while at < stop and self._sheet.is_blank(at):
            at += 1
        return at

    def _quote_follows(self, at: int) -> bool:
        """Whether the next line that shows something is quoted by a > ."""
        at = self._skip_blank(at)
        return (
            at < len(self._sheet.lines) and self._sheet.lines[at].lstrip(" \t")[:1] == ">"
        )


def is_mark(line: str) -> bool:
    """Whether a line says that another mail follows, and says little else."""
    found = _MARK.match(line.rstrip())
    if not found:
        return False
    decorated = len(found["rule"].strip()) > 1
    if decorated and (found["tail"] or found["begin"] or len(found["rest"]) < 40):
        return True
    rest = found["rest"].strip().lower()
    return rest in {":", "follows:", "begins here:"} or (
        bool(found["begin"]) and rest.endswith(":")
    )


def header_end(sheet: Sheet, first: int) -> tuple[int, int]:
    """Where a header block ends, and how many known fields it has.

    Gives (first, 0) where no block begins at the line or it names nothing.
    """
    lines = sheet.lines
    at = first
    names: set[str] = set()
    stop = min(len(lines), first + _MAX_HEADER)
    margin = ""
    if at < stop and _ENVELOPE.match(lines[at][:MAX_MARK]):
        at += 1
    start = at
    while at < stop:
        field = _FIELD.match(lines[at])
        if field and (at == start or lines[at].startswith(margin)):
            if at == start:
                margin = lines[at][: field.start(1)]
            names.add(field.group(1).lower())
        elif at == start or not lines[at].startswith((" ", "\t")) or sheet.is_blank(at):
            break
        at += 1
    known = names & _KNOWN
    if not known & _NAMING:
        return first, 0
    return at, len(known)
