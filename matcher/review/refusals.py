"""Why a suggestion may not go to its members as it is: rules in words, and whom they concern."""

from collections.abc import Iterable

from matcher.arrangement.changes import RULES, BrokenRule, weigh_group
from matcher.publish.told_already import told_already
from matcher.publish.wording import level
from matcher.review.standing import GROUPS, Standing, party
from matcher.rules.elsewhere import unsafe_pairs
from matcher.tables.drafts import Suggestion

RESTING = "Somebody may not be asked any more."
"""Not a rule of the night's, but of what a member answered since, or was asked by another night."""


def refusals(now: Standing, one: Suggestion) -> tuple[str, ...]:
    """Why a suggestion may not be approved as it is; empty: it may be.

    What the night itself proposed broke no rule then; it may only have come to break one by what was answered, or
    decided about another night, since.
    """
    said = _said_since(now, one)
    if one.id.startswith(GROUPS) and one.members != now.night.suggestions.get(one.id):
        # Who is kept apart by answers is said already.
        broken = weigh_group(now.night.question, party(one.members)).broken
        said += [rule_in_words(now, rule) for rule in broken]
    return tuple(dict.fromkeys(said))


def _said_since(now: Standing, one: Suggestion) -> list[str]:
    """What was answered, or decided about other suggestions, that speaks against their meeting."""
    apart = now.elsewhere.never_together | unsafe_pairs(now.draft, but=one.id)
    pairs = [_apart(now.names(pair)) for pair in sorted(apart) if {*one.members}.issuperset(pair)]
    gone = [member for member in one.members if now.is_away(member)]
    told = told_already(one, now.elsewhere, now.night.dossier, now.night.suggestions)
    resting = [f"{RESTING} It concerns {now.names(gone)}."] if gone else []
    return [*pairs, *resting, *([f"{told[0].upper()}{told[1:]}."] if told else [])]


def rule_in_words(now: Standing, broken: BrokenRule, parted_by: Iterable[str] = ()) -> str:
    """A broken rule: its name, whom it concerns, and what there is beside what it takes.

    Args:
        now: For names.
        broken: The rule.
        parted_by: Rejections that keep the two apart, if it is by one.
    """
    who = now.names(broken.members)
    if broken.rule == "kept_apart":
        rejections = "".join(f" (by the rejection of {one})" for one in parted_by)
        return f"{_apart(who)}{rejections}"
    return f"{RULES[broken.rule]} It concerns {who}{_counted(broken, now.night.dossier.stranger_chance)}."


def _apart(who: str) -> str:
    return f"{RULES['kept_apart']} It concerns {who}."


def _counted(broken: BrokenRule, stranger_chance: float) -> str:
    if broken.found is None or broken.needed is None:
        return ""
    if broken.rule == "too_little_fit":
        found, needed = (level(share, stranger_chance).number for share in (broken.found, broken.needed))
        return f": {found}, where it takes {needed}"
    limit = "at most" if broken.found > broken.needed else "at least"
    return f": {broken.found:.0f}, where it takes {limit} {broken.needed:.0f}"
