"""A written community with a desk: organizers decide, members answer, and nights go by."""

from dataclasses import dataclass, field
from itertools import combinations

from matcher.storage.decisions.answers import AnswerStore
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.store import DecisionStore
from matcher.storage.workspace import Workspace
from matcher.tables.answered import Answer
from matcher.tables.decisions import Decision, Members
from tests.pipelines.scattered import TABLE, Night
from tests.worlds import AS_OF, Person

GRAZ = (*TABLE, *(Person(id=name, name=name.title(), place="Graz, Austria") for name in ("mia", "noa", "ole", "pia")))
"""Eight who sit at two tables."""


@dataclass(frozen=True, kw_only=True)
class Office:
    """A workspace with a desk.

    Attributes:
        workspace: Where everything is.
    """

    workspace: Workspace
    _n_answers: list[int] = field(default_factory=lambda: [0])

    @property
    def database(self) -> Database:
        """The desk's own, in its usual place."""
        return Database(self.workspace.folder / "desk.sqlite")

    def decide(self, night: Night, kind: str, *suggestions: str, lists: dict[str, Members] | None = None) -> None:
        """Let an organizer decide; a kind may say its reason, as in 'reject safety'."""
        kind, _, why = kind.partition(" ")
        proposed, database = suggestions_of(night), self.database
        store, run_id = DecisionStore(database), night.folder.name
        seen = {one: store.versions(run_id).get(one, 0) for one in suggestions}
        words = "because" if why == "other" else ""
        decision = Decision(
            run_id=run_id, kind=kind, touched=seen, lists=lists or {}, why=why, words=words, at=AS_OF, by="olga"
        )
        store.append(decision, proposed)
        database.close()

    def mix(self, night: Night) -> Members:
        """Swap the first members of the two groups, and tell who sits in the first one then."""
        (one, other), (some, others) = ids_of(night, "groups"), night.seated
        lists = {one: tuple(sorted((*some[1:], others[0]))), other: tuple(sorted((*others[1:], some[0])))}
        self.decide(night, "change", one, other, lists=lists)
        return lists[one]

    def publish(self, night: Night, *suggestions: str) -> None:
        """Approve and send."""
        self.decide(night, "approve", *suggestions)
        self.decide(night, "publish", *suggestions)

    def answer(
        self, night: Night, suggestion: str, member: str, kind: str, other: str | None = None, **more: object
    ) -> None:
        """Let a member answer."""
        database = self.database
        self._n_answers[0] += 1
        AnswerStore(database).record(
            Answer(
                link=f"link-{self._n_answers[0]}", run_id=night.folder.name, suggestion=suggestion, member=member,
                kind=kind, other=other, at=AS_OF, **more,  # type: ignore[arg-type]
            )
        )  # fmt: skip
        database.close()


def suggestions_of(night: Night) -> dict[str, Members]:
    """Members of every suggestion of a night, by id."""
    plan = night.plan
    found = {one["id"]: tuple(one["members"]) for one in (*plan["groups"], *plan["gatherings"])}
    return {**found, **{one["id"]: (one["a"], one["b"]) for one in plan["introductions"]}}


def ids_of(night: Night, kind: str) -> list[str]:
    """Suggestions of a kind, in the plan's order."""
    return [one["id"] for one in night.plan[kind]]


def pairs_of(night: Night) -> set[tuple[str, str]]:
    """Everyone who is brought together with anyone, in any kind of suggestion."""
    return {pair for members in suggestions_of(night).values() for pair in combinations(sorted(members), 2)}


def named_in(night: Night) -> set[str]:
    """Everyone in any suggestion."""
    return {member for members in suggestions_of(night).values() for member in members}
