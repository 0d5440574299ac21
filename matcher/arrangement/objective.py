"""How good a grouping is, and a figure that no legal grouping can exceed."""

from matcher.arrangement.exact import best_groups, circles
from matcher.arrangement.seating import GroupOptions, ask, best_fit
from matcher.tables.geography import Travel
from matcher.tables.pairs import Affinities, Vetoes
from matcher.tables.proposals import Objective, Seats

ONE_HALF = 0.5


def judge(
    seats: Seats,
    affinities: Affinities,
    travel: Travel,
    vetoes: Vetoes,
    options: GroupOptions,
    *,
    stranger_chance: float,
) -> Objective:
    """The value of the groups beside an upper bound on the value of any legal ones.

    The value is the sum over all seated members of their mean mutual affinity to their group. The
    bound gives every member who can reach a town the mean of their `min_size - 1` best mutual
    affinities among partners whom no veto and no distance keeps from them, and nothing to whom even
    these would not make a legal group. It holds because weights are not negative and the mean over
    the others in any legal group, which are at least `min_size - 1` such partners or strangers of
    weight 0, never exceeds the mean over the best of them. For circles of connected members small
    enough to be solved exactly, the bound is their best value itself: no legal group spans two circles
    while `min_tie_share` is at least one half.
    """
    question = ask(affinities, travel, vetoes, options, stranger_chance=stranger_chance)
    may_part = options.min_tie_share >= ONE_HALF
    bound = 0.0
    for circle in circles(question):
        if may_part and len(circle) <= options.exact_size:
            bound += sum(question.worth(group) for group in best_groups(question, circle))
        else:
            bound += sum(best_fit(question, member) for member in circle)
    return Objective(
        value=float(seats.frame.get_column("fit_share").sum()),
        upper_bound=bound,
        bound_scope="candidate pairs",
        stranger_chance=stranger_chance,
    )
