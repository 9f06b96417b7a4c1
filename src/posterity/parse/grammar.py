"""The productions that reading a header needs, as regular expressions.

Each stands under its RFC and its ABNF, widened by what the world sends. All run in
linear time: quantifiers that could give octets back are possessive, and alternatives
begin with different octets.

Sources: RFC 5322, RFC 2045, RFC 2047, RFC 2231.
"""

from __future__ import annotations

import re

HEADER_LIMIT = 1 << 20
"""Octets of a header block that are read; the rest is kept but not used."""

DETAIL_LIMIT = 120
"""Characters of a defect's detail (posterity.defects.Defect)."""

# -- lines ---------------------------------------------------------------------------

# RFC 5322 §2.1: the header ends at the first empty line. CRLF is the line end; LF alone
# and CR CR LF are what conversions between systems left behind.
LINE_END = re.compile(rb"\r*+\n")
BLANK_LINE = re.compile(rb"\n\r*+\n")

# RFC 5322 §2.2, §3.6.8, §4.5.8:
#   optional-field = field-name *WSP ":" unstructured CRLF     *WSP: obsolete, still seen
#   field-name     = 1*ftext                                   ftext = %d33-57 / %d59-126
#   a fold is CRLF followed by WSP
# A line that is no field matches without groups.
HEADER_LINE = re.compile(
    rb"([!-9;-~]++)[ \t]*+:([^\n]*+(?>(?:\n[ \t][^\n]*+)*)\n?)|[^\n]*+\n|[^\n]++"
)

# RFC 4155: the line an mbox puts before a message; ">" where a quoting mbox held it.
ENVELOPE_LINE = re.compile(rb">*+From ")

FOLD = re.compile(rb"[\r\n]++(?=[ \t])")

# C0 controls but for TAB, CR, LF; ESC only where it starts no ISO-2022 designation.
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]|\x1b(?![$(])")

CONTROLS = bytes(set(range(32)) - set(b"\t\r\n")) + b"\x7f"

# What may not stand in a header's text: C0, DEL, C1 (NEL among them), the Unicode line
# and paragraph separators.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

# -- encoded words -------------------------------------------------------------------

# RFC 2047 §2: encoded-word = "=?" charset "?" encoding "?" encoded-text "?="
# RFC 2231 §5 adds "*" language to the charset. Wider here: the text may hold blanks,
# "?" and "=", but not the start of another word.
ENCODED_WORD = re.compile(
    r"=\?([^?\s]{0,80})\?([bBqQ])\?"
    r"((?>(?:[^?=]++|=++(?!\?(?!=))|\?+(?!=))*))"
    r"\?="
)

# -- parameters ----------------------------------------------------------------------

# RFC 2045 §5.1: parameter = attribute "=" value, value = token / quoted-string.
# A value that is not quoted runs to the ";": the world leaves blanks in it.
# What stands between two parameters, comments among it, is passed over first.
# Match these, never search: a text without "=" would cost its square.
BETWEEN_PARAMETERS = re.compile(r'(?>(?:[;\s]++|\([^()"]*+\))*)')
PARAMETER = re.compile(
    r'([^\s=;"]++)\s*+=\s*+(?:"((?>(?:[^"\\]++|\\.)*))"|([^;]*+))', re.DOTALL
)

# RFC 2231 §7: attribute [ "*" section ] [ "*" ]
EXTENDED_NAME = re.compile(r"([^*]++)(?:\*(\d{1,9}))?(\*)?")


def excerpt(octets: bytes) -> str:
    """A few octets as a defect's detail: printable ASCII, at most 120 characters."""
    shown = octets[:DETAIL_LIMIT].strip().decode("ascii", "backslashreplace")
    return UNPRINTABLE.sub(" ", shown)[:DETAIL_LIMIT]
