"""What stands on the desk at one moment: the draft, and what keeps people apart or away since the night."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from weakref import WeakKeyDictionary

from matcher.arrangement.changes import DeskQuestion, Party, keep_apart
from matcher.publish.people import shown_name
from matcher.reasons.words import listed
from matcher.review.desk import Desk
from matcher.review.drafting import drafted
from matcher.review.nights import Night
from matcher.rules.elsewhere import Elsewhere
from matcher.rules.rejections import UNSAFE
from matcher.tables.drafts import Draft, Suggestion
from matcher.units import MemberId

Pair = tuple[str, str]
"""Two members, ascending."""

GROUPS, PAIRS, GATHERINGS = ("g-", "n-"), "i-", "t-"
"""How ids begin."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Standing:
    """A run at one moment.

    Attributes:
        night: The run.
        draft: Its suggestions now.
        elsewhere: What other nights and members' answers say.
        is_away: Whether a member left, pauses, or had themselves forgotten.
    """

    night: Night
    draft: Draft
    elsewhere: Elsewhere
    is_away: Callable[[str], bool]

    def rests(self, member: str) -> bool:
        """Whether a member may not be asked to anything new: they are away, or another night asked them lately."""
        return member in self.elsewhere.invited or self.is_away(member)

    @cached_property
    def groups(self) -> Mapping[str, Suggestion]:
        """Groups whose members are taken, by id: all but the rejected ones."""
        known = self.draft.suggestions
        return {one: known[one] for one in known if one.startswith(GROUPS) and not known[one].is_rejected}

    @cached_property
    def seat_of(self) -> Mapping[str, str]:
        """In which group each member sits."""
        return {member: one.id for one in self.groups.values() for member in one.members}

    @cached_property
    def introduction_of(self) -> Mapping[str, Suggestion]:
        """One introduction of each member who has any that is not rejected: the night introduces who sits nowhere."""
        known = [one for one in self.draft.suggestions.values() if one.id.startswith(PAIRS) and not one.is_rejected]
        return {member: one for one in known for member in one.members}

    @cached_property
    def rejected(self) -> tuple[Suggestion, ...]:
        """Groups and introductions that were turned down."""
        kinds = (*GROUPS, PAIRS)
        return tuple(one for one in self.draft.suggestions.values() if one.is_rejected and one.id.startswith(kinds))

    def parted(self, but: Collection[str] = ()) -> Mapping[Pair, str]:
        """Pairs whom a rejection parts, each with the id of what was rejected.

        As in the nights to come (`rules/rejections.py`): the two of an introduction, and all of a group that might not
        be safe. A group rejected otherwise parts nobody; only it must not come back (`barred`).

        Args:
            but: Suggestions that do not count, since they are about to be changed.
        """
        parting = [one for one in self.rejected if one.id.startswith(PAIRS) or one.why == UNSAFE]
        return {pair: one.id for one in parting if one.id not in but for pair in combinations(one.members, 2)}

    @cached_property
    def barred(self) -> tuple[frozenset[str], ...]:
        """Members of groups that were rejected, tonight or before: no group that is formed anew holds all of them."""
        before = [one.members for one in self.elsewhere.decided.barred if one.kind == "group"]
        return tuple(map(frozenset, (*before, *(one.members for one in self.rejected if one.id.startswith(GROUPS)))))

    def turned_down(self, groups: Iterable[Collection[str]]) -> list[frozenset[str]]:
        """Which rejected groups come back whole in some of these."""
        found = [{*group} for group in groups]
        return [members for members in self.barred if any(members <= group for group in found)]

    def question(self, but: Collection[str] = ()) -> DeskQuestion:
        """What the night asked, with everybody kept apart whom answers and rejections part since, here or elsewhere."""
        pairs = frozenset(self.elsewhere.decided.apart.keys() | self.parted(but).keys())
        seen, question = _asked.get(self.night, (None, self.night.question))
        if seen != pairs:
            question = keep_apart(self.night.question, [(MemberId(a), MemberId(b)) for a, b in pairs])
            _asked[self.night] = pairs, question
        return question

    def suggestion(self, one: str) -> Suggestion | None:
        """A suggestion as it is now; None: it was never there, or is not any more."""
        return self.draft.suggestions.get(one)

    def name(self, member: str) -> str:
        """What a member is called."""
        person = self.night.dossier.people.get(MemberId(member))
        return person.name if person else shown_name(member, "")

    def names(self, members: Collection[str], *, most: int = 50) -> str:
        """Members as one lists them."""
        said = [self.name(one) for one in members]
        return listed(said if len(said) <= most else [*said[:most], f"{len(said) - most} more"], most=most + 1)


def is_held(one: Suggestion) -> bool:
    """Whether a suggestion stays as it is when others are formed anew."""
    return one.is_locked or one.is_approved or one.is_published


def standing(desk: Desk, run_id: str) -> Standing:
    """How a run stands now.

    Raises:
        InputError: There is no such run, or it cannot be read.
    """
    night, at = desk.nights.night(run_id), desk.clock()
    heard = desk.answers.heard()
    return Standing(
        night=night,
        draft=drafted(desk, night),
        elsewhere=desk.others.beside(run_id, night.dossier.as_of),
        is_away=lambda member: heard.is_away(member, at=at) or desk.is_forgotten(member),
    )


def party(members: Collection[str]) -> Party:
    """Members as the arrangement names them."""
    return tuple(MemberId(one) for one in sorted(members))


_asked: WeakKeyDictionary[Night, tuple[frozenset[Pair], DeskQuestion]] = WeakKeyDictionary()
