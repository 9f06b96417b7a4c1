"""Real mail, read by us and by Python's email package; and counted."""

from __future__ import annotations

import email
import lzma
from collections import Counter
from pathlib import Path

import pytest

from posterity.defects import DefectCode
from posterity.parse import message_digest, parse_message
from posterity.parse.header import field_value, read_header

SEPARATOR = b"From cypherpunks@MHonArc.venona  Wed Dec 17 23:17:14 2003\r\n"
HEADER_DEFECTS = frozenset(
    {DefectCode.NO_HEADER, DefectCode.JUNK_IN_HEADER, DefectCode.ENVELOPE_IN_HEADER}
    | {DefectCode.CONTROL_IN_HEADER, DefectCode.JOINED_VALUES, DefectCode.REPEATED_FIELD}
    | {DefectCode.NO_FROM, DefectCode.NO_DATE, DefectCode.NO_SUBJECT}
    | {DefectCode.BAD_MESSAGE_ID, DefectCode.NO_MESSAGE_ID, DefectCode.BAD_CONTENT_TYPE}
    | {DefectCode.UNDECLARED_8BIT, DefectCode.UNDECODABLE, DefectCode.BAD_ENCODED_WORD}
    | {DefectCode.UNKNOWN_CHARSET, DefectCode.WRONG_CHARSET}
)


def messages(corpus: Path, year: int) -> list[bytes]:
    """The octets of each message of a dump, without the separator's blank line."""
    packed = (corpus / "cypherpunks" / f"cyp-{year}.txt.xz").read_bytes()
    dump = lzma.decompress(packed)
    return [each.removesuffix(b"\r\n") for each in dump.split(SEPARATOR)[1:]]


def digests(corpus: Path) -> set[str]:
    lines = (corpus / "cypherpunks" / "truth" / "dates.tsv").read_text().splitlines()
    return {line.partition("\t")[0] for line in lines}


@pytest.mark.corpus
def test_fields_agree_with_the_standard_library(corpus: Path) -> None:
    """Names and values of all header fields of 976 real messages, in order."""
    read = messages(corpus, 1992)
    assert len(read) == 976
    for octets in read:
        fields, body, _ = read_header(octets)
        theirs = email.message_from_bytes(octets)

        found = [(field.name, field_value(octets, field)) for field in fields]

        expected = [
            (name, str(value).encode("ascii", "surrogateescape").replace(b"\r\n", b""))
            for name, value in theirs.raw_items()
        ]
        assert [(name, value.strip()) for name, value in expected] == found
        payload = theirs.get_payload(decode=True)
        assert payload == octets[body:]


@pytest.mark.corpus
def test_digests_are_those_of_the_published_archive(corpus: Path) -> None:
    """Every message of 1992 has the hash under which it was published."""
    known = digests(corpus)

    assert all(message_digest(octets) in known for octets in messages(corpus, 1992))


@pytest.mark.corpus
@pytest.mark.long
def test_header_defects_of_the_real_list(corpus: Path) -> None:
    """What is odd about the headers of 65,667 messages, by exact count."""
    found = Counter(
        defect.code
        for year in range(1992, 1997)
        for octets in messages(corpus, year)
        for defect in parse_message(octets).defects
        if defect.code in HEADER_DEFECTS
    )

    assert found == {
        DefectCode.JOINED_VALUES: 82,
        DefectCode.UNDECLARED_8BIT: 24,
        DefectCode.CONTROL_IN_HEADER: 19,
        DefectCode.BAD_CONTENT_TYPE: 9,
        DefectCode.BAD_MESSAGE_ID: 2,
        DefectCode.JUNK_IN_HEADER: 1,
    }
