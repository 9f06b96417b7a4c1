"""What each line of a text is: by kind, level and frame, on letters written for this."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.model import Segment, SegmentKind
from posterity.parse.segments import cut

Linear = Callable[..., None]

ARMOUR = [f"{'iQCVAwUBMx5' * 5}{'A' * 9}", f"{'aZ09+/bQ' * 8}", "xyz12345", "=Ab1+"]


def kinds(text: str) -> list[str]:
    """The kind of each line, with its level and frame where they are not 0."""
    named: list[str] = []
    for segment in cut(text.split("\n")):
        name = segment.kind.value
        name += f" {segment.level}" if segment.level else ""
        name += f" /{segment.frame}" if segment.frame else ""
        named.extend([name] * (segment.last - segment.first + 1))
    return named


def check(*pairs: tuple[str, str]) -> None:
    """Assert that each line (kind, text) is what it is said to be."""
    found = kinds("\n".join(text for _, text in pairs))
    assert [(kind, text) for kind, (_, text) in zip(found, pairs, strict=True)] == list(
        pairs
    )


def test_no_lines_have_no_segments() -> None:
    """An empty text has nothing to be told apart."""
    assert cut([]) == ()


def test_plain_words_are_one_segment() -> None:
    """A letter with no mark in it is its author's words, whole."""
    assert cut(["Dear all,", "", "it rains."]) == (Segment(SegmentKind.OWN, 0, 1, 3, 0),)


def test_a_quote_its_author_and_the_answer() -> None:
    """The commonest letter of all: an attribution, a quote, an answer, a signature."""
    check(
        ("attribution", "On Tue, 3 Jan 1995, Ann Doe wrote:"),
        ("attribution", ""),
        ("quote 1", "> It rains."),
        ("quote 2", ">> Does it rain?"),
        ("quote 2", "> > I asked."),
        ("own", ""),
        ("own", "It has stopped."),
        ("own", ""),
        ("signature", "-- "),
        ("signature", "Bob Roe  bob@example.org"),
    )


def test_an_attribution_may_take_two_lines() -> None:
    """A mailer that wraps the attribution keeps it one."""
    check(
        ("own", "Thanks."),
        ("attribution", "In article <9501030@example.org>,"),
        ("attribution", "Ann Doe <ann@example.org> wrote:"),
        ("quote 1", "> It rains."),
    )


@pytest.mark.parametrize(
    "line",
    [
        "Ann Doe writes:",
        "ann@example.org (Ann Doe) says:",
        "At 10:15 AM 1/3/95 -0500, you wrote:",
        "Am 3. Januar 1995 schrieb Ann Doe:",
        "Le 3 janvier 1995, Ann Doe a écrit :",
        "El 3 de enero, Ann Doe escribió:",
        "3 января Анна писал:",
        "Ann Doe <ann@example.org>:",
        "Ann Doe:",
        "From: Ann Doe <ann@example.org>",
        "ann@example.org (Ann Doe)",
        "And then Ann said",
        "Ann wrote: [much cut]",
    ],
)
def test_who_is_quoted_is_said_in_many_ways(line: str) -> None:
    """Whatever the mailer or language, the line above a quote that names its author."""
    assert kinds(f"Hello.\n\n{line}\n> It rains.")[2] == "attribution"


@pytest.mark.parametrize(
    "line",
    [
        "I do not think so.",
        "See above.",
        "[...]",
        "That is all I have to say",
        "Yours, Ann",
    ],
)
def test_words_above_a_quote_are_not_always_an_attribution(line: str) -> None:
    """The author's own last sentence before a quote stays the author's."""
    assert kinds(f"Hello.\n\n{line}\n> It rains.")[2] == "own"


@pytest.mark.parametrize("cut_here", ["[...]", "<snip>", "...", "[deleted]"])
def test_what_was_left_out_parts_no_attribution_from_its_quote(cut_here: str) -> None:
    """A mark for words left out may stand between who is quoted and the quote."""
    text = f"Ann Doe wrote:\n\n{cut_here}\n\n> It rains."
    assert kinds(text) == [*["attribution"] * 4, "quote 1"]


def test_attributions_stand_above_one_another() -> None:
    """Where a quote begins two deep, both of those quoted are named."""
    check(
        ("attribution", "Ann Doe wrote:"),
        ("attribution", "Bob Roe wrote:"),
        ("quote 2", "> > It rains."),
        ("quote 1", "> It does."),
    )


def test_from_lines_of_an_mbox_are_no_quote() -> None:
    """>From alone among own words is a mailbox's quoting, not a person's."""
    check(("own", "Rain comes"), ("own", ">From the west, mostly."), ("own", "Bye."))


def test_from_inside_a_quote_stays_quoted() -> None:
    """The same line beside quoted ones is quoted."""
    assert kinds("> Rain comes\n>From the west.") == ["quote 1", "quote 1"]


def test_blank_lines_inside_a_quote_belong_to_it() -> None:
    """Mailers that leave blank lines unmarked do not break the quote."""
    assert kinds("> one\n\n> two") == ["quote 1"] * 3


def test_the_tail_of_a_broken_quoted_line_belongs_to_it() -> None:
    """A quoted line of full width, broken by the sender's mailer, is whole again."""
    long = "> " + "rain " * 15
    check(("quote 1", long), ("quote 1", "and wind"), ("quote 1", "> and so on"))


def test_a_short_answer_between_quotes_is_no_tail() -> None:
    """An answer without blank lines around it stays an answer."""
    check(("quote 1", "> Does it rain?"), ("own", "yes"), ("quote 1", "> And snow?"))


@pytest.mark.parametrize("mark", ["|", ":", "}"])
def test_other_marks_quote_where_someone_is_named(mark: str) -> None:
    """Bars, colons and braces quote below an attribution."""
    assert kinds(f"Ann Doe wrote:\n{mark} It rains.\n\nNo.")[1] == "quote 1"


def test_other_marks_quote_in_a_run_of_prose() -> None:
    """Three lines of prose behind bars are a quote even if nobody is named."""
    text = "| It has rained\n| all day and\n| all night here."
    assert kinds(f"Hello.\n{text}\nIndeed.") == ["own", *["quote 1"] * 3, "own"]
    assert kinds(":Does it rain,\n:or pour?\n\nIt does.")[:2] == ["quote 1"] * 2


@pytest.mark.parametrize(
    "text",
    [
        "| year | rain |\n| 1993 | much |\n| 1994 | little |",
        "+-------+\n| Ann Doe at home\n| Bob Roe at sea\n| and so on\n+-------+",
        "Ann\n--\n| Fidonet: Ann Doe\n| Internet: none\n| or by post",
        "}\n}\n} else {",
        "::\nRequest-Remailing-To: ann@example.org",
        "|  /\\  |\n| /  \\ |\n|/    \\|",
        ":) :)",
    ],
)
def test_tables_boxes_and_code_are_no_quote(text: str) -> None:
    """What is drawn with bars, or programmed with braces, is the author's."""
    assert set(kinds(text)) <= {"own", "signature"}


def test_initials_quote_where_they_come_again() -> None:
    """JD> twice is somebody; A> once is a prompt."""
    assert kinds("JD> It rains.\nJD> It pours.\n\nDoes it?")[:2] == ["quote 1"] * 2
    assert kinds("Type dir:\nA> dir\nand wait.") == ["own"] * 3


def test_supercite_names_its_author_first() -> None:
    """A heading of five > names whose initials follow; it is no fifth level."""
    check(
        ("attribution", '>>>>> "AD" == Ann Doe <ann@example.org> writes:'),
        ("attribution", ""),
        ("quote 1", "AD> It rains."),
        ("quote 1", "AD> It pours."),
    )


def test_a_row_of_marks_is_a_line_drawn() -> None:
    """>>>>>>>> alone quotes nothing."""
    assert kinds("Look:\n>>>>>>>>>>>>>>\nthere") == ["own"] * 3


def test_indented_words_under_an_author_are_a_quote() -> None:
    """Some quote by margin alone; the words above say so."""
    check(
        ("attribution", "Ann Doe wrote:"),
        ("attribution", ""),
        ("quote 1", "    It rains here,"),
        ("quote 1", "    and it pours."),
        ("own", ""),
        ("own", "Does it?"),
    )


def test_a_letter_that_begins_with_an_indented_author() -> None:
    """The margin of an indented From: line quotes to the end of the letter."""
    check(
        ("attribution", "   From: Ann Doe <ann@example.org>"),
        ("attribution", "   Date: 3 Jan 1995"),
        ("own", ""),
        ("quote 1", "   It rains here,"),
        ("quote 1", "   and it pours."),
        ("own", ""),
        ("own", "It does."),
        ("own", ""),
        ("quote 1", "   Bring a coat,"),
        ("quote 1", "   or two."),
    )


def test_an_indented_list_is_the_authors_own() -> None:
    """Indentation with nobody named is only indentation."""
    assert set(kinds("I need:\n\n    a coat\n    a hat\n\nAnn")) == {"own"}


@pytest.mark.parametrize(
    ("mark", "tail"),
    [
        ("-- ", ["Ann Doe"]),
        ("--", ["Ann Doe", "ann@example.org"]),
        ("---", ["Ann Doe"]),
        ("- -- ", ["Ann Doe"]),
        ("--Ann", ["", "who is at home"]),
        ("-- Ann Doe <mailto:ann@example.org>", ["PGP mail preferred"]),
        ("____________________", ["Ann Doe, ann@example.org"]),
        ("=-=-=-=-=-=-=", ["Ann Doe", "Voice: 555-0100"]),
        ("..............", ["Ann Doe   | http://example.org/"]),
        ("==", ["Ann Doe | finger ann@example.org"]),
    ],
)
def test_a_signature_begins_in_many_ways(mark: str, tail: list[str]) -> None:
    """From the convention to the lines people draw, near the end."""
    found = kinds("\n".join(["It rains.", "", mark, *tail]))
    assert found == ["own", "own"] + ["signature"] * (1 + len(tail))


def test_text_under_a_line_is_no_signature() -> None:
    """A rule with paragraphs below it, or without an address, divides a text."""
    prose = ["It rains and it rains here."] * 30
    assert set(kinds("\n".join(["Hello", "--", *prose]))) == {"own"}
    assert set(kinds("One part\n----------\nThe other part, which is short.")) == {"own"}


def test_a_signature_ends_where_a_quote_begins() -> None:
    """Who answers above the quote signs above it too."""
    check(
        ("own", "It does."),
        ("signature", "-- "),
        ("signature", "Ann"),
        ("signature", ""),
        ("attribution", "Bob Roe wrote:"),
        ("quote 1", "> Does it rain?"),
    )


def test_a_signature_does_not_cross_into_another_mail() -> None:
    """The signature of a forwarded mail ends with that mail."""
    check(
        ("forward-mark", "---------- Forwarded message ----------"),
        ("forward-header /1", "From: Ann Doe <ann@example.org>"),
        ("own /1", ""),
        ("own /1", "It rains."),
        ("signature /1", "-- "),
        ("signature /1", "Ann"),
        ("forward-mark", "------- End of Forwarded Message"),
        ("own", "There you have it."),
    )


def test_signed_words_between_their_marks() -> None:
    """Armour around signed text is told from the text."""
    check(
        ("pgp-mark", "-----BEGIN PGP SIGNED MESSAGE-----"),
        ("pgp-mark", "Hash: SHA1"),
        ("pgp-mark", ""),
        ("own", "It rains."),
        ("own", ""),
        ("signature", "- -- "),
        ("signature", "Ann"),
        ("pgp-signature", "-----BEGIN PGP SIGNATURE-----"),
        ("pgp-signature", "Version: 2.6.2"),
        ("pgp-signature", ""),
        *(("pgp-signature", line) for line in ARMOUR),
        ("pgp-signature", "-----END PGP SIGNATURE-----"),
        ("own", ""),
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("MESSAGE", "pgp-encrypted"),
        ("MESSAGE, PART 01/02", "pgp-encrypted"),
        ("PUBLIC KEY BLOCK", "pgp-key"),
        ("PRIVATE KEY BLOCK", "pgp-key"),
    ],
)
def test_armour_is_named_by_its_first_line(name: str, kind: str) -> None:
    """Keys and encrypted text are told apart, dash-escaped or not."""
    block = ["Version: 2.6", "Comment: a long", "comment", "", *ARMOUR]
    lines = [f"-----BEGIN PGP {name}-----", *block, f"-----END PGP {name}-----"]
    assert kinds("\n".join([*lines, "Hi"])) == [kind] * len(lines) + ["own"]
    lines[0] = "- " + lines[0]
    assert kinds("\n".join([*lines, "Hi"])) == [kind] * len(lines) + ["own"]


def test_armour_that_never_ends_takes_no_words() -> None:
    """A block cut short ends with its last line of data."""
    lines = ["-----BEGIN PGP MESSAGE-----", "", *ARMOUR[:2], "", "And so on, as you see."]
    assert kinds("\n".join(lines)) == ["pgp-encrypted"] * 4 + ["own"] * 2


def test_talk_about_armour_is_talk() -> None:
    """A first line of armour with prose under it is an example."""
    text = "It begins with\n-----BEGIN PGP MESSAGE-----\nand goes on from there."
    assert set(kinds(text)) == {"own"}


def test_quoted_armour_is_a_quote() -> None:
    """Armour behind > is what somebody quoted."""
    lines = ["> -----BEGIN PGP MESSAGE-----", ">", *(f"> {line}" for line in ARMOUR)]
    assert kinds("\n".join(lines)) == ["quote 1"] * len(lines)


def test_a_uuencoded_file_is_one_block() -> None:
    """From begin to end, and the words around it stay words."""
    check(
        ("own", "Here it is:"),
        ("uuencode", "begin 644 rain.txt"),
        ("uuencode", "-270@<F%I;G,@:&5R90"),
        ("uuencode", "`"),
        ("uuencode", "end"),
        ("own", "Bye."),
    )


def test_begin_in_prose_is_prose() -> None:
    """A sentence that begins with begin holds no file."""
    assert set(kinds("begin 644 times and you will\nlearn it at last")) == {"own"}


def test_yenc_binhex_and_base64_are_blocks() -> None:
    """Files in other codes are told from words too."""
    assert kinds("=ybegin line=128 size=3 name=a\n\x94\x8b\x93\n=yend size=3\nBye") == [
        *["yenc"] * 3,
        "own",
    ]
    binhex = "(This file must be converted with BinHex 4.0)\n\n:$f*TEQKPH\n#jN!3:\nBye"
    assert kinds(binhex) == [*["binhex"] * 4, "own"]
    row = "aB3+" * 16
    assert kinds("\n".join(["See:", *[row] * 5, "aB3+aA==", "Bye"])) == [
        "own",
        *["base64"] * 6,
        "own",
    ]


def test_long_words_and_too_few_lines_are_no_base64() -> None:
    """A few long tokens are a key or a path in somebody's words."""
    assert set(kinds("\n".join(["aB3+" * 16] * 3))) == {"own"}
    assert set(kinds("\n".join(["x" * 64] * 9))) == {"own"}


UNIFIED = """\
diff -u rain.c.orig rain.c
--- rain.c.orig\t1995
+++ rain.c\t1995
@@ -1,3 +1,3 @@
 int rain;
-int wind;
+int snow;
 int sun;"""
CONTEXT = """\
*** rain.c.orig\t1995
--- rain.c\t1995
***************
*** 1,2 ****
  int rain;
! int wind;
--- 1,2 ----
  int rain;
! int snow;"""
PLAIN = """\
2c2
< int wind;
---
> int snow;"""


@pytest.mark.parametrize("diff", [UNIFIED, CONTEXT, PLAIN])
def test_a_patch_is_one_block(diff: str) -> None:
    """Its minus, plus and > lines are neither signature nor quote."""
    found = kinds(f"Try this:\n\n{diff}\n\nIt works here.")
    size = diff.count("\n") + 1
    assert found == ["own", "own", *["patch"] * size, "own", "own"]


def test_a_git_patch_keeps_its_signature_apart() -> None:
    """The version line under "-- " is no part of the last hunk."""
    diff = UNIFIED.replace(
        "diff -u rain.c.orig rain.c", "diff --git a/r.c b/r.c\nindex 0..1"
    )
    found = kinds(f"It snows.\n---\n r.c | 2 +-\n\n{diff}\n-- \n2.1.4")
    assert found[-2:] == ["signature"] * 2
    assert found.count("patch") == diff.count("\n") + 1


def test_what_only_looks_like_a_patch() -> None:
    """Dashes and stars with no hunk under them are decoration."""
    assert "patch" not in kinds("--- hello ---\n*** look ***\n\n@@ here @@\nIndex: none")


@pytest.mark.parametrize(
    "mark",
    [
        "---------- Forwarded message ----------",
        "----- Forwarded message from Ann Doe <ann@example.org> -----",
        "Begin forwarded message:",
        "------- Forwarded Message",
        "--- begin forwarded text",
        "----- Begin Included Message -----",
        "-----Original Message-----",
        "Forwarded message:",
        "- ---------- Forwarded message ----------",
        "   ----- Original message follows -----",
    ],
)
def test_a_mark_opens_a_frame(mark: str) -> None:
    """What follows a mailer's mark is another mail, its header told from its text."""
    check(
        ("own", "See below."),
        ("own", ""),
        ("forward-mark", mark),
        ("forward-header /1", ""),
        ("forward-header /1", "From: Ann Doe <ann@example.org>"),
        ("forward-header /1", "Subject: rain, and"),
        ("forward-header /1", "\twind"),
        ("own /1", ""),
        ("own /1", "It rains."),
    )


def test_talk_of_forwarding_opens_nothing() -> None:
    """A sentence that begins so is a sentence."""
    assert set(kinds("Forwarded messages are a bane to all of us.\nNo more!")) == {"own"}
    assert set(kinds("forwarded by mail\nyesterday")) == {"own"}


def test_a_quoted_forward_keeps_its_own_frame() -> None:
    """Where quoted lines follow the mark, it is they that were forwarded."""
    assert kinds("Forwarded message:\n> From: Ann\n> It rains.\n\nSo there.") == [
        "forward-mark",
        "quote 1",
        "quote 1",
        "own",
        "own",
    ]


def test_forwards_nest_and_close() -> None:
    """Each end mark closes one frame; one too many closes none."""
    check(
        ("forward-mark", "--- begin forwarded text"),
        ("own /1", "one"),
        ("forward-mark /1", "------- Forwarded Message"),
        ("own /2", "two"),
        ("forward-mark /1", "------- End of Forwarded Message"),
        ("own /1", "one again"),
        ("forward-mark", "--- end forwarded text"),
        ("own", "none"),
        ("forward-mark", "--- end forwarded text"),
        ("own", "none"),
    )


def test_a_bare_header_block_opens_a_frame() -> None:
    """Three known fields after a blank line are a mail's header; a row of mails is flat."""
    check(
        ("own", "Seen elsewhere:"),
        ("own", ""),
        ("forward-header /1", "From: Ann Doe <ann@example.org>"),
        ("forward-header /1", "Date: 3 Jan 1995"),
        ("forward-header /1", "Subject: rain"),
        ("own /1", ""),
        ("own /1", "It rains."),
        ("own /1", ""),
        ("forward-header /1", "From bob@example.org Tue Jan  3 10:00:00 1995"),
        ("forward-header /1", "From: Bob Roe <bob@example.org>"),
        ("forward-header /1", "To: Ann"),
        ("forward-header /1", "Subject: snow"),
        ("own /1", ""),
        ("own /1", "It snows."),
    )


def test_a_header_may_begin_with_a_quoted_envelope() -> None:
    """The mbox line that a mailer quoted belongs to the header under it."""
    check(
        ("forward-header /1", ">From ann Tue Jan  3 10:00:00 1995"),
        ("forward-header /1", "Subject: rain"),
        ("forward-header /1", "To: list@example.org"),
        ("forward-header /1", "Date: 3 Jan 1995"),
        ("own /1", ""),
        ("own /1", "It rains."),
    )


def test_a_header_above_a_quote_opens_no_frame() -> None:
    """Some name those they answer by their header; the answer is the author's own."""
    check(
        ("forward-header", "From: Ann Doe <ann@example.org>"),
        ("forward-header", "To: list@example.org"),
        ("forward-header", "Subject: rain"),
        ("own", ""),
        ("quote 1", "> It rains."),
        ("own", ""),
        ("own", "It does."),
    )


def test_labels_in_prose_are_no_header() -> None:
    """One or two labelled lines are a list of somebody's own."""
    assert set(kinds("Hello\n\nTo: be done\nFrom: now on\n\nBye")) == {"own"}
    assert set(kinds("Hello all\nFrom: a\nTo: b\nSubject: c\n\nBye")) == {"own"}


DIGEST = [
    ("own", "Rain Digest  Tuesday, 3 January 1995  Volume 1 : Issue 2"),
    ("own", ""),
    ("own", "Today's Topics: rain, snow"),
    ("own", ""),
    ("forward-mark", "-" * 70),
    ("forward-header /1", ""),
    ("forward-header /1", "Date: 2 Jan 1995"),
    ("forward-header /1", "From: Ann Doe <ann@example.org>"),
    ("forward-header /1", "Subject: rain"),
    ("own /1", ""),
    ("own /1", "It rains."),
    ("own /1", ""),
    ("forward-mark", "-" * 30),
    ("forward-header /1", ""),
    ("forward-header /1", "Date: 2 Jan 1995"),
    ("forward-header /1", "From: Bob Roe <bob@example.org>"),
    ("forward-header /1", "Subject: snow"),
    ("own /1", ""),
    ("attribution /1", "Ann Doe wrote:"),
    ("quote 1 /1", "> It rains."),
    ("own /1", "It snows."),
    ("own /1", ""),
]


@pytest.mark.parametrize("rule", [[("own", "-" * 30), ("own", "")], []])
def test_p16_a_digest_is_a_row_of_mails(rule: list[tuple[str, str]]) -> None:
    """P16: each entry of an RFC 1153 digest has its frame, none is inside another."""
    trailer = [("own", "End of Rain Digest"), ("own", "******************"), ("own", "")]
    check(*DIGEST, *rule, *trailer)


def test_frames_have_a_limit() -> None:
    """Marks without end do not nest without end."""
    frames = [segment.frame for segment in cut(["------- Forwarded Message", "x"] * 300)]
    assert max(frames) == 100


def test_levels_have_a_limit() -> None:
    """A line of a million marks is quoted a hundred deep."""
    assert [segment.level for segment in cut([">" * 1_000_000 + "x", "> y"])] == [100, 1]


def test_lines_known_for_no_quote_are_none() -> None:
    """format=flowed says which lines only begin with > (RFC 3676 §4.4)."""
    assert [s.kind for s in cut(["> quoted", "> not quoted"], frozenset({1}))] == [
        SegmentKind.QUOTE,
        SegmentKind.OWN,
    ]


PIECES = st.sampled_from(
    [
        *(
            "",
            " ",
            "> ",
            ">> text",
            ">From x",
            "| a",
            "|",
            "} b",
            ": c",
            "JD> d",
            "-- ",
            "--",
        ),
        *(
            "---",
            "-" * 30,
            "-" * 70,
            "=" * 20,
            "Ann wrote:",
            "On 3 May, Ann",
            "wrote:",
            "words",
        ),
        *("-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----", "Hash: x"),
        *(
            "-----END PGP SIGNATURE-----",
            "-----BEGIN PGP MESSAGE-----",
            *ARMOUR,
            "aB3+" * 16,
        ),
        *(
            "begin 644 x",
            "-270@<F%I;G,@:&5R90",
            "`",
            "end",
            "=ybegin size=1 name=x",
            "=yend ",
        ),
        *(
            "(This file must be converted with BinHex 4.0)",
            ":abc:",
            ":",
            "begin-base64 644 x",
        ),
        *(
            "diff -u a b",
            "--- a",
            "+++ b",
            "@@ -1,3 +1,3 @@",
            "@@ -1 +1 @@",
            " c",
            "-d",
            "+e",
        ),
        *("***************", "*** 1,2 ****", "--- 1,2 ----", "! x", "2c2", "< x", "> y"),
        *("--- begin forwarded text", "--- end forwarded text", "Forwarded message:"),
        *(
            "From: Ann <a@example.org>",
            "To: b",
            "Subject: c",
            "Date: d",
            "\tfold",
            "  indented",
        ),
        *(
            "   From: Ann",
            "   words",
            "End of Rain Digest",
            "1993 | 2",
            "From a@b 10:00",
            "====",
        ),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.text(max_size=12), max_size=40))
def test_segments_tile_the_lines(lines: list[str]) -> None:
    """Whatever the lines, segments follow one another from the first to the last."""
    after = 1
    for segment in cut(lines):
        assert segment.first == after
        assert segment.last >= segment.first
        assert (segment.level > 0) == (segment.kind is SegmentKind.QUOTE)
        after = segment.last + 1
    assert after == len(lines) + 1


HOSTILE = {
    "quotes": ["> x", "y"],
    "alternating levels": ["> x", "", ">> y", ""],
    "dashes": ["--"],
    "rules": ["-" * 30, "x"],
    "attributions": ["Ann wrote:"],
    "attributed": ["Ann wrote:", "", "> x", "y"],
    "marks": ["--- begin forwarded text"],
    "headers": ["From: a", "To: b", "Subject: c", ""],
    "header without end": ["From: a"],
    "armour": ["-----BEGIN PGP MESSAGE-----"],
    "armour and data": ["-----BEGIN PGP MESSAGE-----", "abcd"],
    "uuencode": ["begin 644 x"],
    "uuencode and data": ["begin 644 x", "-270@<F%I;G,@:&5R90"],
    "yenc": ["=ybegin size=1 name=x"],
    "binhex": ["(This file must be converted with BinHex 4.0)", ""],
    "base64": ["aB3+" * 16, "x"],
    "long base64": ["aB3+" * 16],
    "hunks": ["@@ -1,9 +1,9 @@"],
    "diffs": ["diff -u a b", ""],
    "context": ["***************", "*** 1,2 ****"],
    "bars": ["| some words", "x"],
    "bars in one run": ["| some words"],
    "names": ["JD> x", "y"],
    "many names": ["Ann> x", "Bob> y", "Col> z", ""],
    "margins": ["Ann wrote:", "", "   words", ""],
    "one margin": ["   words"],
    "digests": ["-" * 30, "", "From: a", "Subject: b", "", "x"],
    "blank": [""],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_d5_time_is_linear_in_the_lines(linear: Linear, name: str) -> None:
    """D5: twice as many lines of any kind take about twice as long."""
    linear(lambda size: HOSTILE[name] * size, cut, 2_000)


@pytest.mark.parametrize(
    ("before", "unit", "after"),
    [
        ("", "x", ""),
        ("", ">", ""),
        ("", "> ", ""),
        ("", "-", ""),
        ("", "- ", ""),
        ("", "aB3+", ""),
        ("", " ", ""),
        ("", "Ann", " wrote:"),
        ("From:", " x", ""),
        ("begin 644 ", "x", ""),
    ],
    ids=["x", ">", "> ", "-", "- ", "base64", "blank", "wrote", "from", "begin"],
)
def test_d6_a_line_of_20_mb_costs_its_length(
    linear: Linear, before: str, unit: str, after: str
) -> None:
    """D6: a line of 20 MB is a line like any other, and costs its length at most."""

    def line(octets: int) -> str:
        return before + unit * (octets // len(unit)) + after

    def lines_cut(line: str) -> int:
        return sum(s.last - s.first + 1 for s in cut([line, "> quoted", line]))

    assert 3 == lines_cut(line(20_000_000))
    linear(line, lines_cut, 60_000)


@pytest.mark.long
def test_d6_two_million_lines_are_cut_in_linear_time(linear: Linear) -> None:
    """D6: two million lines, of which every tenth is the author's."""

    def lines(tens: int) -> list[str]:
        return [*["> x"] * 9, "y"] * tens

    assert 400_000 == len(cut(lines(200_000)))
    linear(lines, cut, 100_000)
