"""Headers of a list that grows: who answers whom as if all were read at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from posterity.model import Digest
from posterity.relate.reread import header_parents_again
from posterity.relate.threads import header_parents
from posterity.relate.witnesses import Skeleton

IDS = st.lists(
    st.sampled_from(
        [*"abcdef", "ann@x.org", "Bo@x.org", "1@x", "2@x", "3@x", "4@x", "5@x"]
    ),
    max_size=3,
).map(tuple)
ADDRESSES = st.sampled_from(["", "ann@x.org", "bo@x.org", "cy@x.org"])
LISTS = st.lists(
    st.tuples(
        st.none() | st.integers(0, 9),
        IDS,
        IDS,
        IDS,
        ADDRESSES,
        st.lists(ADDRESSES).map(tuple),
    ),
    max_size=14,
)


@given(mail=LISTS, steps=st.sets(st.integers(0, 14)))
def test_a_list_that_grows(
    mail: list[
        tuple[
            int | None,
            tuple[str, ...],
            tuple[str, ...],
            tuple[str, ...],
            str,
            tuple[str, ...],
        ]
    ],
    steps: set[int],
) -> None:
    """Twins, ghosts, loops, and ids that are somebody's address."""
    bones = [
        Skeleton(
            key=key,
            digest=Digest(f"{key * 7919 % 1009:064x}"),
            utc=utc,
            message_ids=message_ids,
            references=references,
            in_reply_to=in_reply_to,
            author=author,
            recipients=recipients,
        )
        for key, (utc, message_ids, references, in_reply_to, author, recipients) in (
            enumerate(mail, 1)
        )
    ]
    was: dict[int, int | None] = {}
    for step in sorted({*steps, len(bones)}):
        some = bones[:step]
        found = header_parents_again(some, was)
        assert header_parents(some) == found
        was = {one.key: found.get(one.key) for one in some}
