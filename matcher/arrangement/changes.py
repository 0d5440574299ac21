"""The desk's one door to the groups: what a change would cost, which rule it would break, and groups around locks.

A group is a list of member ids. `swapped`, `moved`, `split`, `merged`, `added` and `removed` make the lists that would
stand after a change; `weigh` says what they cost and break; `best_changes` offers some; `resolve` seeks groups anew
around locked ones, of a question in which `keep_apart` may have kept more pairs apart.
"""

from matcher.arrangement.broken_rules import RULES, BrokenRule
from matcher.arrangement.desk import Area, DeskQuestion, Party, keep_apart, leave_question
from matcher.arrangement.differences import Difference, GroupDifference, tell_difference
from matcher.arrangement.edits import added, merged, moved, removed, split, swapped
from matcher.arrangement.offers import Offer, best_changes
from matcher.arrangement.resolve import DESK_WORK, Resolved, resolve
from matcher.arrangement.weigh import Weighed, WeighedGroup, WeighedSeat, weigh, weigh_group

__all__ = [
    "DESK_WORK",
    "RULES",
    "Area",
    "BrokenRule",
    "DeskQuestion",
    "Difference",
    "GroupDifference",
    "Offer",
    "Party",
    "Resolved",
    "Weighed",
    "WeighedGroup",
    "WeighedSeat",
    "added",
    "best_changes",
    "keep_apart",
    "leave_question",
    "merged",
    "moved",
    "removed",
    "resolve",
    "split",
    "swapped",
    "tell_difference",
    "weigh",
    "weigh_group",
]
