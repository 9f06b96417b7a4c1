"""Mail addresses inside texts, as the keeper decided: shown, masked or hidden.

`posterity.masking` treats one address; here they are found in subjects, bodies and
header fields. Every pattern is tried once per run of its characters, so that no text
can make the search slow.
"""

from __future__ import annotations

import re

from posterity.masking import HIDE, SHOW, masked

_ADDRESS = re.compile(r"(?<![\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]++@[\w.-]++")
HIDDEN = "[\N{HORIZONTAL ELLIPSIS}]"
"""What stands in a text where an address was hidden."""


class Addresses:
    """The policy for addresses, applied to texts.

    Attributes:
        shown: nothing is masked.
    """

    __slots__ = ("policy", "shown")

    def __init__(self, policy: str) -> None:
        self.policy = policy
        self.shown = policy == SHOW

    def text(self, text: str) -> str:
        """A text with every address in it as the policy has it."""
        if self.shown or "@" not in text:
            return text
        return _ADDRESS.sub(self._one, text)

    def address(self, address: str) -> str:
        """One address as the policy has it; "" for a hidden one."""
        return masked(address, self.policy)

    def _one(self, found: re.Match[str]) -> str:
        return HIDDEN if self.policy == HIDE else masked(found[0], self.policy)
