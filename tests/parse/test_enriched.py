"""text/enriched and text/richtext read as plain text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from posterity.parse.enriched import plain_text

Linear = Callable[..., None]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<bold>Note</bold>: 1 << 2", "Note: 1 < 2"),
        ("It rains\nand pours.\n\nBye.", "It rains and pours.\nBye."),
        ("one\n\n\ntwo", "one\n\ntwo"),
        ("<color><param>red</param>rain</color>", "rain"),
        ("<nofill>a\n  b</nofill>\nc", "a\n  b c"),
        ("He said:<excerpt>rain\n\nsnow</excerpt>No.", "He said:\n> rain\n> snow\nNo."),
        ("a < b and <ann@example.org>", "a < b and <ann@example.org>"),
        ("<param>never closed", ""),
        ("", ""),
    ],
)
def test_commands_become_what_they_mean(source: str, text: str) -> None:
    """Formatting goes, words stay, one line end is a blank (RFC 1896)."""
    assert plain_text(source) == text


def test_richtext_breaks_lines_by_command() -> None:
    """The older format has commands for line ends and the lesser sign (RFC 1341)."""
    source = "<comment>hidden</comment>It\nrains<nl>1 <lt> 2</paragraph>Bye"
    assert plain_text(source, rich=True) == "It rains\n1 < 2\n\nBye"


@pytest.mark.parametrize("piece", ["<", "<<", "<bold>", "<excerpt>\n\n", "<param>", "\n"])
def test_d5_time_is_linear(linear: Linear, piece: str) -> None:
    """D5: marks and commands by the hundred thousand cost what they weigh."""
    linear(lambda count: piece * count, plain_text, 50_000)
