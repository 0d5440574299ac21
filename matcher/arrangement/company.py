"""Who would travel for whom: what members are to each other wherever they live, as far as it is worth a journey."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl
from scipy.sparse import csr_array
from scipy.special import logit

from matcher.errors import SettingsError
from matcher.numeric.ranges import require
from matcher.numeric.sparse_rows import row_products
from matcher.tables import decided
from matcher.tables.community import GATHERING
from matcher.tables.pairs import Affinities
from matcher.tables.picture import Picture
from matcher.units import Flags, Floats, Rows

NEVER_TOGETHER = ("block", "quarrel", *decided.NEVER_TOGETHER)
"""Vetoes that hold among forty people as well."""

NO_COMPANY = (*NEVER_TOGETHER, "no_common_language")
"""Vetoes of pairs who are nothing to each other there; who met lately, or has other times, may well be."""

SURE = 1 - 1e-12


@dataclass(frozen=True, kw_only=True, slots=True)
class GatheringOptions:
    """What is worth a journey, and how many journeys a night may propose.

    Attributes:
        max_per_night: Most gatherings; 0: none are looked for.
        min_size: Fewest members of a gathering.
        max_size: Most members of a gathering.
        n_company: A member's company are so many others who are closest to them there. About four can share one
            conversation (Dunbar et al. 1995; Krems et al. 2016).
        tie_lift: From this multiple of the odds of strangers on, two have a real tie; others are no company, nor is
            whom one can meet without a journey.
        min_ties: Each has a real tie with at least so many others there.
        min_gain: After the way is taken off, company must be worth so many log-odds to each member.
        opening_cost: What it takes to hold a gathering, in log-odds: to all together it must be worth more than that.
            As much as the fewest guests gain at the least.
        rest_days: Who was asked to a gathering less than so many days ago is not asked again.
        n_nodes: Steps of the search for better cities and guests, where there are few to choose among.
    """

    max_per_night: int = 3
    min_size: int = 8
    max_size: int = 40
    n_company: int = 3
    tie_lift: float = 4.5
    min_ties: int = 3
    min_gain: float = 0.5
    opening_cost: float = 4.0
    rest_days: float = 90.0
    n_nodes: int = 20

    def __post_init__(self) -> None:
        """Check that a gathering is possible at all.

        Raises:
            SettingsError: A number is out of range.
        """
        require(
            "gatherings", self, positive=("min_size", "n_company", "tie_lift", "n_nodes"),
            not_negative=("max_per_night", "min_ties", "min_gain", "opening_cost", "rest_days"),
        )  # fmt: skip
        if not 2 <= self.min_size <= self.max_size:
            raise SettingsError(
                f"gatherings have impossible sizes; found min_size {self.min_size} and max_size {self.max_size}; "
                "needs 2 <= min_size <= max_size"
            )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Inside:
    """What some members are to each other; every array has shape (member,), and is 0 for who is not there.

    Attributes:
        worth: What a member's closest others are worth to them: their sum divided by `n_company`.
        given: What all others would lose in that if the member stayed away.
        n_ties: With how many of the others the member has a real tie.
    """

    worth: Floats
    given: Floats
    n_ties: Rows


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Company:
    """What members are to each other.

    Attributes:
        worth: Log-odds above strangers, of pairs with a real tie who may meet; symmetric, every entry above 0, CSR,
            each row's largest first, shape (member, member).
        apart: Rows of pairs who must never be at one gathering, shape (pair, 2).
        may_come: Who may be asked at all, shape (member,).
    """

    worth: csr_array
    apart: Rows
    may_come: Flags

    def inside(self, is_there: Flags, n_company: int) -> "Inside":
        """What those who are there are to each other.

        Args:
            is_there: Shape (member,).
            n_company: Only so many closest others count.
        """
        n_members = len(is_there)
        owners = np.repeat(np.arange(n_members), np.diff(self.worth.indptr))
        counts = is_there[self.worth.indices] & is_there[owners]
        owners, others, worth = owners[counts], self.worth.indices[counts], self.worth.data[counts]
        place = np.arange(len(owners)) - np.searchsorted(owners, owners, "left")
        closest, next_closest = place < n_company, place == n_company
        stands_in = np.zeros(n_members)
        stands_in[owners[next_closest]] = worth[next_closest]
        lost = worth[closest] - stands_in[owners[closest]]
        return Inside(
            worth=np.bincount(owners[closest], weights=worth[closest], minlength=n_members) / n_company,
            given=np.bincount(others[closest], weights=lost, minlength=n_members) / n_company,
            n_ties=np.bincount(owners, minlength=n_members),
        )

    def drawn_to(self, is_there: Flags, n_company: int) -> Floats:
        """What those who are there would be worth to each member, there or not, shape (member,).

        Args:
            is_there: Shape (member,).
            n_company: Only so many closest others count.
        """
        owners = np.repeat(np.arange(len(is_there)), np.diff(self.worth.indptr))[is_there[self.worth.indices]]
        closest = np.arange(len(owners)) - np.searchsorted(owners, owners, "left") < n_company
        worth = self.worth.data[is_there[self.worth.indices]][closest]
        return np.bincount(owners[closest], weights=worth, minlength=len(is_there)) / n_company

    def among(self, members: Rows) -> "Company":
        """The same of some members only, who are numbered from 0.

        Args:
            members: Rows, ascending.
        """
        apart = self.apart[np.isin(self.apart, members).all(axis=1)]
        return Company(
            worth=_largest_first(csr_array(self.worth[members][:, members])),
            apart=np.searchsorted(members, apart).astype(np.int64).reshape(-1, 2),
            may_come=self.may_come[members],
        )


def keep_good_company(
    affinities: Affinities, picture: Picture, options: GatheringOptions, *, stranger_chance: float
) -> Company:
    """Find what members are to each other as a reason to travel.

    The worth of two is the log-odds of their mutual affinity, less what nearness adds to it, less those of strangers.
    Two who could meet in a town within their reach are no reason to travel to each other.
    """
    index, pair = picture.index, ["member_a", "member_b"]
    vetoes = picture.vetoes.frame
    ties = affinities.frame.join(
        vetoes.filter(pl.col("rule").is_in(NO_COMPANY)), on=pair, how="anti", maintain_order="left"
    ).select(*pair, "mutual", near=pl.min_horizontal("reach_a_to_b", "reach_b_to_a"))
    mutual = np.minimum(ties.get_column("mutual").to_numpy(), SURE)
    worth = logit(mutual) - ties.get_column("near").to_numpy() - logit(stranger_chance)
    rows_a, rows_b = (index.rows(ties.get_column(side)) for side in pair)
    is_real = worth >= np.log(options.tie_lift)
    is_real[is_real] = row_products(picture.travel.km, picture.travel.km, rows_a[is_real], rows_b[is_real]) == 0
    ends = [rows_a[is_real], rows_b[is_real]]
    both = (np.concatenate(ends), np.concatenate(ends[::-1]))
    mutual_worth = csr_array((np.tile(worth[is_real], 2), both), shape=(len(index), len(index)))
    never = vetoes.filter(pl.col("rule").is_in(NEVER_TOGETHER))
    return Company(
        worth=_largest_first(mutual_worth),
        apart=np.column_stack([index.rows(never.get_column(side)) for side in pair]),
        may_come=picture.is_open & ~asked_lately(picture, options.rest_days),
    )


def _largest_first(worth: csr_array) -> csr_array:
    """Put each row's largest entry first; of equals the first member stays first."""
    owners = np.repeat(np.arange(worth.shape[0]), np.diff(worth.indptr))
    order = np.lexsort((worth.indices, -worth.data, owners))
    return csr_array((worth.data[order], worth.indices[order], worth.indptr), shape=worth.shape)


def asked_lately(picture: Picture, rest_days: float) -> Flags:
    """Who was asked to a gathering less than so many days ago, shape (member,)."""
    index, meetings = picture.index, picture.community.meetings.frame
    since = picture.community.as_of - timedelta(days=rest_days)
    lately = meetings.filter(pl.col("meeting").str.starts_with(GATHERING) & (pl.col("round_at") > since))
    asked = np.zeros(len(index), np.bool_)
    asked[index.rows(lately.get_column("member"))] = True
    return asked
