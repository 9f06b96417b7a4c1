"""Spellings of From joined into people: by evidence, by a person's word, or not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.model import PersonEvidence
from posterity.relate.mailmap import parse_mailmap
from posterity.relate.people import PersonGroup, Spelling, best_name, join_people


def spelling(text: str, posts: int = 1, first: int | None = 0) -> Spelling:
    """A spelling of the form `Name <address>` or `address`."""
    name, _, rest = text.rpartition("<")
    return Spelling(text, name.strip(), rest.strip(">"), posts, first)


def spellings(*texts: str) -> list[Spelling]:
    """Spellings in the order of their first posts."""
    return [spelling(text, first=number) for number, text in enumerate(texts)]


def members(groups: tuple[PersonGroup, ...]) -> list[list[str]]:
    return [[a.spelling.from_as_written for a in group.spellings] for group in groups]


def are_joined(*texts: str, posts: int = 1) -> bool:
    return len(join_people([spelling(t, posts, n) for n, t in enumerate(texts)])) == 1


@pytest.mark.parametrize(
    ("one", "other", "evidence"),
    [
        ("Jane Doe <jane@lab.org>", "jane@LAB.ORG", PersonEvidence.ADDRESS),
        ("Jane Doe <jane@lab.org>", "J <jane+talk@lab.org>", PersonEvidence.ADDRESS),
        ("Jane Doe <jane@lab.org>", "Jane Doe <hub!lab.org!jane>", PersonEvidence.ADDRESS),
        ("Jane Doe <jane@a.lab.org>", "jane@b.lab.org", PersonEvidence.USER_DOMAIN),
        ("A B <jane@a.lab.ac.uk>", "jane@lab.ac.uk", PersonEvidence.USER_DOMAIN),
        ("Jane Doe <jd7@a.lab.org>", "Jane Doe <x@b.lab.org>", PersonEvidence.NAME_HOST),
        ("Tim Roe <tcr@lab.org>", "Timothy Roe <tr@lab.org>", PersonEvidence.NAME_HOST),
        ("Tim Roe <tim@lab.org>", "Tim Roe <timXlab.org>", PersonEvidence.NAME_HOST),
        ("Tim Roe <troe@lab.org>", "Timothy C. Roe <tcroe@web.com>", PersonEvidence.NAME),
        ("Tim Roe <gnome@lab.org>", "Tim Roe <gnome@web.com>", PersonEvidence.NAME),
        ("Tim Roe <tim@lab.org>", "Tim Roe <tim>", PersonEvidence.NAME),
        ("tim.roe@lab.org", "Tim Roe <troe@web.com>", PersonEvidence.NAME),
        ("Al Smith <gnome@lab.org>", "Al Smith <gnome@web.com>", PersonEvidence.NAME),
    ],
)
def test_one_person_is_joined_by_a_stated_fact(
    one: str, other: str, evidence: PersonEvidence
) -> None:
    """Two spellings of a person share a page, and the page says why and with whom."""
    (group,) = join_people(spellings(one, other))
    assert [tuple(a[1:]) for a in group.spellings] == [
        (PersonEvidence.FIRST, ""),
        (evidence, one),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tim Roe <troe@lab.org>", "Tim Roe <troe@dev.null>"),
        ("Tim Roe <troe@lab.org>", "Tim Roe <troe@lab.cum>"),
        ("Tim Roe <troe@lab.org>", "Tim Roe <troe@anon.web.com>"),
        ("Tim Roe <troe@lab.org>", "TIM ROE <roe0015@college.on.ca>"),
        ("Tim Roe <troe@lab.org>", "Tim Roe <xyz@web.com>"),
        ("Tim Roe <troe@lab.org>", "Max Roe <troe@web.com>"),
        ("Tim Roe <troe@lab.org>", "troe@web.com"),
        ("Tim A. Roe <troe@lab.org>", "Tim B. Roe <troe@web.com>"),
        ("John Smith <jsmith@lab.org>", "John Smith <jsmith@web.com>"),
        ("Wei Wang <wang@lab.org>", "Wei Wang <wwang@web.com>"),
        ("Tim Roe <troe@lab.org>", "Tim Roe <webmaster@web.com>"),
        ("Jo Doe <jo@a.demon.co.uk>", "jo@b.demon.co.uk"),
        ("Jo Doe <jo@a.lab.org>", "Al Roe <jo@b.lab.org>"),
        ("Tim Roe <x1@aol.com>", "Tim Roe <y2@aol.com>"),
        ("Anonymous User <a@lab.org>", "Anonymous User <a@web.com>"),
        ("Tim <tim@lab.org>", "Tim <tim@web.com>"),
        ("Tim Roe <owner-talk@lab.org>", "Tim Roe <troe@lab.org>"),
        ("Tim Roe <tm@dev.null>", "Timothy Roe <tm@dev.null>"),
        ("Ann Lee <nobody@lab.org>", "nobody@lab.org"),
        ("<>", "()"),
    ],
)
def test_what_proves_nothing_joins_nobody(one: str, other: str) -> None:
    """Impostors, namesakes, remailers and strangers keep pages of their own."""
    assert not are_joined(one, other)


def test_a_shared_address_says_that_it_is_one() -> None:
    """A remailer's page is no person's and says why; the same words are one page."""
    groups = join_people(
        spellings(
            "Anon <nobody@lab.org>", "ANON <Nobody@lab.org>", "Ghost <nobody@lab.org>"
        )
    )
    found = [[(a.evidence, a.detail) for a in group.spellings] for group in groups]
    why = (PersonEvidence.SHARED, "an address of many, or of nobody, by its name")
    assert found == [[why, why], [why]]


def test_an_address_with_many_peoples_names_is_shared() -> None:
    """A gateway that no table knows is told by the names its mail bears."""
    people = ["Ann Lee", "Max Roe", "Ida Poe", "Jon Doe", "Eva Coe"]
    groups = join_people(spellings(*(f"{name} <gw@lab.org>" for name in people)))
    assert [group.spellings[0].detail for group in groups] == [
        "an address of many, by the names it bears"
    ] * 5


def test_a_joker_stays_one_person() -> None:
    """Someone who signs one account with many jokes, and mostly a name, is one person."""
    jokes = [
        spelling(f"Sir {word} Joker <jo@lab.org>") for word in ("Aa", "Bb", "Cc", "Dd")
    ]
    others = [spelling(f"Jo {word} <jo@lab.org>") for word in ("Ee", "Ff", "Gg")]
    (group,) = join_people([*jokes, *others, spelling("Jo Doe <jo@lab.org>", posts=50)])
    assert (group.name, len(group.spellings)) == ("Jo Doe", 8)


def test_one_message_under_anothers_name_makes_nobody_that_other() -> None:
    """An impostor's account stays the impostor's."""
    groups = join_people(
        [
            spelling("Tim Roe <troe@lab.org>", 90, 1),
            spelling("Dan Poe <troe@web.com>", 90, 2),
            spelling("Tim Roe <troe@web.com>", 1, 3),
        ]
    )
    assert members(groups) == [
        ["Tim Roe <troe@lab.org>"],
        ["Dan Poe <troe@web.com>", "Tim Roe <troe@web.com>"],
    ]


def test_who_has_no_middle_initial_goes_with_neither_of_two() -> None:
    """Of two namesakes nobody knows which one wrote without the initial."""
    groups = join_people(
        spellings("Al A. Roe <roe@a.org>", "Al B. Roe <roe@b.org>", "Al Roe <roe@c.org>")
    )
    assert len(groups) == 3


def test_exact_only_joins_equal_addresses_and_nothing_else() -> None:
    """The cautious mode joins what is the same letter for letter."""
    groups = join_people(
        spellings(
            "Tim Roe <t@a.org>", "t@a.org", "T@a.org", "Tim Roe", "Tim Roe <t@b.org>"
        ),
        exact_only=True,
    )
    assert members(groups) == [
        ["Tim Roe <t@a.org>", "t@a.org"], ["T@a.org"], ["Tim Roe"], ["Tim Roe <t@b.org>"],
    ]  # fmt: skip


def test_a_mailmap_joins_and_parts_against_all_evidence() -> None:
    """The list's keeper knows best: what .mailmap says is what the pages show."""
    mailmap = parse_mailmap(
        "Tim Roe <t@a.org> <odd@web.com>\nMax Roe <m@a.org> <t@b.a.org>\n"
    )
    groups = join_people(
        spellings(
            "T <t@a.org>", "X <odd@web.com>", "Tim Roe <t@b.a.org>", "Tim Roe <t@c.a.org>"
        ),
        mailmap=mailmap,
    )
    assert [(g.name, [a.evidence for a in g.spellings]) for g in groups] == [
        ("Tim Roe", [PersonEvidence.FIRST, PersonEvidence.MAILMAP]),
        ("Max Roe", [PersonEvidence.FIRST, PersonEvidence.NAME_HOST]),
    ]
    assert groups[0].spellings[1].detail == ".mailmap line 1"


def test_a_mailmap_gives_a_shared_address_a_holder() -> None:
    """root@ of a machine with one user can be made his by a line."""
    mailmap = parse_mailmap("Tim Roe <t@a.org> <root@a.org>")
    groups = join_people(spellings("t@a.org", "root@a.org"), mailmap=mailmap)
    assert members(groups) == [["t@a.org", "root@a.org"]]


def test_a_split_takes_a_join_apart() -> None:
    """A wrong join is undone by naming the spelling, its address or its slug."""
    texts = ("Tim Roe <troe@a.org>", "Tim Roe <troe@b.org>", "Tim Roe <tim@c.org>")
    expected = [[texts[0], texts[2]], [texts[1]]]
    named = (texts[1], "TROE@b.org", "tim_roe_troe_at_b_org_")
    found = [members(join_people(spellings(*texts), splits=[name])) for name in named]
    assert found == [expected] * 3


def test_a_split_says_that_a_person_said_so() -> None:
    """Two spellings split off together are one person, by a person's word."""
    groups = join_people(
        spellings("A B <x@a.org>", "A B <x@b.a.org>", "x@c.a.org"), splits=["x@b.a.org"]
    )
    assert members(groups) == [["A B <x@a.org>", "x@c.a.org"], ["A B <x@b.a.org>"]]


def test_a_merge_joins_what_evidence_does_not_even_after_a_split() -> None:
    """Two pages of one person become one, and the page says on whose word."""
    groups = join_people(
        spellings("Tim Roe <troe@a.org>", "ghost@web.com", "max@c.org"),
        splits=["ghost@web.com"],
        merges=[("troe@a.org", "ghost@web.com", "nobody knows")],
    )
    assert [[(a.evidence, a.detail) for a in g.spellings] for g in groups] == [
        [
            (PersonEvidence.FIRST, ""),
            (PersonEvidence.AMENDMENT, "split ghost@web.com"),
        ],
        [(PersonEvidence.FIRST, "")],
    ]


def test_two_values_in_one_from_belong_to_the_first() -> None:
    """What an archiver joined by 0x1C is filed under its author, not its forwarder."""
    forwarded = Spelling(
        "hub!lab.org!tim\x1ceva@web.com", "Tim Roe", "hub!lab.org!tim", 1, 2
    )
    groups = join_people(
        [spelling("tim@lab.org", first=1), forwarded, spelling("eva@web.com")]
    )
    assert members(groups) == [
        ["eva@web.com"], ["tim@lab.org", "hub!lab.org!tim\x1ceva@web.com"],
    ]  # fmt: skip


def test_the_key_is_the_earliest_spellings_slug() -> None:
    """A person's URL does not change when another spelling is found later."""
    old, new = spelling("T <t@a.org>", first=5), spelling("Tim Roe <t@a.org>", 9, 9)
    undated = spelling("A <t@a.org>", first=None)
    (group,) = join_people([undated, new, old])
    assert (group.person, group.name) == ("t_t_at_a_org_", "Tim Roe")
    assert [a.spelling for a in group.spellings] == [old, new, undated]


def test_a_masked_key_spells_no_address() -> None:
    """With addresses hidden the person's key is the name and a digest."""
    (group,) = join_people([spelling("Tim Roe <t@a.org>")], masked=True)
    assert (group.person[:8], "a_org" in group.person) == ("tim_roe-", False)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([("NetGoer", 90), ("Tim Roe", 1)], "Tim Roe"),
        ([("Tim Roe", 2), ("Timothy Roe", 3)], "Timothy Roe"),
        ([("tim roe", 2), ("Tim Roe", 2)], "Tim Roe"),
        ([("", 9)], "t@a.org"),
        ([("a", 1), ("b c", 1), ("d!", 1), ("e?", 1), ("", 1)], "t@a.org"),
        ([("Hal", 5), ("", 3)], "Hal"),
    ],
)
def test_the_name_shown_is_the_fullest_and_most_used(
    names: list[tuple[str, int]], expected: str
) -> None:
    """A page is headed by a name that its readers know."""
    rows = [Spelling(f"{n} {i}", n, "t@a.org", p, i) for i, (n, p) in enumerate(names)]
    assert best_name(rows) == expected


def test_a_spelling_given_twice_counts_once_with_all_posts() -> None:
    """Rows of two sources for one spelling are one spelling."""
    (group,) = join_people([spelling("t@a.org", 2, 7), spelling("t@a.org", 3, None)])
    assert [a.spelling for a in group.spellings] == [spelling("t@a.org", 5, 7)]


_NAMES = st.sampled_from(
    [
        "",
        "Tim Roe",
        "Timothy C. Roe",
        "T. Roe",
        "Max Roe",
        "John Smith",
        "NetGoer",
        "x@y",
        "é\x1c",
    ]
)
_USERS = st.sampled_from(
    ["tim", "troe", "nobody", "root", "hub!lab.org!tim", "t%b@c", "", "a.b"]
)
_HOSTS = st.sampled_from(
    ["", "lab.org", "a.lab.org", "web.com", "dev.null", "lab.cum", "x.uucp"]
)
_ROWS = st.lists(
    st.builds(
        lambda name, user, host, posts, first: Spelling(
            f"{name} <{user}@{host}>",
            name,
            f"{user}@{host}" if host else user,
            posts,
            first,
        ),
        _NAMES, _USERS, _HOSTS, st.integers(1, 3), st.none() | st.integers(0, 9),
    ),
    max_size=25,
)  # fmt: skip


@given(_ROWS, st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_order_does_not_matter_and_nobody_is_lost(
    rows: list[Spelling], shuffler: random.Random
) -> None:
    """Any order of import gives the same people, each spelling in exactly one."""
    groups = join_people(rows)
    shuffled = list(rows)
    shuffler.shuffle(shuffled)
    assert join_people(shuffled) == groups
    placed = [a.spelling.from_as_written for g in groups for a in g.spellings]
    assert sorted(placed) == sorted({row.from_as_written for row in rows})
    assert len({group.person for group in groups}) == len(groups)


@given(_ROWS)
@settings(max_examples=40, deadline=None)
def test_every_join_leads_to_the_first_spelling(rows: list[Spelling]) -> None:
    """Following what each spelling was joined to ends at the one the person began with."""
    for group in join_people(rows):
        joined = {a.spelling.from_as_written: a for a in group.spellings}
        for assignment in group.spellings:
            here, steps = assignment, 0
            while here.evidence not in (PersonEvidence.FIRST, PersonEvidence.SHARED):
                here, steps = joined[here.detail], steps + 1
                assert steps <= len(joined)


def test_many_spellings_of_one_kind_take_time_in_step() -> None:
    """Fifteen thousand spellings of one name, one user and one host are no trap."""
    rows = [
        spelling(f"Tim Roe <{user}@h{number}.{host}>", first=number)
        for number in range(5000)
        for user, host in (
            ("troe", "lab.org"),
            ("troe", f"l{number}.org"),
            ("nobody", "a.org"),
        )
    ]
    groups = join_people(rows)
    assert (len(groups), max(len(g.spellings) for g in groups)) == (5001, 10000)
