"""People's page names: the old archive's form, and safe on every file system."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.relate.slugs import MAX_SLUG_OCTETS, masked_slug, page_names, slug


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("joe@example.org (Joe Doe)", "joe_at_example_org_joe_doe_"),
        ('"J. Doe" <j@example.org>', "j_doe_j_at_example_org_"),
        ("Joe  (x) <joe@a.example>", "joe_x_joe_at_a_example_"),
        ("gate!site!joe (Joe)", "gatesitejoe_joe_"),
        ("Joe O'Neil-Smith <j+x@example.org>", "joe_oneilsmith_jx_at_example_org_"),
        ("a@example.org\x1cb@example.com", "a_at_example_orgb_at_example_com"),
        ("a@b@c", "a_at_b_at_c"),
        ("Jörg <j@example.org>", "jörg_j_at_example_org_"),
        ("J\xa0D\t E", "j_d_e"),
        ("", ""),
        ("!!!", ""),
    ],
)
def test_slug_is_the_old_archives_form(written: str, expected: str) -> None:
    """Every published author URL can be made again from the From line."""
    assert slug(written) == expected


@pytest.mark.parametrize("word", ["con", "nul", "aux", "com1", "lpt9", "index", ""])
def test_a_name_a_system_keeps_to_itself_is_marked(word: str) -> None:
    """No person's page is lost on Windows, or stands where the list of people does."""
    (name,) = page_names([(word, "seed")])
    assert (name.startswith(word), name[-9], name == word) == (True, "-", False)


def test_twins_get_different_names_and_the_first_keeps_the_plain_one() -> None:
    """Two people whose slugs differ only by case or accents' spelling keep two pages."""
    composed, taken_apart = "jos\u00e9", unicodedata.normalize("NFD", "jos\u00e9")
    names = page_names([(composed, "one"), (taken_apart, "two"), ("JOSÉ", "three")])
    folded = {unicodedata.normalize("NFC", name).casefold() for name in names}
    assert (names[0], len(folded)) == (composed, 3)


def test_a_very_long_name_is_cut_on_a_letter() -> None:
    """A 4,000-octet From makes a name that a file system takes, and not half a letter."""
    (name,) = page_names([("ü" * 2000, "seed")])
    assert (len(name.encode()) <= MAX_SLUG_OCTETS, name.count("ü")) == (True, 95)


def test_control_and_direction_marks_do_not_reach_a_file_name() -> None:
    """A right-to-left override cannot disguise a file's ending."""
    (name,) = page_names([("exe\u202etxt\u0085", "seed")])
    assert (name.isprintable(), name[:7]) == (True, "exetxt-")


def test_a_masked_slug_spells_no_address() -> None:
    """Where addresses are hidden the URL does not give them away."""
    slugs = masked_slug("Joe Doe", "joe@example.org"), masked_slug("j@x.org", "j@x.org")
    assert [text[:-8] for text in slugs] == ["joe_doe-", "person-"]


@given(st.lists(st.tuples(st.text(max_size=30), st.uuids().map(str)), max_size=12))
@settings(max_examples=60, deadline=None)
def test_names_are_safe_and_unique_for_any_text(wanted: list[tuple[str, str]]) -> None:
    """Whatever mail says, every person has one page that no other has."""
    names = page_names([(slug(text), seed) for text, seed in wanted])
    folded = {unicodedata.normalize("NFD", name.casefold()) for name in names}
    assert len(folded) == len(wanted)
    assert all(0 < len(name.encode()) <= MAX_SLUG_OCTETS for name in names)
    assert all(name.isprintable() and not set(name) & set('/\\:*?"<>|. ') for name in names)
