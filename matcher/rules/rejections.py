"""What a rejection means for the nights to come, by its reason; `docs/decisions/0012-what-decisions-mean.md` says why.

No more is lowered than was said. Of a pair everything is known: the two are kept from one table for a while. Of a group
only that these people together were wrong, so that it does not come back with all of them; that two of them must not
meet is said of a pair, or by safety, where nobody waits for the second time.
"""

from collections.abc import Mapping
from dataclasses import dataclass

FOR_EVER = None
"""In place of a number of days."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Aftermath:
    """For how many days after the run that proposed it a rejected suggestion has an effect; None: for ever.

    Attributes:
        introduction: So long the two are kept from one table.
        group: So long no group holds all of its members.
        gathering: So long no gathering has more than half of its guests.
    """

    introduction: float | None
    group: float | None
    gathering: float | None


AFTER: Mapping[str, Aftermath] = {
    "wrong_people": Aftermath(introduction=365, group=365, gathering=365),
    "one_does_not_fit": Aftermath(introduction=90, group=90, gathering=90),
    "too_far": Aftermath(introduction=180, group=180, gathering=180),
    "not_now": Aftermath(introduction=60, group=60, gathering=60),
    "they_know_each_other_already": Aftermath(introduction=365, group=365, gathering=365),
    "weak_reason": Aftermath(introduction=90, group=90, gathering=90),
    "safety": Aftermath(introduction=FOR_EVER, group=FOR_EVER, gathering=365),
    "other": Aftermath(introduction=90, group=90, gathering=90),
}
"""By reason, one of REJECT_REASONS."""

UNSAFE = "safety"
"""After it two are kept from gatherings as well."""

UNSAFE_GROUP_DAYS = 365.0
"""Nobody said which two of an unsafe group it is about: so long no two of them are brought together. Time enough to
write down who it was; afterwards the others may meet again."""

ONE_TOO_MANY = "one_does_not_fit"
"""After it the others may gather: only a gathering with all of these guests is like it."""

BAD_MEETING_DAYS = 365.0
"""So long two are kept apart of whom one says that their introduction was not good."""
