"""Octets to values; pure, and never an exception on mail.

    octets ──header──▶ fields ──words, dates, addresses, msgids, subjects──▶ values
       └──────mime──▶ parts ──transfer, charsets──▶ text ──body──▶ lines, segments

`parse_message` reads all that a catalogue needs of a message; its text is read from
the parts when it is wanted (`mime.part_octets`, `body`).

Sources: RFC 5322 §3.6; RFC 8621 §4.1.
"""

from __future__ import annotations

from posterity.parse.message import message_digest, parse_message

__all__ = ["message_digest", "parse_message"]
