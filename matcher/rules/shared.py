"""What two members, or a whole group, must have in common: a language each pair, a time all of them.

Whoever states nothing is free: unknown is no restriction.
"""

from itertools import combinations

import numpy as np
import numpy.typing as npt
import polars as pl

from matcher.tables.community import MemberIndex, Members

Bits = npt.NDArray[np.uint64]
WORD = 64
ANYTHING = np.uint64(2**64 - 1)


def availability_bits(members: Members) -> Bits:
    """Times that suit each member, as bit masks; members meet only where all their masks have a bit in common.

    Args:
        members: Tonight's.

    Returns:
        Bit t of the row for the t-th time that anybody states, ascending; every bit is set for who states none.
        Shape (member, word), with at least one word.
    """
    return _bits(members.frame.get_column("availability"))


def pairs_without_common(members: Members, column: str, index: MemberIndex) -> pl.DataFrame:
    """Pairs who both state something in a column of lists, and nothing alike: `one` < `other`, tonight's members.

    Cost: members who state the same are looked at once; then as many rows as there are such pairs.
    """
    stated = members.frame.filter(pl.col(column).list.len() > 0).select("member", said=pl.col(column).list.sort())
    grouped = stated.group_by("said", maintain_order=True).agg("member")
    kinds = [frozenset(said) for said in grouped.get_column("said").to_list()]
    apart = [(a, b) for a, b in combinations(range(len(kinds)), 2) if not kinds[a] & kinds[b]]
    kind = {"one": pl.Int64, "other": pl.Int64}
    who = grouped.select(pl.col("member").cast(pl.List(index.enum))).with_row_index("kind").cast({"kind": pl.Int64})
    ends = [who.rename({"kind": side, "member": f"{side}_member"}) for side in kind]
    pairs = pl.DataFrame(apart, schema=kind, orient="row").join(ends[0], on="one").join(ends[1], on="other")
    members_of = pairs.select(one="one_member", other="other_member").explode("one").explode("other")
    return members_of.select(one=pl.min_horizontal("one", "other"), other=pl.max_horizontal("one", "other"))


def _bits(stated: pl.Series) -> Bits:
    names = stated.explode().drop_nulls().unique().sort()
    place = {name: at for at, name in enumerate(names)}
    bits = np.zeros((len(stated), max(1, -(-len(place) // WORD))), dtype=np.uint64)
    for row, said in enumerate(stated.to_list()):
        if not said:
            bits[row] = ANYTHING
        for name in said:
            bits[row, place[name] // WORD] |= np.uint64(1 << place[name] % WORD)
    return bits
