"""What an evidence card promises: who, why, with what proof, what is not known; and the means to decide."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import pytest

from matcher.arrangement.changes import best_changes, weigh_group
from matcher.reasons.gatherings import account_gathering
from matcher.reasons.groups import account_group
from matcher.review.card import card_of
from matcher.review.desk import Desk
from matcher.review.exchanges import exchanges_of
from matcher.review.proposals_now import proposal_now
from matcher.review.scores import PART_WORDS, scores_of
from matcher.review.standing import party
from matcher.storage.workspace import Workspace
from matcher.tables.decisions import Decision
from matcher.tables.drafts import Suggestion
from matcher.tables.pairs import PARTS
from matcher.tables.proposed import ProposedGathering, ProposedGroup
from tests.review.at_desk import add_gathering, now_at
from tests.review.conftest import Browser
from tests.review.looking import card_at, live, said

SignedIn = Callable[[str], Browser]


def a_change(desk: Desk) -> tuple[str, Decision]:
    """A group, and a decision that changes it without breaking a rule."""
    now = now_at(desk)
    groups = {party(one.members): one.id for one in now.groups.values()}
    offer = next(one for group in groups for one in best_changes(now.question(), list(groups), group, n_offers=1))
    ids = [groups[group] for group in offer.before]
    decision = Decision(
        run_id=desk.nights.live_id(),
        kind="change",
        by="otto",
        at=desk.clock(),
        touched=dict.fromkeys(ids, 0),
        lists=dict(zip(ids, offer.after, strict=True)),
    )
    return ids[0], decision


def test_a_group_is_told_as_in_the_report(desk: Desk, signed_in: SignedIn) -> None:
    """Who, reasons, topics, starter, fit and travel of each."""
    group = live(desk).dossier.groups[0]

    page = card_at(signed_in("viewer"), desk, group.id)

    people = live(desk).dossier.people
    for told in (*group.account.reasons, group.account.starter, *(people[one].name for one in group.members)):
        assert " ".join(told.split()) in said(page)
    for topic in group.account.shared_topics:
        assert topic in said(page)
    assert page.text.count('class="level"') >= len(group.members)
    assert "<svg viewBox" in page.text


def test_the_proof_is_shown_with_date_and_link(desk: Desk, signed_in: SignedIn) -> None:
    """Real exchanges, public ones; how many there are is said too."""
    group = live(desk).dossier.groups[0]

    page = card_at(signed_in("viewer"), desk, group.id)

    quotes = live(desk).remembered.quotes(group.account.evidence)
    assert quotes
    for quote in quotes.values():
        assert quote.text in said(page)
        assert quote.date in said(page)
        assert f'href="{html.escape(quote.url)}"' in page.text
    assert re.search(r"of their \d+ pairs wrote to each other: \d+ messages, last on", said(page))
    assert "Private ones are never shown" in said(page)


def test_what_the_night_told_is_told_again_of_the_same_people(desk: Desk) -> None:
    """The desk's account of people put together is the night's: the same words from what the run kept.

    Of what each says to others the run keeps only some, so there may be fewer quotes.
    """
    night = live(desk)
    for group in night.dossier.groups:
        again = account_group([*group.members], group.town.name, max(group.travel_km), night.remembered)

        assert replace(again, evidence=()) == replace(group.account, evidence=())
        assert len(set(again.evidence) & set(group.account.evidence)) >= len(group.account.evidence) - 1
    for gathering in night.dossier.gatherings:
        told = account_gathering([*gathering.members], gathering.hub.name, (1, 1), night.remembered)

        assert told.reasons[:-1] == gathering.account.reasons[:-1]


def test_a_changed_group_is_weighed_and_told_anew(desk: Desk, signed_in: SignedIn) -> None:
    """Town, ways and fit are those that the change was weighed by; the reasons are of the people who sit there now."""
    one, decision = a_change(desk)
    before = card_at(signed_in("viewer"), desk, one)
    desk.decisions.append(decision, live(desk).suggestions)

    now = now_at(desk)
    proposal = proposal_now(now.night, now.draft.suggestions[one])
    page = card_at(signed_in("viewer"), desk, one)

    weighed = weigh_group(now.night.question, party(now.draft.suggestions[one].members))
    assert isinstance(proposal, ProposedGroup)
    assert proposal.members == decision.lists[one]
    assert proposal.fit_shares == tuple(seat.fit_share for seat in weighed.seats)
    assert weighed.town is not None
    assert proposal.town.name == now.night.question.towns[weighed.town].name
    assert "Changed since the night proposed it" in said(page)
    assert "Changed since the night proposed it" not in said(before)
    for reason in proposal.account.reasons:
        assert " ".join(reason.split()) in said(page)


def test_a_group_that_no_place_suits_still_has_a_card(desk: Desk) -> None:
    """Without a map, and saying which rules it breaks."""
    now = now_at(desk)
    question = now.night.question
    apart = next(trio for trio in combinations(question.members, 3) if weigh_group(question, trio).town is None)

    card = card_of(now, Suggestion(id="n-1", members=apart), [])

    assert card.kind == "group"
    assert card.shown.map is None
    assert card.ground is None
    assert card.title == "no place within everyone's reach"
    assert any("No place is within everyone's reach." in words for words in card.against)


def test_a_gathering_that_lost_somebody_is_told_without_them(workspace: Workspace, desk: Desk) -> None:
    """Its city stays; that others were weighed for other people is not told any more."""
    gathering = add_gathering(workspace)
    now = now_at(desk)
    whole = now.draft.suggestions[gathering]

    fewer = replace(whole, members=whole.members[1:])
    card = card_of(now, fewer, [])

    proposal = proposal_now(now.night, fewer)
    assert isinstance(proposal, ProposedGathering)
    assert proposal.members == whole.members[1:]
    assert proposal.travel_km
    assert card.kind == "gathering"
    assert card.went == now.name(whole.members[0])


def test_what_is_not_known_is_said(desk: Desk, signed_in: SignedIn) -> None:
    """Nobody should take silence for knowledge."""
    night = live(desk)
    group = next(one for one in night.dossier.groups if any(who in night.dossier.unknowns for who in one.members))

    page = card_at(signed_in("viewer"), desk, group.id)

    assert "What is not known" in said(page)
    assert "We do not know" in said(page)
    assert "no earlier round that is remembered proposed" in said(page)


def test_the_parts_of_a_score_are_the_score(desk: Desk) -> None:
    """The table on the card is the night's own sum: parts multiply the odds from where two begin."""
    night = live(desk)
    for group in night.dossier.groups:
        scores = scores_of(group.members, night.remembered, night.dossier.stranger_chance)

        rows = night.remembered.affinities_among(group.members)
        assert len(scores.pairs) == len(rows)
        for row in rows:
            for way in ("a_to_b", "b_to_a"):
                log_odds = sum(row[f"{part}_{way}"] for part in PARTS)
                assert 1 / (1 + 2.718281828**-log_odds) == pytest.approx(row[way], abs=1e-5)
    assert {"base", *PART_WORDS} == set(PARTS)


def test_strangers_are_called_strangers(desk: Desk) -> None:
    """Of two who never wrote nothing is claimed."""
    night = live(desk)
    members = next(pair for pair in combinations(night.question.members, 2) if not night.remembered.ties_among(pair))

    told = exchanges_of(members, [], night.remembered)

    assert told.said == "They have not written to each other."
    assert told.pairs == ()
