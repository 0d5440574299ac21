"""Rotation over rounds: whoever was passed over comes first, and who has met does not meet again for fit alone.

The laws, with s the largest size of a group and w the most that one seat can be worth more than another
(the largest mutual affinity tonight, plus the largest travel cost):

* A repeated pair costs `repeat = s^2 w`, fading to just over half of it for the oldest round remembered.
  One repeated pair takes 2 / (size - 1) of that from its group, more than w s: more than the whole group can
  be worth beside another. So a group with a repeat stands only where no legal group without one, that brings as
  much debt, could stand in its place, or no group at all where it brings none: no repeat for fit alone.
* Each round that a member has waited brings `overdue = s^2 w + s repeat` to whatever places them. To place a
  member breaks up at most s - 1 groups, worth at most (s - 1) s w, and the new group loses at most s repeat to
  repeats and s w to travel: less than one round of waiting. So where the search finds the best plan, a waiting
  member stays out only if every legal place for them would cost others as many rounds of waiting.

Together: nobody is passed over twice running if a legal place exists, and two meet again only so that somebody
is not. `docs/decisions/0008-rounds.md` says why.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from matcher.numeric.ranges import require
from matcher.numeric.sparse_rows import entries
from matcher.tables.community import AT_ONE_TABLE, GATHERING, Community, PastMeetings
from matcher.tables.history import PastPairs, Waits
from matcher.tables.pairs import Affinities
from matcher.tables.proposals import NOT_OPEN, Introductions, Plan, Seats
from matcher.units import Flags, Floats, Rows

OLDEST = 0.5
"""What is left of a repeat's cost, at least, in the oldest round remembered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RotationOptions:
    """How much earlier rounds matter.

    Attributes:
        rounds: How many rounds are remembered; 0: none.
        days_apart: Runs less than so many days apart are one round: a plan of yesterday is still being looked at, and
            tonight may say the same again. A day short of a week, since a weekly job may be some hours early.
        overdue_weight: At 1 whoever was passed over comes first, whatever others lose in fit; below it is a wish.
        repeat_weight: At 1 two meet again only so that nobody is passed over twice; below it is a wish.
    """

    rounds: int = 12
    days_apart: float = 6.0
    overdue_weight: float = 1.0
    repeat_weight: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            SettingsError: A number is out of range.
        """
        require("rotation", self, shares=("overdue_weight", "repeat_weight"), not_negative=("rounds", "days_apart"))


@dataclass(frozen=True, eq=False, kw_only=True)
class Rotation:
    """What earlier rounds ask of tonight, in units of the objective.

    Attributes:
        overdue: What placing each member is worth beyond their fit, shape (member,).
        repeats: What placing a pair together again costs each of the two, beside their mutual affinity;
            symmetric, float64 CSR, shape (member, member). 0 for two who both said that they would.
        n_waited: Rounds in which each was open and got no place, since they last had one, shape (member,).
        waits: The same as a table, of those who have waited.
        met: The pairs of `repeats`, with the last round of each.
    """

    overdue: Floats
    repeats: csr_array
    n_waited: Rows
    waits: Waits
    met: PastPairs


def recall(
    community: Community,
    affinities: Affinities,
    options: RotationOptions,
    *,
    max_size: int,
    largest_travel_cost: float = 0.0,
) -> Rotation:
    """Remember the last rounds, and say what they ask of tonight.

    Args:
        community: With its past meetings.
        affinities: Tonight's; only the largest matters, as the measure of what a place can be worth.
        options: How much earlier rounds matter.
        max_size: Most members of a group.
        largest_travel_cost: The most that a way can cost one member, in units of the objective.
    """
    index = community.index
    meetings = _last_rounds(community.meetings, options.rounds).with_columns(pl.col("member").cast(index.enum))
    met = _pairs_who_met(meetings)
    waits = Waits.sorted(_rounds_waited(meetings))
    n_waited = np.zeros(len(index), dtype=np.int64)
    n_waited[index.rows(waits.frame.get_column("member"))] = waits.frame.get_column("n_rounds").to_numpy()
    repeat, overdue = prices(affinities, options, max_size=max_size, largest_travel_cost=largest_travel_cost)
    rows_a, rows_b = (index.rows(met.get_column(side)) for side in ("member_a", "member_b"))
    costs = np.where(_wanted_again(met, community), 0.0, repeat * _freshness(met, options.rounds))
    both = (np.concatenate([rows_a, rows_b]), np.concatenate([rows_b, rows_a]))
    return Rotation(
        overdue=(overdue * n_waited).astype(np.float64),
        repeats=csr_array((np.concatenate([costs, costs]), both), shape=(len(index), len(index))),
        n_waited=n_waited,
        waits=waits,
        met=PastPairs.sorted(met.select(list(PastPairs.columns))),
    )


def prices(
    affinities: Affinities, options: RotationOptions, *, max_size: int, largest_travel_cost: float = 0.0
) -> tuple[float, float]:
    """What a pair of the last round costs, and what a round of waiting is worth, by the laws above."""
    best = affinities.frame.get_column("mutual").max()
    worth = (best if isinstance(best, float) else 0.0) + largest_travel_cost
    repeat = options.repeat_weight * max_size**2 * worth
    return repeat, options.overdue_weight * (max_size**2 * worth + max_size * repeat)


def owed_weights(edges: Rows, weights: Floats, rotation: Rotation) -> Floats:
    """Weigh introductions with the debts of both members and the cost of meeting again.

    Args:
        edges: Rows of the two members of each pair, shape (edge, 2).
        weights: Mutual affinities, shape (edge,).
        rotation: What earlier rounds ask.

    Returns:
        Weights, shape (edge,); what is below 0 is not worth proposing.
    """
    a, b = edges.reshape(-1, 2).T
    return weights + rotation.overdue[a] + rotation.overdue[b] - entries(rotation.repeats, a, b)


def repeats_in(seats: Seats, introductions: Introductions, rotation: Rotation) -> PastPairs:
    """List the pairs that the plan brings together again."""
    together = pl.concat([_pairs_in(_seated(seats).with_columns(round_at=0)), introductions.frame.select(_PAIR)])
    return PastPairs(rotation.met.frame.join(together, on=_PAIR, how="semi", maintain_order="left"))


def note_round(plan: Plan) -> PastMeetings:
    """Write a plan down as a round, for the rounds to come.

    Passed over is whoever was open to proposals and got no place, for whatever reason: where no place was legal the
    wait costs nobody anything, and the first legal place is theirs.
    """
    introduced = plan.introductions.frame.select(_PAIR).with_row_index("number")
    meeting = pl.format("introduction {}", "number").alias("meeting")
    passed_over = plan.unplaced.frame.filter(~pl.col("reason").cast(pl.String).is_in(NOT_OPEN))
    rows = [
        _seated(plan.seats),
        plan.attendances.frame.select("member", meeting=pl.format(f"{GATHERING} {{}}", "gathering")),
        *(introduced.select(pl.col(side).alias("member"), meeting) for side in _PAIR),
        passed_over.select("member", meeting=pl.lit("")),
    ]
    noted = pl.concat([one.with_columns(pl.col("member").cast(pl.String)) for one in rows])
    return PastMeetings.sorted(noted.with_columns(round_at=pl.lit(plan.as_of, dtype=PastMeetings.schema()["round_at"])))


_PAIR = ["member_a", "member_b"]


def _seated(seats: Seats) -> pl.DataFrame:
    return seats.frame.select("member", meeting=pl.format("group {}", "group"))


def _last_rounds(meetings: PastMeetings, n_rounds: int) -> pl.DataFrame:
    """Rows of the last rounds; `age` is 0 in the last, 1 in the one before."""
    held = meetings.frame.select(pl.col("round_at").unique().sort(descending=True)).head(n_rounds)
    return meetings.frame.join(held.with_row_index("age"), on="round_at", maintain_order="left")


def _rounds_waited(meetings: pl.DataFrame) -> pl.DataFrame:
    """Rows of Waits: rounds passed over since the last place."""
    placed = meetings.filter(pl.col("meeting") != "").group_by("member").agg(placed_at=pl.col("round_at").max())
    passed_over = meetings.filter(pl.col("meeting") == "").join(placed, on="member", how="left")
    since = pl.col("placed_at").is_null() | (pl.col("round_at") > pl.col("placed_at"))
    return passed_over.filter(since).group_by("member").agg(n_rounds=pl.len().cast(pl.UInt32))


def _pairs_who_met(meetings: pl.DataFrame) -> pl.DataFrame:
    """Columns of PastPairs and `age`: each pair with the last round in which they met."""
    together = _pairs_in(meetings.filter(AT_ONE_TABLE), "age")
    last = pl.all().sort_by("age").first()
    return together.group_by(_PAIR).agg(last).rename({"round_at": "last_at"}).sort(_PAIR)


def _pairs_in(placed: pl.DataFrame, *more: str) -> pl.DataFrame:
    """Pairs who have a round and a meeting in common."""
    others = placed.select("round_at", "meeting", member_b="member")
    both = placed.rename({"member": "member_a"}).join(others, on=["round_at", "meeting"])
    met = both.filter(pl.col("member_a") < pl.col("member_b"))
    return met.select(*_PAIR, "round_at", *more) if more else met.select(_PAIR)


def _wanted_again(met: pl.DataFrame, community: Community) -> Flags:
    """Pairs of whom each would meet the other again, shape (pair,)."""
    pairs = met.select(pl.col(_PAIR).cast(pl.String)).iter_rows()
    return np.array([pair in community.decided.again for pair in pairs], dtype=np.bool_)


def _freshness(met: pl.DataFrame, n_rounds: int) -> Floats:
    """1 for a pair of the last round, falling evenly to just over `OLDEST` for the oldest remembered."""
    age = met.get_column("age").to_numpy().astype(np.float64)
    return 1.0 - (1.0 - OLDEST) * age / max(n_rounds, 1)
