"""How well scores rank what came true: AUC, hit@10, MRR and NDCG@10, for many draws of the members at once.

Ties count by what they would give on average if they were broken by chance, never by their order.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from matcher.units import Flags, Floats, Rows

TOP = 10
METRICS = ("auc", f"hit_at_{TOP}", "mrr", f"ndcg_at_{TOP}")


@dataclass(frozen=True, eq=False, kw_only=True)
class Contest:
    """Pairs to be ranked, and which of them came true.

    Attributes:
        member_a: One end, a number below the draws' n_members, shape (pair,).
        member_b: The other, shape (pair,).
        is_positive: Whether it came true, shape (pair,).
        stratum: Pairs are compared only within a stratum, shape (pair,).
    """

    member_a: Rows
    member_b: Rows
    is_positive: Flags
    stratum: Rows

    def decided(self) -> "Contest":
        """Leave out strata in which nothing, or everything, came true: there is nothing to tell apart."""
        return self.only(self.is_decided())

    def is_decided(self) -> Flags:
        """Whether a pair's stratum holds both kinds, shape (pair,)."""
        return _holds_both(self.stratum, self.is_positive)

    def only(self, kept: Flags) -> "Contest":
        """Some of the pairs."""
        return Contest(
            member_a=self.member_a[kept],
            member_b=self.member_b[kept],
            is_positive=self.is_positive[kept],
            stratum=self.stratum[kept],
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Tally:
    """A weighted mean under way: its sum and its weight for every draw; tallies of several cutoffs add up.

    Attributes:
        total: Weighted sum, shape (draw,).
        weight: Sum of weights, shape (draw,).
    """

    total: Floats
    weight: Floats

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(total=self.total + other.total, weight=self.weight + other.weight)

    def means(self) -> Floats:
        """The metric for every draw, shape (draw,); NaN where a draw holds nothing to judge."""
        return np.divide(self.total, self.weight, out=np.full_like(self.total, np.nan), where=self.weight > 0)


def tally(contest: Contest, scores: Floats, draws: Floats) -> Mapping[str, Tally]:
    """Judge scores by every metric.

    Args:
        contest: What is ranked.
        scores: Larger is better, shape (pair,).
        draws: How often each member is drawn, shape (draw, member); see `bootstrap.draw_members`.
    """
    kept = contest.is_decided()
    judged, scores = contest.only(kept), scores[kept]
    return {METRICS[0]: tally_auc(judged, scores, draws), **tally_lists(judged, scores, draws)}


def tally_auc(contest: Contest, scores: Floats, draws: Floats) -> Tally:
    """Average over positives of the share of their stratum's negatives that score lower; ties count half.

    A pair weighs as often as its two members are drawn together: the product of how often each is.

    Args:
        contest: Every stratum with both kinds.
        scores: Shape (pair,).
        draws: Shape (draw, member).

    Cost: Time O(draw x pair), memory O(pair).
    """
    positive, negative = np.flatnonzero(contest.is_positive), np.flatnonzero(~contest.is_positive)
    if not len(positive):
        return Tally(total=np.zeros(len(draws)), weight=np.zeros(len(draws)))
    level = _levels(contest.stratum, scores)
    is_first = np.unique(contest.stratum, return_inverse=True)[1]
    starts = np.full(is_first.max() + 1, len(level))
    np.minimum.at(starts, is_first, level)
    # Cuts at the levels of positives, and just before each stratum begins; bins lie between cuts and on them.
    cuts = np.unique(np.concatenate([2 * level[positive], 2 * starts - 1]))
    cut = np.searchsorted(cuts, 2 * level[negative])
    bins = 2 * cut + (np.append(cuts, -1)[cut] == 2 * level[negative])
    own = np.searchsorted(cuts, 2 * level[positive])
    begin = np.searchsorted(cuts, 2 * starts - 1)
    end = np.append(begin[1:], len(cuts))
    stratum = is_first[positive]

    total, weight = np.zeros(len(draws)), np.zeros(len(draws))
    for number, drawn in enumerate(draws):
        lower = drawn[contest.member_a[negative]] * drawn[contest.member_b[negative]]
        in_bin = np.bincount(bins, lower, minlength=2 * len(cuts) + 1)
        up_to = np.append(0.0, np.cumsum(in_bin))
        base = up_to[2 * begin + 1]
        n_negatives = (up_to[np.minimum(2 * end + 1, len(up_to) - 1)] - base)[stratum]
        beaten = up_to[2 * own + 1] - base[stratum] + in_bin[2 * own + 1] / 2
        mine = drawn[contest.member_a[positive]] * drawn[contest.member_b[positive]] * (n_negatives > 0)
        total[number] = (mine * beaten / np.maximum(n_negatives, 1e-12)).sum()
        weight[number] = mine.sum()
    return Tally(total=total, weight=weight)


def tally_lists(contest: Contest, scores: Floats, draws: Floats) -> Mapping[str, Tally]:
    """Judge each member's own ranking of their pairs, where at least one came true and one did not.

    A member with lists in several strata counts once, with the mean over them.

    Args:
        contest: Each pair is in the lists of both its members.
        scores: Shape (pair,).
        draws: Shape (draw, member).
    """
    owner = np.concatenate([contest.member_a, contest.member_b])
    stratum = np.tile(contest.stratum, 2)
    is_positive = np.tile(contest.is_positive, 2)
    key = owner * (stratum.max(initial=0) + 1) + stratum
    kept = _holds_both(key, is_positive)
    lists, first, number = np.unique(key[kept], return_index=True, return_inverse=True)
    owners = owner[kept][first]
    groups = tie_groups(number, np.tile(scores, 2)[kept], is_positive[kept])
    share = 1 / np.bincount(owners, minlength=draws.shape[1])[owners] if len(lists) else np.empty(0)
    drawn = draws[:, owners] * share
    values = (_hit(groups, len(lists)), _reciprocal_rank(groups, len(lists)), _ndcg(groups, len(lists)))
    weight = drawn.sum(axis=1)
    return {name: Tally(total=drawn @ value, weight=weight) for name, value in zip(METRICS[1:], values, strict=True)}


@dataclass(frozen=True, eq=False, kw_only=True)
class TieGroups:
    """Entries of one list with one score, best first within each list; every array has shape (group,).

    Attributes:
        lists: The list.
        n_before: Entries of the list that score higher.
        size: Entries in the group.
        n_positive: Of them positive.
        group_of: The group of each entry, in the order given, shape (entry,).
    """

    lists: Rows
    n_before: Rows
    size: Rows
    n_positive: Rows
    group_of: Rows

    def top_share(self, k: int) -> Floats:
        """How likely an entry of the group is among its list's first k, shape (group,)."""
        return np.clip((k - self.n_before) / self.size, 0, 1)


def tie_groups(lists: Rows, scores: Floats, is_positive: Flags) -> TieGroups:
    """Gather entries of equal score within each list; lists are numbered from 0, every number in use."""
    order = np.lexsort((-scores, lists))
    begins = np.append(True, (np.diff(lists[order]) != 0) | (np.diff(scores[order]) != 0))[: len(order)]
    starts = np.flatnonzero(begins)
    group_of = np.empty(len(order), dtype=np.int64)
    group_of[order] = np.cumsum(begins) - 1
    of_list = lists[order][starts]
    list_starts = np.searchsorted(lists[order], np.arange(lists.max(initial=-1) + 1))
    return TieGroups(
        lists=of_list,
        n_before=starts - list_starts[of_list],
        size=np.bincount(group_of, minlength=len(starts)),
        n_positive=np.bincount(group_of[is_positive], minlength=len(starts)),
        group_of=group_of,
    )


def _hit(groups: TieGroups, n_lists: int) -> Floats:
    """How likely at least one positive is among the first TOP, shape (list,)."""
    seats = np.clip(TOP - groups.n_before, 0, groups.size)
    missed = np.exp(_log_choose(groups.size - groups.n_positive, seats) - _log_choose(groups.size, seats))
    passed_over = np.ones(n_lists)
    np.multiply.at(passed_over, groups.lists, missed)
    return 1 - passed_over


def _reciprocal_rank(groups: TieGroups, n_lists: int) -> Floats:
    """Expected 1 / rank of the first positive, shape (list,).

    Among n tied entries with p positives the first positive comes j-th with C(n - j, p - 1) / C(n, p).
    """
    has_any = np.flatnonzero(groups.n_positive > 0)
    found, first = np.unique(groups.lists[has_any], return_index=True)
    best = has_any[first]
    before, size, positive = (values[best][:, None] for values in (groups.n_before, groups.size, groups.n_positive))
    place = np.arange(1, groups.size[best].max(initial=0) + 1)[None, :]
    chance = np.exp(_log_choose(size - place, positive - 1) - _log_choose(size, positive))
    result = np.zeros(n_lists)
    result[found] = (chance / (before + place)).sum(axis=1)
    return result


def _ndcg(groups: TieGroups, n_lists: int) -> Floats:
    """Expected discounted gain of the first TOP, over the best possible, shape (list,)."""
    gains = np.append(0.0, np.cumsum(1 / np.log2(np.arange(1, TOP + 1) + 1)))
    upto, ending = (np.minimum(place, TOP) for place in (groups.n_before, groups.n_before + groups.size))
    gained = np.bincount(
        groups.lists, groups.n_positive / groups.size * (gains[ending] - gains[upto]), minlength=n_lists
    )
    n_positive = np.bincount(groups.lists, groups.n_positive, minlength=n_lists).astype(np.int64)
    shares: Floats = gained / gains[np.minimum(n_positive, TOP)]
    return shares


def _log_choose(n: Rows, k: Rows) -> Floats:
    """Natural log of C(n, k); minus infinity where there is no such choice."""
    is_possible = (k >= 0) & (k <= n)
    n, k = np.where(is_possible, n, 0), np.where(is_possible, k, 0)
    return np.where(is_possible, gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1), -np.inf)


def _holds_both(key: Rows, is_positive: Flags) -> Flags:
    """Whether each entry's key has positives and negatives, shape (entry,)."""
    number = np.unique(key, return_inverse=True)[1]
    size = np.bincount(number, minlength=1)
    positive = np.bincount(number, is_positive, minlength=1)
    flags: Flags = ((positive > 0) & (positive < size))[number]
    return flags


def _levels(stratum: Rows, scores: Floats) -> Rows:
    """Number the distinct (stratum, score), ascending, shape (pair,)."""
    order = np.lexsort((scores, stratum))
    is_new = np.append(False, (np.diff(stratum[order]) != 0) | (np.diff(scores[order]) != 0))
    level = np.empty(len(order), dtype=np.int64)
    level[order] = np.cumsum(is_new)
    return level
