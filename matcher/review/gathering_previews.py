"""What it would mean that somebody is not asked to a gathering; less is known of it than of a change of groups."""

from matcher.arrangement.gatherings import GatheringOptions
from matcher.publish.wording import counted
from matcher.review.previews import Preview
from matcher.review.standing import Standing
from matcher.review.wishes import Lists
from matcher.tables.drafts import Suggestion
from matcher.tables.proposed import ProposedGathering

UNWEIGHED = (
    "A gathering is not weighed anew at the desk: whoever came for the company of those who go has less of it, and "
    "another city may suit the others better."
)


def gathering_preview(now: Standing, gathering: Suggestion, lists: Lists) -> Preview:
    """Look at a gathering with fewer members."""
    after = lists[gathering.id] or ()
    leaving = sorted({*gathering.members} - {*after})
    refused = []
    if gathering.is_published or gathering.is_locked:
        refused.append(f"{gathering.id} is {'published' if gathering.is_published else 'locked'}: it stays as it is.")
    if len(after) < least_size(now):
        refused.append(f"A gathering has at least {least_size(now)} members; there would be {len(after)}.")
    notes = [UNWEIGHED]
    if gathering.state in ("approved", "rejected"):
        notes.append(f"{gathering.id} is {gathering.state}; with other members it is open again.")
    return Preview(
        lists=lists,
        seen={gathering.id: gathering.version},
        touched=(),
        verdict=_verdict(now, gathering, leaving),
        refusals=tuple(refused),
        notes=tuple(notes),
    )


def least_size(now: Standing) -> int:
    """The fewest that a gathering may have: by the settings' default, or by the smallest one of the night.

    What the operator set is not kept with the run; that the night proposed so few shows that so few are enough.
    """
    return min([GatheringOptions().min_size, *(len(one.members) for one in now.night.dossier.gatherings)])


def _verdict(now: Standing, gathering: Suggestion, leaving: list[str]) -> str:
    proposed = next((one for one in now.night.dossier.gatherings if one.id == gathering.id), None)
    who, rest = now.names(leaving), counted(len(gathering.members) - len(leaving), "person")
    if proposed is None:
        return f"{who} would not be asked; {rest} would."
    gains = _gains(proposed)
    lost, whole = sum(gains.get(one, 0.0) for one in leaving), sum(gains.values())
    share = f", {100 * lost / whole:.0f} % of what all gain by it" if whole > 0 else ""
    return f"{who} would not be asked; {rest} would. Their company less the way was worth {lost:.2f}{share}."


def _gains(gathering: ProposedGathering) -> dict[str, float]:
    """What each gains: company less the way, in log-odds above strangers."""
    terms = zip(gathering.members, gathering.companies, gathering.efforts, strict=True)
    return {member: company - effort for member, company, effort in terms}
