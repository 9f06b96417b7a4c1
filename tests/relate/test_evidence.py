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
    quoted_authors,
    words_of,
)
from posterity.relate.cites import quote_witnesses
from posterity.relate.quotes import Cite
from posterity.relate.references import prose_witnesses
from posterity.relate.subjects import CANDIDATES, subject_witnesses
from posterity.relate.threads import build_threads
from posterity.relate.witnesses import CITED, Skeleton, Witness

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


def test_the_header_of_a_quoted_letter_is_kept() -> None:
    """Fields on end are a header, with their folds; a From alone needs an address."""
    lines = (
        "> Date: Mon, 3 May 1993 10:00:00 -0700",
        "> From: Ann Doe <ann@x.org>",
        "> Received: by x.org",
        ">    id <7@x.org>",
        "> ",
        "> Note: this is prose",
        "> Summary: so is this",
        "> and From: as well",
        ">From: bob@x.org",
        "> hello",
    )
    quote = Segment(SegmentKind.QUOTE, 1, 1, len(lines), 0)
    body = Body(lines, (quote,), "us-ascii", CharsetSource.ASCII, False, False, ())
    said = attributions(body)
    child = letter(1, attributions=said.texts)
    header = (
        "> Date: Mon, 3 May 1993 10:00:00 -0700 From: Ann Doe <ann@x.org>"
        " Received: by x.org id <7@x.org>"
    )

    assert said == Said((header, "> From: bob@x.org"), ())
    assert quoted_authors(child) == ["Ann Doe <ann@x.org>", "bob@x.org"]
    assert agreement(words_of(child), author_of(letter(2, author="bob@x.org"))) == SURE


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


def cite(parent: int, shingles: int, asked: int, **more: float) -> Cite:
    """The parent's own words, which no third message has; `more` are fields of Cite."""
    plain = Cite(3, parent, shingles, shingles, 1, asked, shingles, asked)
    return plain._replace(**more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("subject", "said", "found", "expected"),
    [
        ("ROSES ", "Ann Doe wrote:", cite(1, 4, 26), 0.998),
        ("other", "Ann Doe wrote:", cite(1, 4, 8), 0.994),
        ("Roses", "", cite(1, 4, 13), 0.99),
        ("other", "", cite(1, 4, 5), 0.967),
        ("", "", cite(1, 4, 4, weight=1.2), 0.967),
        ("Roses", "", cite(1, 4, 4, weight=0.5), None),
        ("Roses", "Ann Doe wrote:", cite(1, 4, 27), None),
        ("other", "Ann Doe wrote:", cite(1, 4, 9), None),
        ("Roses", "", cite(1, 4, 14), None),
        ("other", "", cite(1, 4, 6), None),
        ("Roses", "", cite(1, 2, 2), 0.9),
        ("Roses", "", cite(1, 1, 1), 0.8),
        ("other", "", cite(1, 3, 3), None),
        ("other", "", cite(1, 9, 9, weight=2.6), None),
    ],
)
def test_strength_of_a_quote(
    subject: str, said: str, found: Cite, expected: float | None
) -> None:
    """Strength is how often such a quote was right; too small a share proves nothing."""
    child = letter(3, subject, attributions=(said,))

    witnesses = judged(child, found)

    assert [(1, expected)] == witnesses or (expected is None and is_cited(witnesses))


def is_cited(witnesses: list[tuple[int, float]]) -> bool:
    """Whether nobody is answered."""
    return all(strength <= CITED for _, strength in witnesses)


@pytest.mark.parametrize(
    ("subject", "said", "expected"),
    [
        ("Roses", "", [(1, 0.8)]),
        ("other", "Ann Doe wrote:", [(1, 0.994)]),
        ("other", "", [(1, CITED)]),
    ],
)
def test_who_quotes_nothing_but_quotes(
    subject: str, said: str, expected: list[tuple[int, float]]
) -> None:
    """Whose quotes they are must be said, or be under the same subject."""
    child = letter(3, subject, attributions=(said,))

    assert judged(child, cite(1, 20, 20, told=0, asked_first=0)) == expected


def test_quoted_by_the_one_who_is_answered() -> None:
    """Who repeats only what the letter answered quotes is a brother, not the parent."""
    child = letter(3, "Roses", attributions=("Zoe Poe wrote:",))

    assert judged(child, cite(1, 20, 30, told=0, asked_first=10)) == [(1, CITED)]


@pytest.mark.parametrize(
    ("said", "name", "expected"),
    [
        ("Bob Roe wrote:", "Ann Doe", False),
        ("On 3 May, Bobby Roe wrote:", "Ann Doe", True),
        ("bobby@example.org writes:", "Ann Doe", False),
        ("zoe@example.org writes:", "Ann Doe", True),
        ("On 3 May 1993, Bob Roe wrote:", "Ann May", False),
        ("Bob Roe wrote:", "Robert Roe", False),
        ("Bob Roe wrote:", "Brian Roe", True),
        ("In <1@bob.roe> you write:", "Ann Doe", True),
    ],
)
def test_another_author_is_named(said: str, name: str, expected: bool) -> None:
    """Where someone else of the list is named, no quoted text is proof.

    Both have it from elsewhere. Bob Roe may sign as Brian, but not as Robert.
    """
    ann = letter(1, "Roses", "ann@example.org", name=name)
    child = letter(3, "Roses", attributions=(said,))

    found = quote_witnesses([ann, BOB, child], [cite(1, 90, 90)])

    assert expected is (found[0].strength > CITED)


def test_a_letter_quoted_with_its_header() -> None:
    """Its From names the author, and its other fields are no text that is missing."""
    header = "> From: ann@example.org To: " + " ".join(["list@example.org"] * 10)
    child = letter(3, "other", attributions=(header,))

    assert judged(child, cite(1, 20, 50)) == [(1, 0.994)]


@pytest.mark.parametrize(
    ("day", "subject", "said", "expected"),
    [
        (31, "other", "Ann Doe wrote:", True),
        (32, "other", "Ann Doe wrote:", False),
        (400, "Roses", "", True),
        (0, "other", "", False),
        (0, "other", "Ann Doe wrote:", True),
        (0, "Roses", "", True),
    ],
)
def test_how_far_apart_letters_may_be(
    day: int, subject: str, said: str, expected: bool
) -> None:
    """Under another subject an answer comes within thirty days, and not before."""
    child = letter(3, subject, attributions=(said,), utc=day * DAY)

    assert expected is not is_cited(judged(child, cite(1, 20, 20)))


def test_the_detail_says_how_much_is_quoted() -> None:
    """A reader sees the reason in words."""
    found = quote_witnesses(
        [ANN, BOB], [cite(1, 9, 9, child=2, lines=14), cite(2, 9, 9, child=1)]
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
    cites = [cite(1, 8, 16, asked_first=8), cite(2, 8, 16, asked_first=8)]

    assert [parent for parent, _ in judged(letter(3), *cites)] == [1, 2]
    found = judged(child, *cites)
    assert [parent for parent, _ in found] == [2, 1]
    assert found[1][1] == CITED


def test_a_lesser_quote_is_cited() -> None:
    """Of two messages quoted one is answered; the other is cited, and much weaker."""
    cites = [cite(1, 24, 30), cite(2, 12, 30)]

    assert judged(letter(3), *cites) == [(1, 0.967), (2, CITED / 2)]


# -- subjects --------------------------------------------------------------------------


def subjects(*letters: Skeleton) -> list[tuple[int, int, Evidence, float]]:
    return [(w.child, w.parent, w.evidence, w.strength) for w in subject_witnesses(letters)]


def test_subject_and_author() -> None:
    """The attribution names one of two who wrote under the subject."""
    rose = letter(2, "roses", "bobby@example.org", name="Bob Roe")
    child = letter(3, "roses", attributions=("Ann Doe wrote:",), is_reply=True)

    assert subjects(ANN, rose, child) == [(3, 1, Evidence.SUBJECT_AUTHOR, 0.97)]


def test_several_of_one_author() -> None:
    """Which is meant is known only where the first was answered before the second."""
    again = letter(3, "Roses", "ann@example.org")
    child = letter(4, "Roses", "me@x", recipients=("ann@example.org",))
    between = letter(2, "Roses", "me@x", recipients=("ann@example.org",))

    assert subjects(ANN, again, child) == []
    assert subjects(ANN, between, again, child) == [
        (2, 1, Evidence.SUBJECT_AUTHOR, 0.97),
        (4, 3, Evidence.SUBJECT_AUTHOR, 0.9),
    ]


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ([letter(1, "a"), letter(9, "A", is_reply=True)], [(9, 1, Evidence.SUBJECT, 0.94)]),
        ([letter(1, "a"), letter(2, "a"), letter(9, "a", is_reply=True)], []),
        ([letter(1, "a", "me@x"), letter(9, "a", "me@x", is_reply=True)], []),
        ([letter(1, "a", is_reply=True), letter(9, "a", is_reply=True)], []),
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
        "one of two",
        "its own",
        "a reply to something else",
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


# -- prose -----------------------------------------------------------------------------


def test_an_id_in_an_attribution() -> None:
    """The first id that is held counts; an address, or one's own id, is none."""
    child = letter(2, mentions=("m2@x", "ann@example.org", "m1@x"))

    (found,) = prose_witnesses([ANN, child])

    assert found == Witness(2, 1, Evidence.PROSE, 0.97, "names its id")


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
