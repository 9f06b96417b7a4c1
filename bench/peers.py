"""Time ours and other archivers side by side: a dump, and a hundred messages more.

    python bench/peers.py [DUMP] [--place DIR] [--runs N] [--only NAME,…]

DUMP is an mbox (or .xz of one) whose separators all begin alike; its last hundred
messages are kept back for the second row. Every archiver writes below --place (a memory
file system keeps the disk out of the figures) and gets the mail in the form it reads:
what is converted for it is not counted. Those that are not installed are passed over.
`bench/peers.md` says which versions, and what each of them does and leaves out.
"""

from __future__ import annotations

import argparse
import lzma
import mailbox
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

CORPUS = Path(os.environ.get("POSTERITY_CORPUS", "../shared/corpora")) / "cypherpunks"
MORE = 100
PUBLIC_INBOX = """
use strict; use PublicInbox::MboxReader; use PublicInbox::InboxWritable;
my ($dir, $mbox) = @ARGV;
my $ibx = PublicInbox::InboxWritable->new({ inboxdir => $dir, name => 'list', version => 2,
    -primary_address => 'list@example.org', address => ['list@example.org'],
    indexlevel => 'full' });
my $im = $ibx->importer(0);
open my $fh, '<', $mbox or die "$mbox: $!";
PublicInbox::MboxReader->mboxo($fh, sub { $im->add($_[0]) });
$im->done;
"""


class Peer(NamedTuple):
    """An archiver.

    Attributes:
        before: a command that is not counted, run once.
        full, more: the two commands that are; {mbox}, {more}, {maildir}, {out} are filled.
        needs: the program that must be installed.
    """

    before: tuple[str, ...]
    full: tuple[str, ...]
    more: tuple[str, ...]
    needs: str


OURS = (sys.executable, "-m", "posterity.cli")
PEERS: Mapping[str, Peer] = {
    "posterity": Peer(
        (),
        (*OURS, "build", "{mbox}", "--archive", "{out}/a", "--site", "{out}/s"),
        (*OURS, "build", "{more}", "--archive", "{out}/a", "--site", "{out}/s"),
        sys.executable,
    ),
    "mhonarc": Peer(
        ("mkdir", "-p", "{out}"),
        ("mhonarc", "-quiet", "-outdir", "{out}", "{mbox}"),
        ("mhonarc", "-quiet", "-add", "-outdir", "{out}", "{more}"),
        "mhonarc",
    ),
    "notmuch": Peer(
        ("mkdir", "-p", "{out}"), ("notmuch", "new"), ("notmuch", "new"), "notmuch"
    ),
    "public-inbox": Peer(
        (
            "public-inbox-init",
            "-V2",
            "list",
            "{out}",
            "http://localhost/list",
            "list@example.org",
        ),
        ("perl", "-e", PUBLIC_INBOX, "{out}", "{mbox}"),
        ("perl", "-e", PUBLIC_INBOX, "{out}", "{more}"),
        "public-inbox-init",
    ),
}


class Figures(NamedTuple):
    """What a command cost: seconds, MB of the largest process."""

    wall: float
    cpu: float
    peak: float


def main() -> int:
    """Run everything, and print a table."""
    parser = argparse.ArgumentParser(description="time archivers side by side")
    parser.add_argument("dump", nargs="?", type=Path, default=CORPUS / "cyp-1996.txt.xz")
    parser.add_argument("--place", default=tempfile.gettempdir())
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--only", default=",".join(PEERS))
    options = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="posterity-peers-", dir=options.place))
    try:
        mbox, more = cut(options.dump, place)
        print(f"{'':<14}{'wall s':>8}{'CPU s':>8}{'peak MB':>9}{'files':>9}{'MB':>8}")
        for name in options.only.split(","):
            if shutil.which(PEERS[name].needs) is None:
                print(f"{name:<14}not installed")
                continue
            for line in measured(PEERS[name], name, (mbox, more, place), options.runs):
                print(line, flush=True)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return 0


def cut(dump: Path, place: Path) -> tuple[Path, Path]:
    """The dump without its last messages, and these."""
    octets = (
        lzma.decompress(dump.read_bytes()) if dump.suffix == ".xz" else dump.read_bytes()
    )
    mark = b"\n" + octets[: octets.index(b" ", 5) + 1]
    at = len(octets)
    for _ in range(MORE):
        at = octets.rindex(mark, 0, at)
    mbox, more = place / "list.mbox", place / "more.mbox"
    mbox.write_bytes(octets[: at + 1])
    more.write_bytes(octets[at + 1 :])
    return mbox, more


def measured(
    peer: Peer, name: str, places: tuple[Path, Path, Path], runs: int
) -> Iterator[str]:
    """The rows of one archiver: the median of some runs."""
    mbox, more, place = places
    rows: list[tuple[Figures, Figures]] = []
    files = octets = 0
    for _ in range(runs):
        home = place / "home"
        out, maildir = home / "out", home / "mail"
        home.mkdir()
        environ = {**os.environ, "HOME": str(home), "NOTMUCH_CONFIG": str(home / "config")}
        (home / "config").write_text(f"[database]\npath={maildir}\n[new]\ntags=\n")
        if name == "notmuch":
            deliver(mbox, maildir)
        fill = {"mbox": mbox, "more": more, "maildir": maildir, "out": out}
        if peer.before:
            run(peer.before, fill, environ)
        full = run(peer.full, fill, environ)
        found = [path for path in home.rglob("*") if path.is_file() and own(path, maildir)]
        files = len(found)
        octets = sum(path.stat().st_size for path in found)
        if name == "notmuch":
            deliver(more, maildir)
        rows.append((full, run(peer.more, fill, environ)))
        shutil.rmtree(home)
    for label, one in zip((name, f"  +{MORE}"), zip(*rows, strict=True), strict=True):
        wall, cpu, peak = (statistics.median(column) for column in zip(*one, strict=True))
        size = f"{files:>9,}{octets / 1e6:>8.0f}" if label == name else ""
        yield f"{label:<14}{wall:>8.2f}{cpu:>8.2f}{peak:>9.0f}{size}"


def own(path: Path, maildir: Path) -> bool:
    """Whether an archiver made a file: the mail in a Maildir was there before."""
    return not path.is_relative_to(maildir) or ".notmuch" in path.parts


def deliver(mbox: Path, maildir: Path) -> None:
    """Put the messages of an mbox into a Maildir."""
    box = mailbox.Maildir(maildir)
    source = mailbox.mbox(mbox)
    for key in source.iterkeys():
        box.add(source.get_bytes(key))
    source.close()


def run(
    command: Sequence[str], fill: Mapping[str, object], environ: Mapping[str, str]
) -> Figures:
    """Run one command, and read the accounts of all its processes."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        words = [word if "\n" in word else word.format(**fill) for word in command]
        start = time.perf_counter()
        done = subprocess.run(
            words,
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        wall = time.perf_counter() - start
        use = resource.getrusage(resource.RUSAGE_CHILDREN)
        figures = wall, use.ru_utime + use.ru_stime, use.ru_maxrss / 1024
        os.write(writing, " ".join(map(str, figures)).encode())
        os._exit(1 if done.returncode else 0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit(f"{command[0]} failed")
    return Figures(*map(float, os.read(reading, 1_000).split()))


if __name__ == "__main__":
    sys.exit(main())
