"""The header block: fields by offset, order and repeats kept, odd lines survived."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.defects import DefectCode
from posterity.model import HeaderField
from posterity.parse.header import field_value, first, read_header

LETTER = (
    b"Received: from a.example.org\r\n"
    b"\tby b.example.org; Tue, 1 Jun 1993 10:00:00 +0000\r\n"
    b"From: Ann Lee <ann@example.org>\r\n"
    b"Received: from c.example.org\r\n"
    b"Subject: tea\r\n"
    b"\r\n"
    b"Green or black?\r\n"
)

NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1).filter(
    lambda name: ":" not in name
)
WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)


def names(octets: bytes) -> list[str]:
    return [field.name for field in read_header(octets)[0]]


def codes(octets: bytes) -> list[DefectCode]:
    return [defect.code for defect in read_header(octets)[2]]


def test_order_and_repeats_are_kept() -> None:
    """Every field is there, in the order it was sent."""
    assert names(LETTER) == ["Received", "From", "Received", "Subject"]


def test_offsets_lead_back_to_the_octets() -> None:
    """A field's offsets cut out its name, its value and its whole."""
    fields, body, _ = read_header(LETTER)

    found = fields[1]

    assert LETTER[found.start : found.value] == b"From:"
    assert LETTER[found.value : found.end] == b" Ann Lee <ann@example.org>\r\n"
    assert LETTER[body:] == b"Green or black?\r\n"


def test_value_is_unfolded() -> None:
    """The line end of a fold goes, the blank after it stays."""
    fields, _, _ = read_header(LETTER)

    value = field_value(LETTER, fields[0])

    assert value == (
        b"from a.example.org\tby b.example.org; Tue, 1 Jun 1993 10:00:00 +0000"
    )


def test_first_looks_without_case() -> None:
    """RFC 5322 §1.2.2: field names have no case."""
    fields, _, _ = read_header(LETTER)

    assert first(fields, "received") == fields[0]
    assert first(fields, "X-None") is None


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"From : ann\r\n\r\n", ["From"]),
        (b"From\t : ann\r\n\r\n", ["From"]),
        (b"Subject:tea\r\n\r\n", ["Subject"]),
        (b"Subject:\r\n\r\n", ["Subject"]),
        (b"X-9!#$: a\r\n\r\n", ["X-9!#$"]),
        (b">From: ann\r\nTo: ben\r\n\r\n", [">From", "To"]),
    ],
)
def test_field_names_as_they_come(octets: bytes, expected: list[str]) -> None:
    """A blank before the colon, none after it, an empty value: still fields."""
    assert names(octets) == expected


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r\r\n", b"\r"])
def test_p13_line_ends_give_the_same_fields(end: bytes) -> None:
    """CRLF, LF, CR CR LF and a bare CR split a header alike."""
    octets = LETTER.replace(b"\r\n", end)

    fields, body, defects = read_header(octets)

    assert names(octets) == ["Received", "From", "Received", "Subject"]
    assert field_value(octets, fields[3]) == b"tea"
    assert octets[body:] == b"Green or black?" + end
    assert defects == ()


def test_p13_mixed_line_ends() -> None:
    """Some lines in CRLF and some in LF are one header."""
    octets = b"From: ann\nTo: ben\r\n cid\n\tdan\nSubject: x\r\n\nbody\n"

    fields, body, _ = read_header(octets)

    assert [field.name for field in fields] == ["From", "To", "Subject"]
    assert field_value(octets, fields[1]) == b"ben cid\tdan"
    assert octets[body:] == b"body\n"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"From ann@example.org Tue Jun  1 10:00:00 1993", DefectCode.ENVELOPE_IN_HEADER),
        (b">From ann@example.org Tue Jun  1", DefectCode.ENVELOPE_IN_HEADER),
        (b"a line that was wrapped badly", DefectCode.JUNK_IN_HEADER),
        (b"No Colon Here", DefectCode.JUNK_IN_HEADER),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_odd_line_does_not_end_the_header(
    line: bytes, code: DefectCode, place: int
) -> None:
    """A line that is no field costs a defect, not the fields after it."""
    lines = [b"From: ann@example.org", b"Date: today", b"Subject: tea"]
    lines.insert(place, line)
    octets = b"\r\n".join(lines) + b"\r\n\r\nbody\r\n"

    fields, body, defects = read_header(octets)

    assert [field.name for field in fields] == ["From", "Date", "Subject"]
    assert octets[body:] == b"body\r\n"
    assert [(code, line[:120].decode())] == [(odd.code, odd.detail) for odd in defects]


def test_envelope_line_at_the_end_is_skipped() -> None:
    """An envelope line is never body, even as the last line of the header."""
    octets = b"From: ann\r\n>From ann Tue Jun  1 10:00:00 1993\r\n\r\nbody"

    assert octets[read_header(octets)[1] :] == b"body"


def test_forgotten_empty_line_loses_no_text() -> None:
    """Where no empty line ends the header, what follows the last field is body."""
    octets = b"From: ann\r\nSubject: tea\r\nGreen or black?\r\nTell me.\r\n\r\nAnn\r\n"

    fields, body, defects = read_header(octets)

    assert [field.name for field in fields] == ["From", "Subject"]
    assert octets[body:] == b"Green or black?\r\nTell me.\r\n\r\nAnn\r\n"
    assert [defect.code for defect in defects] == [DefectCode.JUNK_IN_HEADER]


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\r\n",
        b"\r\n\r\nJust a text.\r\n",
        b"\r\nFrom: ann\r\n\r\nquoted header\r\n",
        b"Just a text.\r\nOf two lines.\r\n\r\nAnd more.\r\n",
        b"As he said\r\nthen: nothing\r\nmore.\r\nwill come\r\n\r\n",
        b"From ann@example.org Tue Jun  1 10:00:00 1993\r\n\r\ntext\r\n",
        b"one line without an end",
    ],
)
def test_text_alone_has_no_header(octets: bytes) -> None:
    """A message of text only is all body."""
    fields, body, defects = read_header(octets)

    assert (fields, body) == ((), 0)
    assert [defect.code for defect in defects] == [DefectCode.NO_HEADER]


def test_header_without_body() -> None:
    """A message may end with its header, with an empty line or not."""
    for octets in (b"From: ann\r\n", b"From: ann", b"From: ann\r\n\r\n"):
        assert names(octets) == ["From"]
        assert read_header(octets)[1] == len(octets)


def test_d1_header_is_used_to_a_limit() -> None:
    """Of a header of 2 MB the first 1 MB is read; the body is found all the same."""
    line = b"X-Filler: " + b"y" * 88 + b"\r\n"
    octets = b"From: ann\r\n" + line * 20_972 + b"Subject: late\r\n\r\nbody\r\n"

    fields, body, defects = read_header(octets)

    assert [defect.code for defect in defects] == [DefectCode.HEADER_TOO_LONG]
    assert fields[-1].end == 1 << 20
    assert octets[body:] == b"body\r\n"


def test_blank_fold_is_part_of_the_field() -> None:
    """RFC 5322 §4.2: a line of blanks only is a fold, not the end of the header."""
    octets = b"Subject: tea\r\n  \r\n or coffee\r\nFrom: ann\r\n\r\nbody"

    fields, body, _ = read_header(octets)

    assert [field.name for field in fields] == ["Subject", "From"]
    assert field_value(octets, fields[0]).split() == [b"tea", b"or", b"coffee"]
    assert octets[body:] == b"body"


def test_h1_bare_cr_stays_inside_its_field() -> None:
    """A carriage return among line feeds is no line end: no field is smuggled in."""
    octets = b"Subject: tea\rBcc: eve@example.org\r\nFrom: ann\r\n\r\n"

    assert names(octets) == ["Subject", "From"]


@given(st.lists(st.tuples(NAMES, st.lists(WORDS, min_size=1, max_size=4)), min_size=1))
def test_unfold_undoes_fold(letter: list[tuple[str, list[str]]]) -> None:
    """Folding at any blank and unfolding again is no change."""
    octets = b"".join(
        f"{name}: {chr(13) + chr(10) + ' '}".encode().rstrip()
        + b" "
        + b"\r\n ".join(word.encode() for word in words)
        + b"\r\n"
        for name, words in letter
    )

    fields, body, defects = read_header(octets + b"\r\nbody")

    assert [name for name, _ in letter] == [field.name for field in fields]
    assert [" ".join(words).encode() for _, words in letter] == [
        field_value(octets, field) for field in fields
    ]
    assert (len(octets) + 2, ()) == (body, defects)


@given(st.lists(st.sampled_from([b"A: b\r\n", b" c\r\n", b"junk\r\n", b"From x\r\n"])))
@settings(max_examples=60)
def test_spans_cover_the_header(lines: list[bytes]) -> None:
    """Fields lie in order, never overlap, and leave out odd lines only."""
    octets = b"From: ann\r\n" + b"".join(lines) + b"To: ben\r\n\r\nbody"

    fields, body, _ = read_header(octets)

    if not fields:
        return
    ends = [0, *(field.end for field in fields)]
    gaps = [octets[end : field.start] for end, field in zip(ends, fields, strict=False)]
    assert all(field.start < field.value <= field.end for field in fields)
    assert all(not gap or gap.startswith((b"junk", b"From x")) for gap in gaps)
    assert octets[body:] == b"body"


@given(st.binary(max_size=300))
def test_p23_any_octets_are_read(octets: bytes) -> None:
    """No octets raise; offsets stay inside the message."""
    fields, body, _ = read_header(octets)

    assert 0 <= body <= len(octets)
    assert all(isinstance(field, HeaderField) for field in fields)
    assert all(field.end <= body for field in fields)
