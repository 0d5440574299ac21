"""What a night leaves to the organizers' desk."""

from dataclasses import replace
from itertools import combinations

import polars as pl

from matcher.publish.dossier import dossier_of
from matcher.publish.people import people_of
from matcher.publish.quotable import MOST_TELLING, MOST_TIES, quotable_of, ties_to_tell
from matcher.tables.community import Community, Members
from matcher.tables.conversation import Ties
from matcher.tables.dossier import Dossier
from matcher.tables.geography import Places
from matcher.tables.pairs import Vetoes
from matcher.tables.quotable import Quotable
from matcher.units import MemberId
from tests.unit.publish.worlds import EXACT_PLACES, PRIVATE_WORDS, Night, a_night, a_travelled_night, an_empty_night
from tests.worlds import Said, hear, talk, world


def _dossier(night: Night) -> Dossier:
    return dossier_of(night.plan, night.community, night.places, night.facts)


def _quotable(
    community: Community,
    *,
    seatable: set[str],
    telling: dict[str, list[tuple[str, list[str]]]] | None = None,
    ties: pl.DataFrame | None = None,
) -> Quotable:
    empty = an_empty_night()
    return quotable_of(
        empty.plan,
        community,
        people_of(community, Places.none(community.index.enum)),
        ties=hear(community).ties.frame if ties is None else ties,
        telling=telling or {},
        seatable={MemberId(one) for one in seatable},
    )


def test_it_holds_everything_that_was_proposed_and_everyone_left_out() -> None:
    """The desk reads nothing else."""
    night = a_travelled_night()

    dossier = _dossier(night)

    assert [len(group.members) for group in dossier.groups] == [4, 3]
    assert len(dossier.introductions) == 3
    assert [gathering.hub.name for gathering in dossier.gatherings] == ["Denver, CO"]
    assert {(one.member, one.reason) for one in dossier.left_out} == {
        ("m12", "nothing_said"),
        ("m13", "others_fitted_better"),
    }
    assert list(dossier.people) == list(night.community.index.ids)
    assert dossier.notice == "This community is synthetic."


def test_names_are_cleaned_and_nothing_private_is_in_it() -> None:
    """Whatever a page or file shows of it can give nothing away."""
    dossier = _dossier(a_travelled_night())

    text = repr(dossier)

    assert dossier.people[MemberId("m04")].name == "Adagnp.exe"
    assert not [one for one in (*PRIVATE_WORDS, *EXACT_PLACES) if one in text]


def test_towns_for_maps_come_with_the_most_populous_first() -> None:
    """The names that help most are written first."""
    dossier = _dossier(a_night())

    assert [town.name.split(",")[0] for town in dossier.towns[:3]] == ["Seattle", "Portland", "Genoa"]


def test_what_is_not_known_of_a_member_is_said() -> None:
    """A missing reach, language, time or home, and a home that is only guessed; who is known well is not named."""
    night = a_night()
    members = night.community.members.frame.with_columns(
        reach_km=pl.when(pl.col("member") == "m01").then(None).otherwise(400.0),
        languages=pl.lit(["en"], dtype=pl.List(pl.String)),
        availability=pl.when(pl.col("member") == "m02")
        .then(pl.lit([], dtype=pl.List(pl.String)))
        .otherwise(pl.lit(["sat-am"], dtype=pl.List(pl.String))),
    )
    share = pl.when(pl.col("member").cast(pl.String) == "m03").then(0.6).otherwise(1.0)
    changed = replace(
        night,
        community=replace(night.community, members=Members(members.select(list(Members.columns)))),
        places=Places(night.places.frame.with_columns(share=share)),
    )

    unknowns = _dossier(changed).unknowns

    assert unknowns == {
        "m01": ("reach",),
        "m02": ("times",),
        "m03": ("sure_home",),
        "m11": ("home",),
        "m12": ("home",),
        "m13": ("home",),
    }


def test_an_empty_night_leaves_an_empty_dossier() -> None:
    """Only who was left out."""
    dossier = _dossier(an_empty_night())

    assert (dossier.groups, dossier.introductions, dossier.gatherings) == ((), (), ())
    assert len(dossier.left_out) == 13


def test_only_public_messages_may_be_quoted() -> None:
    """Not even by their date."""
    said = [*talk("ana", "ben", turns=4), *talk("ana", "ben", turns=4, thread="secret", is_public=False)]

    quotable = _quotable(world(said), seatable={"ana", "ben"})

    assert len(quotable)
    assert not quotable.frame.filter(pl.col("message").str.starts_with("secret")).height


def test_the_evidence_of_who_could_sit_together_is_left_and_of_nobody_else() -> None:
    """Eve could sit nowhere tonight."""
    said = [*talk("ana", "ben", turns=4), *talk("ana", "eve", turns=4)]

    quotable = _quotable(world(said), seatable={"ana", "ben"})

    assert set(quotable.frame.get_column("author")) == {"ana", "ben"}
    assert quotable.frame.get_column("message").str.starts_with("ana-ben").all()


def test_a_pair_kept_apart_leaves_neither_tie_nor_quote() -> None:
    """A tie that is there while its candidate is missing would give a block away."""
    community = world([*talk("ana", "ben", turns=4), *talk("ana", "cem", turns=4)])
    apart = pl.DataFrame({"member_a": ["ana"], "member_b": ["ben"], "rule": ["block"]})
    enum = community.index.enum
    vetoes = Vetoes(apart.with_columns(pl.col("member_a", "member_b").cast(enum)))

    ties = ties_to_tell(Ties(hear(community).ties.frame), vetoes)

    assert ties.select(pl.col("member_a", "member_b").cast(pl.String)).rows() == [("ana", "cem")]


def test_where_everybody_talks_with_everybody_only_the_warmest_ties_leave_evidence() -> None:
    """The file stays small in a community of fifty thousand."""
    members = [f"m{number:02d}" for number in range(40)]
    pairs = list(combinations(members, 2))
    community = world([Said(by=one, naming=[other], id=f"{one}-{other}") for one, other in pairs])
    warmth = [float((7 * row) % len(pairs)) for row in range(len(pairs))]
    ties = hear(community).ties.frame.with_columns(warmth_a_to_b=pl.Series(warmth), warmth_b_to_a=pl.Series(warmth))

    quotable = _quotable(community, seatable=set(members), ties=ties)

    left = {tuple(message.split("-")) for message in quotable.frame.get_column("message")}
    warmest = sorted(zip(warmth, pairs, strict=True), reverse=True)
    assert len(left) <= len(members) * MOST_TIES < len(pairs)
    for member in members:
        assert set([pair for _, pair in warmest if member in pair][:MOST_TIES]) <= left


def test_each_member_leaves_a_few_telling_messages_on_different_topics() -> None:
    """So that people who never wrote to each other can be quoted on what they share."""
    said = [Said(by="ana", id=f"a{number}", topics=[f"t{number // 2}"]) for number in range(20)]
    telling = {"ana": [(f"a{number}", [f"t{number // 2}"]) for number in range(20)]}

    quotable = _quotable(world(said), seatable={"ana"}, telling=telling)

    ranked = quotable.frame.filter(pl.col("rank").is_not_null()).sort("rank")
    assert ranked.get_column("message").to_list() == ["a0", "a2", "a4", "a6"][:MOST_TELLING]
    assert ranked.get_column("topics").to_list() == [["t0"], ["t1"], ["t2"], ["t3"]]
