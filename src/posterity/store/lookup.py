"""From what a URL names to what the catalogue calls it: for who answers one at a time."""

from __future__ import annotations

from pathlib import Path

from posterity.store.database import connect

HASH_DIGITS = 64


class Lookup:
    """Finds messages, threads and files by their hashes.

    Args:
        catalogue: path of catalogue.db.
    """

    def __init__(self, catalogue: Path) -> None:
        self._database = connect(catalogue, writable=False)
        self._database.execute("BEGIN")  # from now on only what is there now
        self._database.execute("SELECT 1 FROM meta").fetchone()

    def close(self) -> None:
        """Close the catalogue."""
        self._database.close()

    def message(self, digest: str) -> int | None:
        """The key of the message with a hash."""
        return self._one("SELECT id FROM message WHERE digest = ?", _octets(digest))

    def thread(self, digest: str) -> int | None:
        """The thread that a message begins, or only stands in."""
        return self._one("SELECT thread FROM message WHERE digest = ?", _octets(digest))

    def thread_root(self, digest: str) -> str:
        """The hash that names the thread a message stands in; "" where there is none."""
        row = self._database.execute(
            "SELECT hex(r.digest) FROM message m JOIN thread t ON t.id = m.thread"
            " JOIN message r ON r.id = t.root WHERE m.digest = ?",
            (_octets(digest),),
        ).fetchone()
        return str(row[0]).lower() if row else ""

    def attached_to(self, digest: str) -> int | None:
        """A message that a file came with, by the hash of its content."""
        return self._one(
            "SELECT min(message) FROM attachment WHERE digest = ?"
            " AND message NOT IN (SELECT message FROM amended"
            "  WHERE kind IN ('hidden', 'erased', 'joined'))",
            _octets(digest),
        )

    def message_ids(self, key: int) -> list[str]:
        """The Message-IDs that a message bears."""
        rows = self._database.execute(
            "SELECT msgid FROM message_id WHERE message = ? ORDER BY msgid", (key,)
        )
        return [msgid for (msgid,) in rows]

    def _one(self, statement: str, value: bytes) -> int | None:
        row = self._database.execute(statement, (value,)).fetchone()
        return row[0] if row else None


def _octets(digest: str) -> bytes:
    return bytes.fromhex(digest) if len(digest) == HASH_DIGITS else b""
