"""The audit of decisions lets a plan pass that keeps them, and catches one that does not, without telling why."""

from collections.abc import Iterable
from dataclasses import replace

import polars as pl
import pytest

from matcher.rules.audit_decided import audit_decided
from matcher.tables.decided import Barred, Decided, Held, HeldPlaces
from matcher.tables.picture import Picture
from matcher.tables.proposals import Attendances, Plan
from tests.unit.arrangement.worlds import index_of, one_town, picture_of, ties_of, vetoes_of
from tests.unit.rules.test_audit import clean_world

EVERYONE = "abcdefghijx"
"""A to D sit together; E and F are introduced by G, I and J directly; H, I and J are asked to a gathering."""


def the_plan() -> Plan:
    """The clean plan of the audit's own tests, with a gathering."""
    index = index_of(EVERYONE)
    rows = [(0, member, 0, 1.0, 3.0, 1.0) for member in "hij"]
    schema = {name: index.enum if name == "member" else one.dtype for name, one in Attendances.columns.items()}
    attendances = Attendances(pl.DataFrame(rows, schema=schema, orient="row"))
    return replace(clean_world().plan, attendances=attendances)


def the_picture(held: HeldPlaces | None = None) -> Picture:
    """What the night says that it keeps."""
    index = index_of(EVERYONE)
    picture = picture_of(one_town(index), ties_of(index, {}), vetoes_of(index))
    return replace(picture, held=held or HeldPlaces())


def broken(decided: Decided, held: HeldPlaces | None = None) -> set[str]:
    """Names of the checks that found something."""
    audit = audit_decided(the_plan(), decided, the_picture(held))
    return {check.name for check in audit.checks if check.violations}


def apart(pair: str, rule: str) -> Decided:
    """Two whom a decision keeps apart."""
    return Decided(apart={(pair[0], pair[1]): rule})


@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        pytest.param(Decided(), set(), id="nothing"),
        pytest.param(apart("ae", "declined"), set(), id="not-together"),
        pytest.param(apart("ab", "declined"), {"kept_apart"}, id="in-a-group"),
        pytest.param(apart("ef", "rejected"), {"kept_apart"}, id="introduced"),
        pytest.param(apart("fg", "unsafe"), {"kept_apart"}, id="through-a-friend"),
        pytest.param(apart("hi", "declined"), {"kept_apart"}, id="at-a-gathering"),
        pytest.param(apart("hi", "rejected"), set(), id="a-gathering-is-no-table"),
        pytest.param(Decided(resting={"a": "paused"}), {"resting"}, id="pauses"),
        pytest.param(Decided(resting={"g": "paused"}), set(), id="pauses-and-is-left-out"),
        pytest.param(Decided(resting={"h": "invited_lately"}), {"resting"}, id="invited"),
        pytest.param(Decided(left=frozenset("g")), {"left"}, id="left-and-named"),
        pytest.param(Decided(left=frozenset("q")), set(), id="left"),
        pytest.param(
            Decided(barred=(Barred(kind="group", members=("a", "b", "c"), n_same=3),)), {"turned_down"}, id="came-back"
        ),
        pytest.param(
            Decided(barred=(Barred(kind="gathering", members=("h", "i", "x"), n_same=2),)),
            {"turned_down"},
            id="mostly-came-back",
        ),
        pytest.param(Decided(barred=(Barred(kind="group", members=("h", "i"), n_same=2),)), set(), id="another-kind"),
    ],
)
def test_every_broken_decision_is_found(decided: Decided, expected: set[str]) -> None:
    """And nothing else."""
    assert broken(decided) == expected


def test_who_was_invited_may_be_where_organizers_keep_them() -> None:
    """A pause outweighs it."""
    held = (Held(kind="group", members=tuple("abcd")),)

    assert broken(Decided(resting={"a": "invited_lately"}, held=held)) == set()
    assert broken(Decided(resting={"a": "paused"}, held=held)) == {"resting"}


@pytest.mark.parametrize(
    ("places", "is_kept"),
    [
        pytest.param(HeldPlaces(groups=((0, 1, 2, 3),)), True, id="as-it-was"),
        pytest.param(HeldPlaces(groups=((0, 1, 2),)), False, id="somebody-more"),
        pytest.param(HeldPlaces(introductions=((4, 5),)), True, id="a-pair"),
        pytest.param(HeldPlaces(introductions=((4, 6),)), False, id="another-pair"),
    ],
)
def test_what_is_kept_stands_to_the_member(places: HeldPlaces, is_kept: bool) -> None:
    """A group with somebody more is another one; and nothing is kept that nobody decided to keep."""
    kinds = {"group": places.groups, "introduction": places.introductions}
    held = tuple(Held(kind=kind, members=_ids(rows)) for kind, some in kinds.items() for rows in some)

    assert broken(Decided(held=held), places) == (set() if is_kept else {"kept_as_decided"})
    assert broken(Decided(), places) == {"kept_as_decided"}


def test_a_violation_does_not_tell_who_is_kept_apart() -> None:
    """It is printed, mailed and logged."""
    declined, rejected = (
        audit_decided(the_plan(), apart("ef", rule), the_picture()) for rule in ("declined", "rejected")
    )

    assert (
        declined.violations
        == rejected.violations
        == ("kept_apart: introduction 0 brings two together who are kept apart",)
    )


def _ids(rows: Iterable[int]) -> tuple[str, ...]:
    return tuple(EVERYONE[row] for row in rows)
