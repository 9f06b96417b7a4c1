from __future__ import annotations

import pytest

from posterity.model import Body, CharsetSource, Digest, Evidence, Segment, SegmentKind
from posterity.relate.attribution import (
    LIKELY,
    SURE,
    Said,
    agreement,
    attributions,
    author_of,
    words_of,
)
from posterity.relate.cites import quote_witnesses
from posterity.relate.quotes import Cite
from posterity.relate.references import prose_witnesses
from posterity.relate.subjects import CANDIDATES, subject_witnesses
from posterity.relate.threads import build_threads
from posterity.relate.witnesses import CITED, Columns, Skeleton, Witness, columns

DAY = 86_400
QUOTE = Evidence.QUOTE


def letter(key: int, subject: str = "", author: str = "", **more: object) -> Skeleton:
    """A message of day `key`; `more` are fields of Skeleton."""
    plain = Skeleton(
        key=key,
        digest=Digest(f"{key:064x}"),
        message_ids=(f"m{key}@x",),
        utc=key * DAY,
        base_subject=subject,
        author=author,
    )
    return plain._replace(**more)  # type: ignore[arg-type]


# -- attributions ----------------------------------------------------------------------


def test_attributions_of_a_body() -> None:
    """What introduces a quote in the author's own words, with the ids in it."""
    lines = (
        "In message <11@x.org>, Ann Doe <ann@x.org>",
        "writes:",
        "> On Monday Bob wrote:",
        "> > hello",
    )
    segments = (
        Segment(SegmentKind.ATTRIBUTION, 0, 1, 2, 0),
        Segment(SegmentKind.ATTRIBUTION, 1, 3, 3, 0),
        Segment(SegmentKind.QUOTE, 2, 4, 4, 0),
    )
    body = Body(lines, segments, "us-ascii", CharsetSource.ASCII, False, False, ())

    assert attributions(body) == Said(
        ("In message <11@x.org>, Ann Doe <ann@x.org> writes:",), ("11@x.org", "ann@x.org")
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("On 3 May, Ann Marie Doe wrote:", SURE),
        ("ann.doe@example.org (A. D.) writes:", SURE),
        ("Thus spake anndoe1:", 0),
        ("ann.doe said", SURE),
        ("Ann wrote:", LIKELY),
        ("DOE> so", LIKELY),
        ("Joanna Doering wrote:", 0),
        ("You write:", 0),
        ("", 0),
    ],
)
def test_how_well_an_attribution_names_an_author(said: str, expected: int) -> None:
    """The address, its user or two names are sure; one name is likely; parts are nothing."""
    author = author_of(letter(1, author="ann.doe@example.org", name="Ann Marie Doe"))

    assert agreement(words_of(letter(2, attributions=(said,))), author) == expected


def test_an_author_without_a_name_is_never_named() -> None:
    """Nothing to look for is found nowhere, and a user of two letters isn't looked for."""
    words = words_of(letter(2, attributions=("bo and the others wrote:",)))

    assert agreement(words, author_of(letter(1))) == 0
    assert agreement(words, author_of(letter(1, author="bo@example.org"))) == 0


# -- quotes ----------------------------------------------------------------------------

ANN = letter(1, "Roses", "ann@example.org", name="Ann Doe")
BOB = letter(2, "Tulips", "bobby@example.org", name="Bob Roe")


def judged(child: Skeleton, *cites: Cite) -> list[tuple[int, float]]:
    found = quote_witnesses([ANN, BOB, child], cites)
    assert all((w.child, w.evidence) == (child.key, QUOTE) for w in found)
    return [(w.parent, w.strength) for w in found]


@pytest.mark.parametrize(
    ("subject", "said", "shingles", "weight", "asked", "expected"),
    [
        ("ROSES ", "Ann Doe wrote:", 4, 4.0, 26, 0.998),
        ("other", "Ann Doe wrote:", 4, 4.0, 26, 0.994),
        ("Roses", "", 4, 4.0, 26, 0.99),
        ("other", "", 4, 4.0, 26, 0.967),
        ("", "", 4, 0.9, 4, 0.967),
        ("Roses", "", 4, 0.5, 4, 0.5),
        ("Roses", "", 4, 4.0, 27, 0.9),
        ("Roses", "", 2, 2.0, 2, 0.9),
        ("Roses", "", 1, 1.0, 1, 0.8),
        ("other", "", 3, 3.0, 3, None),
        ("Roses", "", 3, 0.5, 3, None),
        ("other", "", 4, 0.5, 4, None),
    ],
)
def test_strength_of_a_quote(
    subject: str,
    said: str,
    shingles: int,
    weight: float,
    asked: int,
    expected: float | None,
) -> None:
    """Strength is how often such a quote was right; too little proves nothing."""
    child = letter(3, subject, attributions=(said,))

    found = judged(child, Cite(3, 1, shingles, weight, 1, asked))

    assert found == ([] if expected is None else [(1, expected)])


def test_the_detail_says_how_much_is_quoted() -> None:
    """A reader sees the reason in words."""
    found = quote_witnesses(
        [ANN, BOB], [Cite(2, 1, 9, 9.0, 14, 9), Cite(1, 2, 9, 9.0, 1, 9)]
    )

    assert [w.detail for w in found] == ["quotes 14 lines", "quotes 1 line"]


@pytest.mark.parametrize(
    "child",
    [
        letter(3, "tulips"),
        letter(3, attributions=("Bob wrote:",)),
        letter(3, recipients=("bobby@example.org",)),
    ],
    ids=["subject", "attribution", "To"],
)
def test_what_decides_between_equal_quotes(child: Skeleton) -> None:
    """Subject, attribution and To each tip the balance; the other is cited."""
    cites = [Cite(3, 1, 8, 8.0, 2, 16), Cite(3, 2, 8, 8.0, 2, 16)]

    assert [parent for parent, _ in judged(letter(3), *cites)] == [1, 2]
    found = judged(child, *cites)
    assert [parent for parent, _ in found] == [2, 1]
    assert found[1][1] == CITED


def test_a_lesser_quote_is_cited() -> None:
    """Of two messages quoted one is answered; the other is cited, and much weaker."""
    cites = [Cite(3, 1, 20, 20.0, 2, 30), Cite(3, 2, 10, 10.0, 2, 30)]

    assert judged(letter(3), *cites) == [(1, 0.967), (2, CITED / 2)]


# -- subjects --------------------------------------------------------------------------


def subjects(*letters: Skeleton) -> list[tuple[int, int, Evidence, float]]:
    return [(w.child, w.parent, w.evidence, w.strength) for w in subject_witnesses(letters)]


def test_subject_and_author() -> None:
    """The attribution names one of two who wrote under the subject."""
    rose = letter(2, "roses", "bobby@example.org", name="Bob Roe")
    child = letter(3, "roses", attributions=("Ann Doe wrote:",), is_reply=True)

    assert subjects(ANN, rose, child) == [(3, 1, Evidence.SUBJECT_AUTHOR, 0.96)]


def test_the_latest_of_one_author() -> None:
    """Where the author wrote several, the latest is meant, and less surely."""
    again = letter(2, "Roses", "ann@example.org")
    child = letter(3, "Roses", recipients=("ann@example.org",))

    assert subjects(ANN, again, child) == [(3, 2, Evidence.SUBJECT_AUTHOR, 0.59)]


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ([letter(1, "a"), letter(9, "A", is_reply=True)], [(9, 1, Evidence.SUBJECT, 0.85)]),
        (
            [letter(1, "a"), letter(2, "a"), letter(9, "a", is_reply=True)],
            [(9, 2, Evidence.SUBJECT, 0.35)],
        ),
        (
            [
                letter(1, "a", "bo@x"),
                letter(2, "a", "me@x"),
                letter(9, "a", "me@x", is_reply=True),
            ],
            [(9, 1, Evidence.SUBJECT, 0.85)],
        ),
        (
            [letter(1, "a"), letter(9, "a", is_reply=True, attributions=("Zoe wrote:",))],
            [],
        ),
        ([letter(1, "a"), letter(9, "a", is_reply=True, quoting=True)], []),
        ([letter(1, "a"), letter(9, "a")], []),
        ([letter(1, "a"), letter(16, "a", is_reply=True)], []),
        ([letter(1, ""), letter(9, "", is_reply=True)], []),
        ([letter(1, "a"), letter(9, "a", is_reply=True, utc=None)], []),
    ],
    ids=[
        "only",
        "latest",
        "another author",
        "answers someone else",
        "quotes someone else",
        "no reply",
        "too old",
        "no subject",
        "unknown time",
    ],
)
def test_guesses(
    letters: list[Skeleton], expected: list[tuple[int, int, Evidence, float]]
) -> None:
    """A bare subject is a guess, for replies of the next two weeks alone."""
    assert subjects(*letters) == expected


def test_a_guess_says_so() -> None:
    """The reader is told that it is a guess."""
    found = subject_witnesses([letter(1, "a"), letter(3, "a", is_reply=True)])

    assert [w.detail for w in found] == ["same subject, 2 days later: a guess"]


def test_only_so_many_of_a_subject_are_looked_at() -> None:
    """An endless subject costs no more for its length."""
    first = letter(0, "a", "ann@example.org")
    rest = [letter(1, "a", utc=key)._replace(key=key) for key in range(1, CANDIDATES + 1)]
    child = letter(1, "a", recipients=("ann@example.org",))._replace(key=1000)

    assert subjects(first, *rest[:-1], child)[-1][1] == 0
    assert subjects(first, *rest, child) == []


# -- prose and columns -----------------------------------------------------------------


def test_an_id_in_an_attribution() -> None:
    """The first id that is held counts; an address, or one's own id, is none."""
    child = letter(2, mentions=("m2@x", "ann@example.org", "m1@x"))

    (found,) = prose_witnesses([ANN, child])

    assert found == Witness(2, 1, Evidence.PROSE, 0.97, "names its id")


def test_columns_hold_each_kind_apart() -> None:
    """Each kind's strongest witness stands alone; what is only cited is no parent."""
    header = Witness(9, 1, Evidence.IN_REPLY_TO, 0.94)
    quote = Witness(9, 2, QUOTE, 0.99)
    weaker = Witness(9, 3, QUOTE, 0.9)
    subject = Witness(9, 4, Evidence.SUBJECT, 0.35)
    cited = Witness(8, 4, QUOTE, CITED)

    found = columns([quote, weaker, subject, header, cited])

    assert found == {9: Columns(header, quote, subject)}


# -- weighing --------------------------------------------------------------------------


def parents(
    letters: list[Skeleton], *witnesses: Witness
) -> dict[int, tuple[int | None, Evidence | None, str]]:
    """For each message that has a parent: it, the evidence, the detail."""
    return {
        node.message: (thread.nodes[node.parent].message, node.evidence, node.detail)
        for thread in build_threads(letters, witnesses)
        for node in thread.nodes
        if node.message is not None and node.parent >= 0
    }


def test_header_and_quote_agree() -> None:
    """A header whose message is quoted as well is proved."""
    letters = [letter(1), letter(2, in_reply_to=("m1@x",))]
    quote = Witness(2, 1, QUOTE, 0.3, "quotes 3 lines")

    (thread,) = build_threads(letters, [quote])

    assert thread.nodes[1][4:] == (Evidence.IN_REPLY_TO, 0.999, "and quotes 3 lines")


@pytest.mark.parametrize(
    "middle",
    [letter(2, in_reply_to=("m1@x",)), letter(2)],
    ids=["by header", "by quote"],
)
def test_a_grandparent_in_the_header_is_re_hung(middle: Skeleton) -> None:
    """The reply quotes X, X answers what the header names: X is the parent."""
    letters = [letter(1), middle, letter(3, in_reply_to=("m1@x",))]
    quotes = [Witness(2, 1, QUOTE, 0.99, "q"), Witness(3, 2, QUOTE, 0.99, "quotes 9 lines")]

    assert parents(letters, *quotes)[3] == (
        2,
        QUOTE,
        "quotes 9 lines; its in-reply-to names an earlier message",
    )


def test_a_quote_of_strangers_does_not_outdo_a_header() -> None:
    """Who answers one message and quotes another thread's stays where he answered."""
    letters = [letter(1), letter(2), letter(3, in_reply_to=("m1@x",))]

    found = parents(letters, Witness(3, 2, QUOTE, 0.99))

    assert found == {3: (1, Evidence.IN_REPLY_TO, "")}


def test_quotes_choose_between_header_fields_and_twins() -> None:
    """Where the header leaves a choice, the message that is quoted is meant."""
    twins = [letter(1, message_ids=("t@x",)), letter(2, message_ids=("t@x",))]
    letters = [*twins, letter(3, in_reply_to=("t@x",)), letter(4)]
    letters.append(letter(5, references=("m4@x",), in_reply_to=("t@x",)))

    found = parents(letters, Witness(3, 2, QUOTE, 0.9), Witness(5, 1, QUOTE, 0.9))

    assert {child: parent for child, (parent, _, _) in found.items()} == {3: 2, 5: 1}


def test_a_quote_outdoes_a_missing_parent() -> None:
    """A message held and quoted is a better parent than an id nobody holds."""
    letters = [
        letter(1),
        letter(2, in_reply_to=("gone@x",)),
        letter(3, in_reply_to=("gone@x",)),
    ]

    found = parents(letters, Witness(2, 1, QUOTE, 0.99), Witness(3, 1, QUOTE, 0.99))

    assert {child: parent for child, (parent, _, _) in found.items()} == {2: 1, 3: 1}


def test_a_guess_does_not_outdo_a_ghost_that_joins() -> None:
    """Two orphans of one missing letter stay together; a lone one may be guessed at."""
    guesses = [Witness(2, 1, Evidence.SUBJECT, 0.35), Witness(3, 1, Evidence.SUBJECT, 0.35)]
    pair = [letter(2, in_reply_to=("gone@x",)), letter(3, in_reply_to=("gone@x",))]

    assert [p for p, _, _ in parents([letter(1), *pair], *guesses).values()] == [None, None]
    assert [p for p, _, _ in parents([letter(1), pair[0]], *guesses).values()] == [1]


def test_a_message_that_is_only_cited_is_no_parent() -> None:
    """A weak second quote hangs nothing."""
    assert parents([letter(1), letter(2)], Witness(2, 1, QUOTE, CITED)) == {}


def test_amendments_win() -> None:
    """A person's word beats the header and the text; naming itself makes a root."""
    letters = [letter(1), letter(2), letter(3, in_reply_to=("m1@x",))]
    quote = Witness(3, 1, QUOTE, 0.99)

    moved = parents(letters, quote, Witness(3, 2, Evidence.AMENDMENT, 1.0, "by hand"))
    freed = parents(letters, quote, Witness(3, 3, Evidence.AMENDMENT, 1.0))

    assert moved == {3: (2, Evidence.AMENDMENT, "by hand")}
    assert freed == {}


def test_the_weakest_link_of_a_loop_is_cut() -> None:
    """Where a header and a quote point at each other, the quote goes."""
    letters = [letter(1), letter(2, in_reply_to=("m1@x",))]

    assert parents(letters, Witness(1, 2, QUOTE, 0.9)) == {2: (1, Evidence.IN_REPLY_TO, "")}


def test_strangers_and_headers_among_witnesses_are_ignored() -> None:
    """Unknown keys, a message its own parent, and the header twice change nothing."""
    letters = [letter(1), letter(2)]
    odd = [
        Witness(1, 77, QUOTE, 0.99),
        Witness(77, 1, QUOTE, 0.99),
        Witness(1, 1, QUOTE, 0.99),
        Witness(2, 1, Evidence.REFERENCES, 0.99),
    ]

    assert parents(letters, *odd) == {}
