"""The sample list in other forms: what comes back is the same list."""

from __future__ import annotations

import datetime as dt
import mailbox
import subprocess
from pathlib import Path

import pytest

from posterity.model import Mailbox, Message
from posterity.parse import parse_message
from posterity.sources import read_source

SAMPLE = Path(__file__).parents[2] / "samples" / "keepers.mbox"
JULY_1997, AUGUST_1997 = 867_715_200, 870_393_600
EPOCH = 300
"""Messages of the first epoch of the public-inbox; the second has the rest."""


@pytest.fixture(scope="module")
def letters() -> list[bytes]:
    """The sample's messages, in order."""
    return [raw.octets for raw in read_source(SAMPLE)]


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> None:
    """Run git in a repository."""
    subprocess.run(["git", "-C", str(folder), *arguments], input=stdin, check=True)


def epoch(folder: Path, letters: list[bytes]) -> None:
    """A public-inbox v2 epoch: a commit a message, whose file m it is."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--bare", ".")
    commands = []
    for number, octets in enumerate(letters):
        stored = octets.replace(b"\r\n", b"\n")
        commands.append(
            b"commit refs/heads/master\ncommitter K <k@example.org> %d +0000\n"
            b"data 1\nx\nM 100644 inline m\ndata %d\n%b\n" % (number, len(stored), stored)
        )
    git(folder, "fast-import", "--quiet", stdin=b"".join(commands))


def test_a_public_inbox_of_the_sample_gives_the_same_messages(
    tmp_path: Path, letters: list[bytes]
) -> None:
    """Two epochs, LF line ends: every message has the hash it had."""
    epoch(tmp_path / "keepers" / "git" / "0.git", letters[:EPOCH])
    epoch(tmp_path / "keepers" / "git" / "1.git", letters[EPOCH:])

    found = [raw.digest for raw in read_source(tmp_path / "keepers")]

    expected = [raw.digest for raw in read_source(SAMPLE)]
    assert 460 == len(found)
    assert sorted(expected) == sorted(found)


def pipermail(message: Message, octets: bytes) -> bytes:
    """A message as Mailman 2 writes it into a month's text file."""
    sender = message.from_[0] if message.from_ else None
    assert isinstance(sender, Mailbox)
    when = dt.datetime.fromtimestamp(message.sent.utc or 0, dt.UTC)
    asctime = when.strftime("%a %b %e %H:%M:%S %Y")
    spelled = f"{sender.local_part} at {sender.domain}"
    lines = [
        f"From {spelled}  {asctime}",
        f"From: {spelled} ({sender.display_name})",
        f"Date: {asctime}",
        f"Subject: [Keepers] {message.subject}",
        *(f"In-Reply-To: <{one}>" for one in message.in_reply_to[:1]),
        f"Message-ID: <{message.message_ids[0]}>",
        "",
    ]
    text = (
        octets[message.body_offset :]
        .replace(b"\r\n", b"\n")
        .replace(b"\nFrom ", b"\n>From ")
    )
    return "\n".join(lines).encode("utf-8") + b"\n" + text.rstrip(b"\n") + b"\n\n"


def test_a_pipermail_month_of_the_sample_gives_the_same_messages(
    tmp_path: Path, letters: list[bytes]
) -> None:
    """Addresses spelled "at" are read as addresses, ids and subjects as they were."""
    messages = [(parse_message(octets), octets) for octets in letters]
    month = [
        (message, octets)
        for message, octets in messages
        if JULY_1997 <= (message.sent.utc or 0) < AUGUST_1997
        if message.message_ids and isinstance(message.from_[0], Mailbox)
        if message.from_[0].domain and message.from_[0].display_name.isascii()
    ]
    path = tmp_path / "1997-July.txt"
    path.write_bytes(b"".join(pipermail(*each) for each in month))

    found = [parse_message(raw.octets) for raw in read_source(path)]

    assert 60 < len(month) == len(found)
    for (before, _), after in zip(month, found, strict=True):
        assert before.message_ids[:1] == after.message_ids
        assert before.base_subject == after.base_subject
        assert before.sent.utc == after.sent.utc
        assert (after.sent.offset, after.sent.error) == (None, 50_400)
        [old], [new] = before.from_, after.from_
        assert isinstance(old, Mailbox)
        assert isinstance(new, Mailbox)
        assert (old.address, old.display_name) == (new.address, new.display_name)
        assert "obfuscated-address" in {defect.code.value for defect in after.defects}


def test_another_reader_of_maildirs_counts_the_same(
    tmp_path: Path, letters: list[bytes]
) -> None:
    """The standard library writes a Maildir; we read every message of it."""
    box = mailbox.Maildir(tmp_path / "Maildir", create=True)
    for octets in letters:
        box.add(octets.replace(b"\r\n", b"\n"))

    found = sorted(raw.digest for raw in read_source(tmp_path / "Maildir"))

    assert sorted(raw.digest for raw in read_source(SAMPLE)) == found
