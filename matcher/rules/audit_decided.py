"""The audit of what was decided: who is kept apart, who rests, who left, and what organizers keep.

Like the rest of the audit it looks at the finished plan alone. Whom it names is never told why: a pair that is kept
apart is called by the group's or gathering's name, since who asked for it must not be read from a log.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import polars as pl

from matcher.rules.audit_gatherings import guests_of
from matcher.rules.checks import Audit, checks_of
from matcher.tables.decided import NEVER_TOGETHER, Decided
from matcher.tables.picture import Picture
from matcher.tables.proposals import Plan

Party = frozenset[str]


def audit_decided(plan: Plan, decided: Decided, picture: Picture) -> Audit:
    """Check a finished plan against what was decided before it.

    Args:
        plan: The night's proposals.
        decided: What is in force, about whomever.
        picture: Which groups and introductions the night says that it keeps.
    """
    parties = _parties(plan)
    n_parties = sum(len(some) for some in parties.values())
    found = {
        "kept_apart": (n_parties, _brought_together(plan, decided)),
        "resting": (n_parties, _disturbed(parties, decided)),
        "left": (n_parties + len(plan.unplaced), _not_let_go(plan, parties, decided)),
        "kept_as_decided": (len(decided.held), _changed(parties, decided, _kept(picture))),
        "turned_down": (n_parties, _back_again(parties, decided)),
    }
    return Audit(checks=checks_of(found))


def _parties(plan: Plan) -> Mapping[str, Sequence[Party]]:
    """Members of every suggestion by kind, in the plan's order."""
    seated = plan.seats.frame.group_by("group", maintain_order=True).agg(pl.col("member").cast(pl.String))
    introduced = plan.introductions.frame.select(pl.col("member_a", "member_b").cast(pl.String)).iter_rows()
    return {
        "group": [frozenset(group) for group in seated.get_column("member").to_list()],
        "introduction": [frozenset(pair) for pair in introduced],
        "gathering": [frozenset(guests) for guests in guests_of(plan).values()],
    }


def _kept(picture: Picture) -> Mapping[str, Sequence[Party]]:
    ids, held = picture.index.ids, picture.held
    kept = {"group": held.groups, "introduction": held.introductions}
    return {kind: [frozenset(ids[row] for row in rows) for rows in some] for kind, some in kept.items()}


def _brought_together(plan: Plan, decided: Decided) -> Iterable[str]:
    """Nobody meets from whom they are kept apart, nor through a friend of whom that is so."""
    told = dict(_parties(plan))
    via = plan.introductions.frame.get_column("via").cast(pl.String).to_list()
    told["introduction"] = [
        pair | ({one} if one else set()) for pair, one in zip(told["introduction"], via, strict=True)
    ]
    for kind, parties in told.items():
        for number, party in enumerate(parties):
            rules = {decided.apart.get(pair) for pair in combinations(sorted(party), 2)} - {None}
            if rules & {*NEVER_TOGETHER} or (rules and kind != "gathering"):
                yield f"{kind} {number} brings two together who are kept apart"


def _disturbed(parties: Mapping[str, Sequence[Party]], decided: Decided) -> Iterable[str]:
    """Who rests is in no suggestion, but that who has an open invitation may be in one that organizers keep."""
    kept = {(one.kind, frozenset(one.members)) for one in decided.held}
    for kind, some in parties.items():
        for number, party in enumerate(some):
            for member in sorted(party & decided.resting.keys()):
                why = decided.resting[member]
                if why == "paused" or (kind, party) not in kept:
                    yield f"{kind} {number} names {member}, who rests: {why}"


def _not_let_go(plan: Plan, parties: Mapping[str, Sequence[Party]], decided: Decided) -> Iterable[str]:
    """Who left is not even left out."""
    named = {member for some in parties.values() for party in some for member in party}
    named |= {*plan.unplaced.frame.get_column("member").cast(pl.String).to_list()}
    named |= {*plan.introductions.frame.get_column("via").drop_nulls().cast(pl.String).to_list()}
    yield from (f"the plan names {member}, who left" for member in sorted(named & decided.left))


def _changed(
    parties: Mapping[str, Sequence[Party]], decided: Decided, kept: Mapping[str, Sequence[Party]]
) -> Iterable[str]:
    """What the night keeps is what organizers decided to keep, and stands to the member."""
    wanted = {(one.kind, frozenset(one.members)) for one in decided.held}
    for kind, some in kept.items():
        for party in some:
            if (kind, party) not in wanted:
                yield f"a {kind} of {len(party)} is kept that nobody decided to keep"
            if party not in parties[kind]:
                yield f"a {kind} of {len(party)} that organizers keep is not in the plan as it was"


def _back_again(parties: Mapping[str, Sequence[Party]], decided: Decided) -> Iterable[str]:
    """What was turned down has not come back, unless organizers keep it."""
    kept = {(one.kind, frozenset(one.members)) for one in decided.held}
    for one in decided.barred:
        for number, party in enumerate(parties[one.kind]):
            if one.is_like(party) and (one.kind, party) not in kept:
                yield f"{one.kind} {number} is much like one that was turned down"
