"""From all pairs to the few worth scoring, each with the rules that found it.

A pair that no rule finds is never scored: recall is decided here. Every rule is counted, so that an
organizer sees what each one brings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl
from scipy.sparse import csr_array, eye_array

from matcher.numeric.nearest import nearest
from matcher.numeric.ranges import require
from matcher.numeric.sparse_rows import strongest
from matcher.tables.community import Community, MemberIndex
from matcher.tables.conversation import Company, Standings, Ties
from matcher.tables.geography import Travel
from matcher.tables.pairs import Candidates
from matcher.tables.picture import Picture
from matcher.tables.vectors import Interests
from matcher.units import Flags, Rows

Pairs = tuple[Rows, Rows]

FOR_TONIGHT = ("cooldown", "rejected", "no_common_time")
"""Vetoes of pairs who are scored all the same: they may both be at a gathering, or be told that they met lately."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CandidateOptions:
    """How widely to look.

    Attributes:
        n_alike: Nearest others for each of a member's interests, anywhere.
        n_alike_nearby: The same, among those who can reach a common town.
        n_company: Others with whom a member shares conversations most.
        n_friends_of_friends: Others who keep most company with whom a member talks with.
        min_heard: Members heard less than this (`heard_share`) are proposed to nobody: there is too
            little to go by, or it was too long ago.
        min_standing: The same for those who talk at people (`standing_share`).
    """

    n_alike: int = 3
    n_alike_nearby: int = 15
    n_company: int = 20
    n_friends_of_friends: int = 80
    min_heard: float = 0.2
    min_standing: float = 0.3

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            SettingsError: A number is out of range.
        """
        counts = ("n_alike", "n_alike_nearby", "n_company", "n_friends_of_friends")
        require("candidates", self, shares=("min_heard", "min_standing"), not_negative=counts)


def open_to_proposals(standings: Standings, community: Community, options: CandidateOptions) -> Flags:
    """Who may be proposed to somebody anew, shape (member,): heard enough, talking with people, and not resting."""
    frame = standings.frame
    is_open = (frame.get_column("heard_share") >= options.min_heard) & (
        frame.get_column("standing_share") >= options.min_standing
    )
    resting = community.decided.resting
    return is_open.to_numpy() & np.array([member not in resting for member in community.index.ids], dtype=np.bool_)


def propose_candidates(picture: Picture, options: CandidateOptions) -> Candidates:
    """Look for pairs by several rules, the surest first; members who are not open come up only if they are held.

    Nor do vetoed pairs, but for those who are only kept from each other for tonight, as all later stages know.
    """
    index, interests, who = picture.index, picture.interests, np.flatnonzero(picture.is_weighed)
    found: Mapping[str, Pairs] = {
        "talked": _talked(index, picture.ties),
        "company": _company(picture.company, who, options.n_company),
        "friend_of_friend": _friends_of_friends(picture.company, who, options.n_friends_of_friends),
        "alike_nearby": _alike_nearby(interests, picture.travel, options.n_alike_nearby),
        "alike": nearest(interests.vectors, interests.owners, options.n_alike),
        "held": _held(picture),
    }
    frames = [
        pl.DataFrame({"a": np.minimum(*pairs), "b": np.maximum(*pairs)}, schema={"a": pl.UInt32, "b": pl.UInt32})
        .unique()
        .with_columns(found_by=pl.lit(rule))
        for rule, pairs in found.items()
    ]
    is_weighed = (pl.col(side).is_in(who.astype(np.uint32)) for side in ("a", "b"))
    counted = (
        pl.concat(frames)
        .filter(pl.col("a") != pl.col("b"), *is_weighed)
        .group_by("a", "b", maintain_order=True)
        .agg(found_by=pl.col("found_by").first(), n_rules=pl.len().cast(pl.UInt8))
        .with_columns(member_a=pl.col("a").cat.to(index.enum), member_b=pl.col("b").cat.to(index.enum))
    )
    never = picture.vetoes.frame.filter(~pl.col("rule").is_in(FOR_TONIGHT))
    return Candidates.sorted(counted.join(never, on=["member_a", "member_b"], how="anti"))


def _held(picture: Picture) -> Pairs:
    """All pairs within groups and introductions that organizers keep."""
    kept = (*picture.held.groups, *picture.held.introductions)
    pairs = np.array([pair for members in kept for pair in combinations(members, 2)], np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _talked(index: MemberIndex, ties: Ties) -> Pairs:
    return index.rows(ties.frame.get_column("member_a")), index.rows(ties.frame.get_column("member_b"))


def _company(company: Company, who: Rows, k: int) -> Pairs:
    """Find those with whom a member shares conversations most."""
    return _strongest_among(who, company.together, csr_array(eye_array(len(company.index))), k)


def _friends_of_friends(company: Company, who: Rows, k: int) -> Pairs:
    """Find those who keep most company with whom a member talks with, be the friend between them open or not."""
    return _strongest_among(who, company.partners, company.passed_on, k)


def _strongest_among(who: Rows, left: csr_array, right: csr_array, k: int) -> Pairs:
    """Take the strongest of those who are open, so that nobody who is not takes up a place."""
    askers, others = strongest(left[who], right[who], k)
    return who[askers], who[others]


def _alike_nearby(interests: Interests, travel: Travel, k: int) -> Pairs:
    """Find the most alike among those who can reach a common town, town by town."""
    visitors = travel.km.tocsc()
    found = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    for town in range(visitors.shape[1]):
        members = visitors.indices[visitors.indptr[town] : visitors.indptr[town + 1]]
        is_here = np.isin(interests.owners, members)
        found.append(nearest(interests.vectors[is_here], interests.owners[is_here], k))
    askers, others = zip(*found, strict=True)
    return np.concatenate(askers), np.concatenate(others)
