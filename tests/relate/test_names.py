"""Display names, read as full names or refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.relate.names import agree, clean_name, fits, is_common, read_name


def spelled(display: str) -> str | None:
    name = read_name(display)
    return name and f"{' '.join(name.given)}|{name.last}"


@pytest.mark.parametrize(
    ("display", "expected"),
    [
        ("Jane Doe", "jane|doe"),
        ("DOE, JANE", "jane|doe"),
        ('"Jane Q. Doe"', "jane q|doe"),
        ("Jane_Q_Doe", "jane q|doe"),
        ("Dr. Jane Doe, PhD", "jane|doe"),
        ("Jane Doe Jr.", "jane|doe"),
        ("Jane Doe (at work)", "jane|doe"),
        ("Jane Doe [SysAdmin]", "jane|doe"),
        ("Jane 'Ace' Doe", "jane|doe"),
        ("Jane Doe -- +1 555 010 0199", "jane|doe"),
        ("Jane Doe +1-555-010-0199", "jane|doe"),
        ("Jane Doe, Example Works", "jane|doe"),
        ("Jane Doe (by way of Max Roe)", "jane|doe"),
        ("Jan van den Berg", "jan|van den berg"),
        ("Zoë Müller", "zoe|muller"),
        ("Will Rowe", "will|rowe"),
        ("J. Doe", "j|doe"),
        ("Jane", None),
        ("NetGoer", None),
        ("Anonymous User", None),
        ("Mail Delivery Subsystem", None),
        ("The Phantom", None),
        ("j@example.org", None),
        ("Jane 5tar", None),
        ("one two three four five six seven", None),
        ("", None),
    ],
)
def test_a_full_name_is_told_from_a_motto(display: str, expected: str | None) -> None:
    """Only what has the shape of a person's name can prove who somebody is."""
    assert spelled(display) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Tim Roe", "Timothy C. Roe", True),
        ("T. Roe", "Timothy Roe", True),
        ("Leslie Todd Roe", "Todd Roe", True),
        ("John A. Roe", "John B. Roe", False),
        ("John Roe", "Jane Roe", False),
        ("John Roe", "John Doe", False),
    ],
)
def test_names_agree_or_contradict(one: str, other: str, expected: bool) -> None:
    """Short forms and initials may be one person's, other initials are another's."""
    first, second = read_name(one), read_name(other)
    assert first is not None
    assert second is not None
    assert (agree(first, second), agree(second, first)) == (expected, expected)


@pytest.mark.parametrize(
    ("user", "name", "expected"),
    [
        ("tcroe", "Timothy C. Roe", True),
        ("tcroe", "Tim Roe", True),
        ("troe", "Tim Roe", True),
        ("roe", "Tim Roe", True),
        ("timothy", "Tim Roe", True),
        ("tim.roe", "Tim Roe", True),
        ("roet", "Tim Roe", True),
        ("tcr", "Timothy C. Roe", True),
        ("tqr", "Timothy C. Roe", False),
        ("smit", "Ann Smithson", True),
        ("roe0015", "Tim Roe", False),
        ("71234.567", "Tim Roe", False),
        ("gnome", "Tim Roe", False),
        ("t", "Tim Roe", False),
    ],
)
def test_a_user_is_named_after_a_name(user: str, name: str, expected: bool) -> None:
    """An account that bears its holder's name backs it; one with a number does not."""
    full = read_name(name)
    assert full is not None
    assert fits(user, full) is expected


def test_common_names_are_known_for_it() -> None:
    """John Smith is no proof, John Q. Smith and John Quux are."""
    names = [
        read_name(text) for text in ("John Smith", "John Q. Smith", "Bob Jones", "Jo Quux")
    ]
    assert [name is not None and is_common(name) for name in names] == [
        True, False, True, False,
    ]  # fmt: skip


@given(st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_name_or_none(text: str) -> None:
    """No display name stops the reading."""
    name = read_name(text)
    assert name is None or (bool(name.given) and len(name.last) > 1)
    assert "@" not in clean_name(text)
