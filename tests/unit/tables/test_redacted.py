"""What a dossier says of the others once somebody is gone from it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from matcher.tables.dossier import Cell, Dossier, LeftOutMember, Person
from matcher.tables.proposals import Account
from matcher.tables.proposed import HubChoice, ProposedGathering, ProposedGroup, ProposedIntroduction, Town
from matcher.tables.redacted import NOBODY, bare_plan, redact
from matcher.units import Km, MemberId, Share

AT = datetime(2024, 5, 1, tzinfo=UTC)
ANN, BOB, CYD, ZOE = map(MemberId, ("ann", "bob", "cyd", "zoe"))
TOWN = Town(name="Graz, Austria", lat=47.0, lon=15.4)
TOLD = Account(reasons=("Ann and Bob talk.",), shared_topics=("jazz",), evidence=("m1",), starter="Hello Ann!")


def people(*who: MemberId) -> Mapping[MemberId, Person]:
    """Named after their id."""
    return {one: Person(name=f"{one.title()} Q.", place="Graz", cell=Cell(lat=47.0, lon=15.4)) for one in who}


def group(*members: MemberId) -> ProposedGroup:
    """Beside each member a number of their own."""
    places = range(1, len(members) + 1)
    return ProposedGroup(
        id="g-1",
        members=members,
        town=TOWN,
        travel_km=tuple(Km(one * 10.0) for one in places),
        fit_shares=tuple(Share(one / 10) for one in places),
        terms=tuple({"fit_share": one / 10} for one in places),
        waited=tuple(places),
        repeats=((members[0], members[1], AT), (members[1], members[2], AT)),
        account=TOLD,
    )


def pair(a: MemberId, b: MemberId, via: MemberId | None = None, account: Account = TOLD) -> ProposedIntroduction:
    """A lopsided one."""
    return ProposedIntroduction(
        id="i-1", members=(a, b), a_to_b=Share(0.2), b_to_a=Share(0.6), mutual=Share(0.3), kind="introduce", via=via,
        town=TOWN, travel_km=(Km(1.0), Km(2.0)), waited=(1, 2), met_at=None, account=account,
    )  # fmt: skip


DOSSIER = Dossier(
    run_id="r", as_of=AT, notice="", attribution="", lead="", objective="", stranger_chance=0.1,
    people=people(ANN, BOB, CYD, ZOE), unknowns={ZOE: ("home",), ANN: ("reach",)}, groups=(group(ANN, CYD, ZOE),),
    introductions=(pair(ANN, ZOE), pair(ANN, BOB, via=ZOE), pair(ANN, BOB)),
    gatherings=(
        ProposedGathering(
            id="t-1", members=(BOB, ZOE), hub=TOWN, travel_km=(Km(5.0), Km(6.0)), companies=(1.0, 2.0),
            efforts=(0.1, 0.2), account=TOLD,
            choices=(HubChoice(town=TOWN, n_within=2, mean_km=Km(5.5), longest_km=Km(6.0), value=1.0),),
        ),
    ),
    left_out=(LeftOutMember(member=ZOE, reason="x", detail="", waited=1),), towns=(TOWN,),
)  # fmt: skip


def test_nothing_of_them_is_left() -> None:
    """Neither id nor name nor home; the others are as they were."""
    after = redact(DOSSIER, "zoe", pseudonym="forgotten-1")

    written = msgspec.json.encode(after).decode().lower()
    assert "zoe" not in written
    assert after.people[MemberId("forgotten-1")] == Person(name=NOBODY, place="", cell=None)
    assert {one: after.people[one] for one in (ANN, BOB, CYD)} == people(ANN, BOB, CYD)
    assert after.unknowns == {ANN: ("reach",)}
    assert list(after.people) == sorted(after.people)


def test_what_stands_beside_a_member_stays_beside_them() -> None:
    """Members are ascending; a pseudonym may come before or after whom it stands for."""
    (late,) = redact(DOSSIER, "ann", pseudonym="forgotten-1").groups

    assert late.members == ("cyd", "forgotten-1", "zoe")
    assert late.travel_km == (20.0, 0.0, 30.0)
    assert late.waited == (2, 0, 3)
    assert late.terms == ({"fit_share": 0.2}, {"fit_share": 0.0}, {"fit_share": 0.3})
    assert late.repeats == (("cyd", "zoe", AT),)
    assert not late.account.reasons


def test_the_two_directions_of_a_pair_are_not_swapped() -> None:
    """Who is second in the alphabet may become first, and takes their side with them."""
    other = replace(DOSSIER, introductions=(pair(ANN, BOB),))

    (theirs,) = redact(other, "ann", pseudonym="zzz").introductions
    (others,) = redact(other, "zoe", pseudonym="aaa").introductions

    assert (theirs.members, theirs.travel_km, theirs.waited) == (("bob", "zzz"), (2.0, 0.0), (2, 0))
    assert (theirs.a_to_b, theirs.b_to_a, theirs.mutual) == (0.0, 0.0, 0.0)
    assert others == pair(ANN, BOB)


def test_what_is_told_of_others_stays_unless_it_names_them() -> None:
    """By id or by name, as a whole word."""
    named = replace(TOLD, reasons=("Both know Zoe Q. well.",))
    alike = replace(TOLD, reasons=("Both like zoetropes.",))
    other = replace(DOSSIER, introductions=(pair(ANN, BOB, account=named), pair(ANN, BOB, account=alike)))

    first, second = redact(other, "zoe", pseudonym="x").introductions

    assert not first.account.reasons
    assert second.account == alike


def test_an_acquaintance_who_is_gone_is_not_named() -> None:
    """The two stay introduced."""
    _, via, _ = redact(DOSSIER, "zoe", pseudonym="x").introductions

    assert via.members == ("ann", "bob")
    assert via.via is None
    assert not via.account.reasons


def test_the_plan_keeps_who_was_proposed_with_whom() -> None:
    """And its head; it says that something is gone."""
    plan = bare_plan(redact(DOSSIER, "zoe", pseudonym="x"), {"schema": "s", "seed": 1, "groups": ["zoe"]})

    assert plan["schema"] == "s"
    assert plan["groups"] == [{"id": "g-1", "members": ["ann", "cyd", "x"]}]
    assert plan["gatherings"] == [{"id": "t-1", "members": ["bob", "x"]}]
    assert "forgotten" in str(plan["notice"])
    assert "zoe" not in str(plan)
