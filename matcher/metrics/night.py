"""What a night saw and did, counted from its own tables."""

from collections.abc import Iterator

import polars as pl

from matcher.metrics.detours import detours_km
from matcher.tables.pairs import Affinities, Candidates
from matcher.tables.picture import Picture
from matcher.tables.proposals import Figure, Plan

DIGITS = 6
"""A mean chance of 1 in 3,000 needs more than three."""

FAIR_LIFT = 30
"""From so many times the chance of strangers on, a pair counts as fair."""


def count_night(
    picture: Picture, candidates: Candidates, affinities: Affinities, plan: Plan, *, worst_way_share: float
) -> tuple[Figure, ...]:
    """Count the community, the pairs and the plan, in the order in which an organizer reads them."""
    return (
        *_community(picture),
        *_pairs(picture, candidates, affinities, plan.objective.stranger_chance),
        *_plan(plan),
        Figure(
            section="plan",
            name="mean_detour_km",
            value=_mean(pl.Series(detours_km(plan, picture.places, worst_way_share))),
            meaning="what it adds to a group's ways that it meets in a town, not at the fairest point",
        ),
    )


def _community(picture: Picture) -> Iterator[Figure]:
    def figure(name: str, value: float, meaning: str) -> Figure:
        return Figure(section="community", name=name, value=value, meaning=meaning)

    n_judged = int((picture.standings.frame.get_column("why") != "").sum())
    yield figure("n_members", len(picture.index), "members who opted in")
    yield figure("n_messages", len(picture.community.messages), "messages they wrote")
    yield figure("n_exchanges", len(picture.exchanges), "of them answer or address another member")
    yield figure("n_with_interests", len(set(picture.interests.owners.tolist())), "members whose interests we know")
    yield figure("n_interests", len(picture.interests.owners), "interests in all")
    yield figure("n_located", len(picture.places), "members whose home we understand, if only a country")
    yield figure(
        "n_in_reach", int((picture.travel.km.sum(axis=1) > 0).sum()), "members who can reach a town with others"
    )
    yield figure("n_loudspeakers", n_judged, "members who talk at people rather than with them")


def _pairs(
    picture: Picture, candidates: Candidates, affinities: Affinities, stranger_chance: float
) -> Iterator[Figure]:
    def figure(name: str, value: float, meaning: str) -> Figure:
        return Figure(section="pairs", name=name, value=value, meaning=meaning)

    two_way = picture.ties.two_way
    yield figure("n_ties", len(picture.ties), "pairs who ever talked")
    yield figure("n_two_way_ties", two_way.height, "of them in both directions")
    yield figure("n_vetoes", len(picture.vetoes), "pairs that must not meet")
    yield figure("n_candidates", len(candidates), "pairs worth scoring")
    rules = candidates.frame.group_by("found_by").len().sort("len", "found_by", descending=[True, False])
    for rule, number in rules.iter_rows():
        yield figure(f"n_found_by_{rule}", number, f"found first by the rule '{rule}'")
    fair = affinities.frame.filter(pl.col("mutual") >= FAIR_LIFT * stranger_chance).height
    yield figure("n_fair_pairs", fair, f"pairs at least {FAIR_LIFT} times as likely to get on as strangers")


def _plan(plan: Plan) -> Iterator[Figure]:
    def figure(name: str, value: float, meaning: str) -> Figure:
        return Figure(section="plan", name=name, value=value, meaning=meaning)

    travel = plan.seats.frame.get_column("travel_km")
    in_person = plan.introductions.frame.get_column("town").count()
    yield figure("n_groups", plan.seats.frame.get_column("group").n_unique(), "groups")
    yield figure("n_seated", len(plan.seats), "members in groups")
    yield figure("n_introductions", len(plan.introductions), "introductions")
    yield figure("n_in_person_introductions", in_person, "of them with a town both can reach")
    yield figure("matching_gap_share", round(plan.matching.gap, DIGITS), "what the introductions may lack to the best")
    yield figure("n_blocking_pairs", plan.matching.n_blocking_pairs, "pairs not introduced who would both rather be")
    yield figure("n_gatherings", len(plan.gathering_accounts), "gatherings")
    yield figure("n_asked", len(plan.attendances), "members asked to travel to one")
    yield figure("mean_journey_km", _mean(plan.attendances.frame.get_column("travel_km")), "mean way to a gathering")
    yield figure("n_unplaced", len(plan.unplaced), "members left out, each with a reason")
    again = plan.waits.frame.get_column("member").is_in(plan.unplaced.frame.get_column("member").implode())
    yield figure("n_waited", len(plan.waits), "members who had been passed over before tonight")
    yield figure("n_waiting_on", int(again.sum()), "of them left out again")
    yield figure("n_repeats", len(plan.repeats), "pairs proposed to each other again")
    yield figure("mean_travel_km", _mean(travel), "mean way to a group")
    yield figure("longest_travel_km", _most(travel), "longest way to a group")
    yield figure("mean_fit_share", _mean(plan.seats.frame.get_column("fit_share")), "mean fit of a member in a group")
    yield figure(
        "mean_mutual_share",
        _mean(plan.introductions.frame.get_column("mutual")),
        "mean mutual affinity of an introduction",
    )


def _mean(values: pl.Series) -> float:
    return round(float(values.to_numpy().mean()), DIGITS) if len(values) else 0.0


def _most(values: pl.Series) -> float:
    return round(float(values.to_numpy().max(initial=0.0)), DIGITS)
