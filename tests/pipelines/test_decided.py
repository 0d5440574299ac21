"""Night after night with a desk: what organizers decide and members answer is kept by the next night."""

import logging
import shutil
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest

from matcher.arrangement.changes import weigh_group
from matcher.rules.rejections import AFTER
from matcher.settings import Settings, read_options
from matcher.storage.dossiers import read_dossier
from matcher.storage.questions import read_question
from matcher.storage.workspace import Workspace
from matcher.units import MemberId
from pipelines.nightly import NightOrder, run_night
from tests.pipelines.offices import GRAZ, Office, ids_of, named_in, pairs_of, suggestions_of
from tests.pipelines.scattered import FRIENDS, SMALL, run, settle, talks
from tests.worlds import AS_OF


@pytest.fixture(name="office")
def _office(tmp_path: Path) -> Office:
    """Six friends who live far apart, and eight of Graz."""
    said = [*talks(one.id for one in FRIENDS), *talks((one.id for one in GRAZ), turns=7, topic="jazz")]
    return Office(workspace=settle(tmp_path, said, (*FRIENDS, *GRAZ)))


def test_the_world_is_as_meant(office: Office) -> None:
    """Guards the tests below: two groups, a gathering, introductions; and the next night would say the same again."""
    first, second = run(office.workspace), run(office.workspace, days=1)

    assert [len(group) for group in first.seated] == [4, 4]
    assert [len(guests) for guests in first.asked] == [6]
    assert len(first.introduced) == 3
    assert suggestions_of(first) == suggestions_of(second)


def test_a_desk_where_nothing_was_decided_changes_no_byte(office: Office) -> None:
    """Neither of the plan nor of the audit, and the run is the same one."""
    before = run(office.workspace)
    told = {name: before.text(name) for name in ("plan.json", "audit.json", "unplaced.csv")}
    office.database.close()

    after = run(office.workspace)

    assert {name: after.text(name) for name in told} == told
    assert after.folder == before.folder


@pytest.mark.parametrize("kind", ["groups", "introductions", "gatherings"])
@pytest.mark.parametrize("decision", ["lock", "approve"])
def test_what_is_locked_or_approved_stays_as_it_is(office: Office, kind: str, decision: str) -> None:
    """A week later too, when everybody else would meet others."""
    first = run(office.workspace)
    one = ids_of(first, kind)[0]
    office.decide(first, decision, one)

    for days in (1, 7, 14):
        later = run(office.workspace, days=days)

        assert suggestions_of(later)[one] == suggestions_of(first)[one]


def test_a_changed_group_stays_as_it_was_changed(office: Office) -> None:
    """The night has it under the lasting id of its members; what it is worth adds up, as the audit holds."""
    first = run(office.workspace)
    mixed = office.mix(first)
    office.decide(first, "lock", ids_of(first, "groups")[0])

    second = run(office.workspace, days=1)

    assert mixed in suggestions_of(second).values()
    assert second.plan["objective"]["value"] <= second.plan["objective"]["upper_bound"]


def test_a_changed_group_is_weighed_at_the_desk_as_the_night_weighs_it(office: Office) -> None:
    """Organizers swap two, having seen what it costs; the same night asked again comes to these very numbers."""
    first = run(office.workspace)
    office.mix(first)
    for group in ids_of(first, "groups"):
        office.decide(first, "lock", group)

    second = run(office.workspace)

    question = read_question(first.folder)
    weighed = [weigh_group(question, tuple(map(MemberId, members))) for members in second.seated]
    for desk, night in zip(weighed, second.plan["groups"], strict=True):
        assert desk.cohesion == pytest.approx(night["cohesion"], abs=1e-6)
        assert desk.weakest is not None
        assert desk.weakest.fit_share == pytest.approx(night["weakest_link"], abs=1e-6)
        assert [seat.travel_km for seat in desk.seats] == pytest.approx([*night["travel_km"].values()], abs=0.51)
    assert first.seated != second.seated
    assert sum(desk.value for desk in weighed) == pytest.approx(second.plan["objective"]["value"], abs=1e-5)


@pytest.mark.parametrize("kind", ["groups", "introductions"])
def test_what_is_decided_on_last_nights_page_is_not_lost(office: Office, kind: str) -> None:
    """Tonight was planned before, and somebody has decided about it since; it comes back in the night after."""
    first, second = run(office.workspace), run(office.workspace, days=1)
    one = ids_of(first, kind)[0]
    office.decide(first, "approve", one)
    office.decide(second, "note", ids_of(second, kind)[-1])

    third = run(office.workspace, days=14)

    assert suggestions_of(third)[one] == suggestions_of(first)[one]
    assert read_dossier(third.folder).kept == {one: first.folder.name}


def test_a_night_of_the_past_does_not_end_what_was_decided_after_it(office: Office) -> None:
    """Somebody replays it, looks around and writes a note there: it has not heard of today's lock, which stays."""
    first = run(office.workspace, days=2)
    mixed = office.mix(first)
    office.decide(first, "lock", ids_of(first, "groups")[0])
    past = run(office.workspace)
    office.decide(past, "note", ids_of(past, "introductions")[0])

    second = run(office.workspace, days=3)

    assert mixed not in suggestions_of(past).values()
    assert mixed in suggestions_of(second).values()


def test_the_same_night_twice_is_the_same_run(office: Office) -> None:
    """To the byte, but for what was measured, whatever was decided before; a dry run leaves nothing behind."""
    first = run(office.workspace)
    office.mix(first)
    office.decide(first, "lock", ids_of(first, "groups")[0])
    office.decide(first, "reject too_far", ids_of(first, "introductions")[0])

    second = run(office.workspace, days=1)
    told = {path.name: path.read_bytes() for path in second.folder.rglob("*") if path.is_file()}
    files = set(office.workspace.folder.rglob("*"))
    dry = run_night(
        office.workspace,
        read_options(Settings(), SMALL),
        NightOrder(as_of=AS_OF + timedelta(days=2), is_dry_run=True),
        now=AS_OF,
    )
    again = run(office.workspace, days=1)

    assert dry.folder is None
    assert again.folder == second.folder
    after = {path.name: path.read_bytes() for path in again.folder.rglob("*") if path.is_file()}
    assert {name for name in told if told[name] != after[name]} <= {"metrics.json", "report.html"}
    assert set(office.workspace.folder.rglob("*")) - files == set()


def test_what_one_night_keeps_the_next_one_keeps_without_asking(office: Office) -> None:
    """Somebody decides something else about the second night; the first lock still counts, until it is opened."""
    first = run(office.workspace)
    mixed = office.mix(first)
    office.decide(first, "lock", ids_of(first, "groups")[0])
    second = run(office.workspace, days=1)
    office.decide(second, "note", ids_of(second, "introductions")[0])
    third = run(office.workspace, days=2)
    office.decide(third, "unlock", next(one for one, members in suggestions_of(third).items() if members == mixed))

    fourth = run(office.workspace, days=3)

    assert mixed in suggestions_of(second).values()
    assert mixed not in suggestions_of(fourth).values()


@pytest.mark.parametrize("kind", ["groups", "introductions", "gatherings"])
@pytest.mark.parametrize("why", ["not_now", "safety"])
def test_what_is_rejected_does_not_come_back_as_it_was(office: Office, kind: str, why: str) -> None:
    """Not the next day, and not on the last day on which the rejection counts."""
    first = run(office.workspace)
    one = ids_of(first, kind)[0]
    office.decide(first, f"reject {why}", one)
    last_day = (getattr(AFTER[why], kind[:-1]) or 1_000) - 1

    for days in (1, last_day):
        later = run(office.workspace, days=days)

        assert one not in suggestions_of(later)


def test_after_its_time_a_rejected_group_may_come_back(office: Office) -> None:
    """A good idea, but not now: two months later it is one again; and till then they sit with others."""
    first = run(office.workspace)
    one = ids_of(first, "groups")[0]
    office.decide(first, "reject not_now", one)

    tomorrow, then = run(office.workspace, days=1), run(office.workspace, days=62)

    assert one not in suggestions_of(tomorrow)
    assert len(tomorrow.seated) == 2
    assert one in suggestions_of(then)
    assert tomorrow.plan["objective"]["value"] <= tomorrow.plan["objective"]["upper_bound"]


def test_a_rejected_pair_is_introduced_to_others(office: Office) -> None:
    """They are kept from one table, and may still go to one gathering."""
    first = run(office.workspace)
    one = ids_of(first, "introductions")[0]
    office.decide(first, "reject weak_reason", one)

    second = run(office.workspace, days=1)

    assert suggestions_of(first)[one] not in second.introduced
    assert second.asked == first.asked


def test_who_was_told_is_not_asked_again_before_the_round_is_over(office: Office) -> None:
    """An open invitation is enough for a week; then they have met, and meet others."""
    first = run(office.workspace)
    one = ids_of(first, "groups")[0]
    members = suggestions_of(first)[one]
    office.publish(first, one)

    second, third = run(office.workspace, days=1), run(office.workspace, days=7)

    assert not named_in(second) & {*members}
    assert {second.reasons[member] for member in members} == {"invited_lately"}
    assert not {*combinations(members, 2)} & pairs_of(third)
    assert named_in(third) & {*members}


def test_a_gathering_may_be_sent_after_its_guests_were_introduced(office: Office) -> None:
    """What is approved stays, even if one of them has an invitation to something else."""
    first = run(office.workspace)
    pair, (gathering,) = ids_of(first, "introductions")[0], ids_of(first, "gatherings")
    office.decide(first, "approve", gathering)
    office.publish(first, pair)

    second = run(office.workspace, days=1)

    assert second.asked == first.asked
    assert not {member for one in second.introduced for member in one} & {*suggestions_of(first)[pair]}


@pytest.mark.parametrize("kind", ["groups", "introductions", "gatherings"])
def test_who_declines_somebody_is_never_brought_together_with_them(office: Office, kind: str) -> None:
    """In no kind of suggestion, whoever of the two said so, even one that was locked."""
    first = run(office.workspace)
    one = ids_of(first, kind)[0]
    other, member = suggestions_of(first)[one][:2]
    office.decide(first, "lock", one)
    office.answer(first, one, member, "not_with", other)

    for days in (1, 7, 400):
        later = run(office.workspace, days=days)

        assert (other, member) not in pairs_of(later)


def test_who_pauses_or_leaves_is_absent(office: Office) -> None:
    """One rests until the pause is over, the other is not named at all; nor is what they sat in kept."""
    first = run(office.workspace)
    one = ids_of(first, "groups")[0]
    resting, gone = suggestions_of(first)[one][:2]
    office.decide(first, "lock", one)
    office.answer(first, one, resting, "pause", until=AS_OF + timedelta(days=30))
    office.answer(first, one, gone, "leave")

    second, third = run(office.workspace, days=7), run(office.workspace, days=31)

    assert second.reasons[resting] == "paused"
    assert not named_in(second) & {resting, gone}
    assert gone not in second.text("plan.json")
    assert resting in named_in(third)
    assert gone not in third.text("plan.json")


def test_who_was_told_of_nothing_was_passed_over(office: Office) -> None:
    """Of a round in which organizers decided, only what they published was a meeting."""
    first = run(office.workspace)
    one, other = ids_of(first, "groups")
    office.publish(first, one)
    office.decide(first, "reject too_far", other)

    second = run(office.workspace, days=7)

    told, untold = suggestions_of(first)[one], suggestions_of(first)[other]
    waited = {member: n for group in second.plan["groups"] for member, n in group["waited_rounds"].items()}
    waited |= {member: n for pair in second.plan["introductions"] for member, n in pair["waited_rounds"].items()}
    waited |= {one["member"]: one["waited_rounds"] for one in second.plan["unplaced"]}
    assert {waited.get(member, 0) for member in untold} == {1}
    assert {waited.get(member, 0) for member in told} == {0}


def test_what_did_not_take_place_was_no_meeting(office: Office) -> None:
    """They were told, so nobody was passed over; but they have not met, and come together without a repeat."""
    first = run(office.workspace)
    one = ids_of(first, "groups")[0]
    members = {*suggestions_of(first)[one]}
    office.publish(first, *ids_of(first, "groups"))
    office.answer(first, one, min(members), "not_met")

    second = run(office.workspace, days=7)

    assert [group for group in second.seated if members <= {*group}]
    assert not [pair for group in second.plan["groups"] for pair in group["repeats"] if {*pair[:2]} <= members]


def test_who_would_both_meet_again_may(office: Office) -> None:
    """The two of an introduction come first again where nothing speaks for others more; one alone is not enough."""
    first = run(office.workspace)
    office.publish(first, *ids_of(first, "introductions"))
    one, other = ids_of(first, "introductions")[:2]
    for member in suggestions_of(first)[one]:
        office.answer(first, one, member, "again")
    office.answer(first, other, suggestions_of(first)[other][0], "again")

    second = run(office.workspace, days=7)

    assert suggestions_of(first)[one] in second.introduced
    assert suggestions_of(first)[other] not in second.introduced


def test_a_bad_introduction_keeps_the_two_apart(office: Office) -> None:
    """For a year; and in a group whoever would not meet somebody again does not."""
    first = run(office.workspace)
    pair, group = ids_of(first, "introductions")[0], ids_of(first, "groups")[0]
    a, b = suggestions_of(first)[group][:2]
    office.publish(first, pair, group)
    office.answer(first, pair, suggestions_of(first)[pair][0], "bad")
    office.answer(first, group, a, "bad")
    office.answer(first, group, a, "not_again", b)

    for days in (14, 21, 360):
        later = run(office.workspace, days=days)

        assert suggestions_of(first)[pair] not in pairs_of(later)
        assert (a, b) not in pairs_of(later)


def test_nobody_can_read_who_declined_whom(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever of the two said so, every file of the next run and its log are the same; the pair has no row in any."""
    first = run(office.workspace)
    one = ids_of(first, "groups")[0]
    a, b = suggestions_of(first)[one][:2]
    told: list[dict[str, bytes]] = []
    logs: list[list[str]] = []
    for said, other in ((a, b), (b, a)):
        copy = Office(workspace=_copied(office.workspace, said))
        copy.answer(first, one, said, "not_with", other)
        caplog.clear()
        with caplog.at_level(logging.INFO):
            night = run(copy.workspace, days=1)
        told.append({path.name: path.read_bytes() for path in night.folder.rglob("*") if path.is_file()})
        logs.append([record.getMessage() for record in caplog.records if "audit" in record.getMessage()])
        for path in night.folder.rglob("*.parquet"):
            table = pl.read_parquet(path)
            if "member_a" in table.columns:
                assert (a, b) not in {*table.select(pl.col("member_a", "member_b").cast(pl.String)).iter_rows()}

    differing = {name for name in told[0] if told[0][name] != told[1][name]}
    assert differing <= {"metrics.json", "report.html"}  # they tell how long the night took
    assert logs[0] == logs[1]
    said_in_words = b"".join(told[0].values()) + "".join(logs[0]).encode()
    assert not [word for word in (b"declined", b"not_with") if word in said_in_words]


def test_what_went_out_keeps_two_apart_for_the_cooldown(office: Office) -> None:
    """What nobody was told of does not: those whom organizers passed over in that round may meet at once."""
    first = run(office.workspace)
    told, untold = ids_of(first, "groups")
    office.publish(first, told)

    second = run(office.workspace, days=10, rules={"cooldown_days": 30})

    assert not {*combinations(suggestions_of(first)[told], 2)} & pairs_of(second)
    assert {*combinations(suggestions_of(first)[untold], 2)} <= pairs_of(second)


def test_a_night_writes_nothing_to_the_desk(office: Office) -> None:
    """While organizers go on deciding."""
    first = run(office.workspace)
    office.decide(first, "lock", ids_of(first, "groups")[0])
    path = office.workspace.folder / "desk.sqlite"
    before = path.read_bytes()

    run(office.workspace, days=1)

    assert path.read_bytes() == before


def _copied(workspace: Workspace, name: str) -> Workspace:
    return Workspace(folder=Path(shutil.copytree(workspace.folder, workspace.folder.with_name(f"copy-{name}"))))
