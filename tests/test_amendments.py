"""amendments.toml: what it may say, and how it complains."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.amendments import NOTHING, phrase_digest, read_amendments
from posterity.amendments.editing import with_entry
from posterity.errors import AmendmentError

HASH = "4f0c5d" * 10 + "4f0c"

WHOLE = f"""\
version = 1

# A comment.
[[hide]]
message = "{HASH}"
reason = "asked for by the author"
date = 2024-05-01

[[erase]]
message = ["{HASH[:8]}", "{HASH}"]
reason = "a court's order"
copies = false

[[redact]]
text = "12 Reef Lane"
reason = "a home address"

[[redact]]
message = "{HASH}"
first = 3
last = 4

[[reattach]]
message = "{HASH}"
parent = "{HASH[:10]}"

[[detach]]
message = "{HASH}"

[[retime]]
message = "{HASH}"
utc = 1996-03-04T21:10:00Z

[[merge]]
people = ["ada@example.org", "ada@example.net"]

[[split]]
people = ["bo@example.org"]

[[join]]
message = "{HASH}"
tail = "{HASH[:12]}"
"""


def test_every_kind_is_read() -> None:
    """Each entry becomes a value of its kind, with its line."""
    said = read_amendments(WHOLE)

    assert 10 == len(said)
    assert (4, (HASH,), "2024-05-01", True) == (
        said.hide[0].line,
        said.hide[0].message,
        said.hide[0].date,
        said.hide[0].copies,
    )
    assert ((HASH[:8], HASH), False) == (said.erase[0].message, said.erase[0].copies)
    assert (3, 4) == (said.redact[1].first, said.redact[1].last)
    assert 825_973_800 == said.retime[0].utc


def test_no_file_is_no_amendments() -> None:
    """Nothing costs nothing: the digest is empty too."""
    assert NOTHING == read_amendments("\n")
    assert "" == NOTHING.digest == NOTHING.texts_digest


def test_comments_and_order_of_lines_change_no_digest() -> None:
    """What is applied depends on what is said, not on where it stands."""
    moved = WHOLE.replace("# A comment.\n", "\n\n\n")

    assert read_amendments(WHOLE).digest == read_amendments(moved).digest
    assert read_amendments(WHOLE).texts_digest != read_amendments("").texts_digest


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("version = 2\n", "a.toml:1: version 2 is not 1; update posterity"),
        ("\n[[hide]\n", "a.toml:2: not TOML: "),
        ("\n[[hyde]]\n", "a.toml:2: unknown `hyde`; did you mean `hide`?"),
        (
            f'[[hide]]\nmessage = "{HASH}"\n',
            "a.toml:1: hide needs `reason`",
        ),
        (
            '[[hide]]\nmessage = "4f0c"\nreason = "x"\n',
            "a.toml:2: hide: message must be a message hash, or its first digits",
        ),
        (
            f'[[detach]]\nmessage = "{HASH}"\n\n[[detach]]\nmesage = "{HASH}"\n',
            "a.toml:5: unknown `mesage`; did you mean `message`?",
        ),
        ('[[redact]]\nreason = "x"\n', "a.toml:1: redact needs one of `text`"),
        ('[[redact]]\npattern = "("\n', "a.toml:2: redact: pattern is no regular"),
        ('[[redact]]\npattern = "x*"\n', "a.toml:2: redact: pattern matches everything"),
        ("[[redact]]\nfirst = 3\nlast = 4\n", "a.toml:1: lines and parts are of one"),
        ('[[redact]]\nsha256 = "00"\nwords = 1\n', "a.toml:2: redact: sha256 must be 64"),
        (
            '[[merge]]\npeople = ["a@example.org"]\n',
            "a.toml:2: merge: people must name two",
        ),
        (
            f'[[retime]]\nmessage = "{HASH}"\nutc = 1996-03-04T21:10:00\n',
            "a.toml:3: retime: utc must be a time with its zone",
        ),
        (f'[hide]\nmessage = "{HASH}"\n', "a.toml:1: write [[hide]], with two brackets"),
        (
            f'[[hide]]\nmessage = "{HASH}"\nreason = """\n[[hyde]]\n"""\ndate = "soon"\n',
            "a.toml:6: hide: date ",
        ),
    ],
)
def test_a_fault_is_named_by_its_line(text: str, complaint: str) -> None:
    """The file, the line, what is wrong, and what may have been meant."""
    with pytest.raises(AmendmentError) as raised:
        read_amendments(text, "a.toml")

    assert complaint in str(raised.value)


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_a_reason_comes_back_as_it_was_given(reason: str) -> None:
    """Whatever a person types becomes TOML that says the same."""
    if not reason.strip():
        return
    text = with_entry("", "hide", {"message": HASH, "reason": reason})

    assert reason == read_amendments(text).hide[0].reason


def test_an_entry_is_added_and_nothing_else_changes() -> None:
    """Comments and order stay; the new table stands at the end."""
    text = with_entry(WHOLE, "detach", {"message": HASH[:9], "reason": ""})

    assert text.startswith(WHOLE)
    assert {"message": HASH[:9]} == tomllib.loads(text)["detach"][-1]


def test_a_phrase_is_the_same_however_it_was_wrapped_or_quoted() -> None:
    """White space, quote marks, case and the punctuation around words do not count."""
    plain = phrase_digest("Call me at 555 0100")

    assert plain == phrase_digest("> call  me\n> at 555 0100.")
    assert 5 == plain[1]
