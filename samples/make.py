"""Write keepers.mbox, the sample list, to standard output: the same octets every time.

    python samples/make.py > samples/keepers.mbox

What was written stands in letters/*.txt (one file a conversation), who wrote it in
people.toml. The modules are the mechanics of the time:

    clocks     zones, summer time, the date formats of mailers
    letters    reads letters/*.txt
    people     reads people.toml: who wrote from where, with what, in which years
    mailers    how each mail program named, dated, linked and wrapped its messages
    words      header text: bare 8-bit, encoded words, folding
    quoting    quotes, attribution lines, wrapping, the %% blocks
    blocks     tables, armour, uuencode, pictures: what %% blocks and attachments hold
    entities   MIME bodies, digests, forwards
    office     the list machine: writes, delivers and files every letter

No clock, no chance: whatever looks random comes from a hash of the letter's key.
"""

from __future__ import annotations

import sys
from pathlib import Path

# Run as a file, so the folder that holds `samples` isn't on the path yet.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from samples.letters import read_letters  # noqa: E402 (the line above makes it so)
from samples.office import mbox  # noqa: E402
from samples.people import read_people  # noqa: E402

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Write the mbox to standard output."""
    people = read_people(HERE / "people.toml")
    sys.stdout.buffer.write(mbox(read_letters(HERE / "letters"), people))


if __name__ == "__main__":
    main()
