"""The text of a message, for who shows nothing else of it."""

from __future__ import annotations

from posterity.gist import bare_body
from posterity.model import Body
from posterity.rows import Reader


def text_of(reader: Reader, key: int, charset: str) -> Body:
    """A message's text, as kept, or else parsed now.

    Args:
        charset: of the list.
    """
    octets = reader.octets(key)
    gist = reader.gist(key)
    if gist is not None and gist.is_bare:
        return bare_body(octets, gist)
    # a search in a terminal hardly ever parses, and would spend a quarter of its time
    # on loading what does
    from posterity.parse.body import read_body  # noqa: PLC0415
    from posterity.parse.gists import body_of  # noqa: PLC0415
    from posterity.parse.message import read_parts  # noqa: PLC0415

    if gist is not None:
        return body_of(octets, gist)
    return read_body(octets, read_parts(octets), charset)
