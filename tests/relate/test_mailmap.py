"""Git's .mailmap, its four forms and its mistakes."""

import pytest

from posterity.errors import AmendmentError
from posterity.relate.mailmap import Known, parse_mailmap

MAP = """\
# who is who
Jane Doe <jane@example.org>
<jane@example.org> <jd@old.example>            # a comment after it
Jane Doe <jane@example.org> <JANE@lab.example>
Joe Roe <joe@example.net> Joe <shared@example.com>
Ann Poe <ann@example.net> <shared@example.com>
"""


@pytest.mark.parametrize(
    ("name", "address", "expected"),
    [
        ("J.", "jane@example.org", ("Jane Doe", 4)),
        ("", "JD@old.example", ("Jane Doe", 3)),
        ("", "jane@lab.example", ("Jane Doe", 4)),
        ("joe", "shared@example.com", ("Joe Roe", 5)),
        ("Someone", "shared@example.com", ("Ann Poe", 6)),
        ("", "ann@example.net", ("Ann Poe", 6)),
    ],
)
def test_each_form_is_understood(
    name: str, address: str, expected: tuple[str, int]
) -> None:
    """All four forms of gitmailmap(5) give the proper name, without regard to case."""
    known = parse_mailmap(MAP).find(name, address)
    proper = known and (known.name, 4 if known.line == 2 else known.line)
    assert proper == expected


def test_lines_of_one_person_have_one_identity() -> None:
    """Three addresses of one person are one person, and others are others."""
    mailmap = parse_mailmap(MAP)
    found = [
        mailmap.find(name, address)
        for name, address in (
            ("", "jane@example.org"),
            ("", "jd@old.example"),
            ("", "jane@lab.example"),
            ("Joe", "shared@example.com"),
            ("", "shared@example.com"),
        )
    ]
    identities = [known.identity for known in found if isinstance(known, Known)]
    assert [identities.index(identity) for identity in identities] == [0, 0, 0, 3, 4]


def test_who_is_not_in_it_is_not_found() -> None:
    """A mailmap says nothing of others, and an empty one of nobody."""
    found = (
        parse_mailmap(MAP).find("Max", "max@example.org"),
        parse_mailmap("").find("", ""),
    )
    assert found == (None, None)


def test_a_mark_and_other_line_ends_are_read() -> None:
    """A file saved by a Windows editor works."""
    assert parse_mailmap("\ufeffA B <a@example.org>\r\n").find("", "a@example.org")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("Jane Doe", "a line is"),
        ("<jane@example.org>", "it names nobody"),
        ("Jane <>", "it names nobody"),
        ("Jane <> <old@example.org>", "the first address is empty"),
        ("Jane <a@example.org> <>", "the second name and address are empty"),
        ("Jane <a@example.org", "a line is"),
        ("Jane <a@example.org> junk", "a line is"),
    ],
)
def test_a_mistake_is_named_with_its_line(line: str, sentence: str) -> None:
    """Whoever wrote the file is told where to look."""
    with pytest.raises(AmendmentError) as error:
        parse_mailmap(f"# first\n{line}\n", where="people.mailmap")
    assert str(error.value).startswith(f"people.mailmap:2: {sentence}")
