"""What speaks against a suggestion of one run by what was decided about others, and by what members answered since.

The night that made the run heard all that there was; here is what it would hear by now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from matcher.rules.aftermath import ReviewedRun, Same, follow, is_near, told
from matcher.rules.rejections import UNSAFE
from matcher.tables.answered import Heard
from matcher.tables.community import GATHERING
from matcher.tables.decided import NEVER_TOGETHER, Decided, Pair, kind_of
from matcher.tables.drafts import Draft


@dataclass(frozen=True, kw_only=True, slots=True)
class Elsewhere:
    """Everything beside one run.

    Attributes:
        decided: What is in force in its night by now.
        told: What went out of another run less than a round away, and that run.
        invited: Everyone who was told of any of it, and a run by which they were.
    """

    decided: Decided
    told: Mapping[Same, ReviewedRun]
    invited: Mapping[str, ReviewedRun]

    @property
    def never_together(self) -> frozenset[Pair]:
        """Pairs who must not meet in any kind of suggestion; who asked for it is not told."""
        return frozenset(pair for pair, rule in self.decided.apart.items() if rule in NEVER_TOGETHER)


def look_elsewhere(others: Sequence[ReviewedRun], heard: Heard, as_of: datetime, *, days_apart: float) -> Elsewhere:
    """Look at the other runs and the answers, from a run of an instant.

    Args:
        others: All but that run, in the order in which they were made live.
        heard: What stands after all answers.
        as_of: The instant that the run saw the community at.
        days_apart: Runs less than so many days apart are one round.
    """
    out = told(others, as_of, days_apart=days_apart)
    # Also what was said on the page of a night of this round that came after it.
    latest = max((run.as_of for run in others if is_near(run, as_of, days_apart)), default=as_of)
    return Elsewhere(
        decided=follow(others, heard, max(as_of, latest), days_apart=days_apart),
        told=out,
        invited={member: run for (_, members), run in out.items() for member in members},
    )


def unsafe_pairs(draft: Draft, *, but: str = "") -> frozenset[Pair]:
    """Pairs who might not be safe together, as was said in the same run of another suggestion than one."""
    feared = [one for one in draft.suggestions.values() if one.is_rejected and one.why == UNSAFE and one.id != but]
    parting = [one for one in feared if kind_of(one.id) != GATHERING]
    return frozenset(pair for one in parting for pair in combinations(one.members, 2))
