"""From all pairs to the few worth scoring."""

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from matcher.candidates.propose import CandidateOptions, open_to_proposals, propose_candidates
from matcher.embedding.encoder import WordHashEncoder
from matcher.embedding.interests import embed_members
from matcher.embedding.options import EmbeddingOptions
from matcher.rules.vetoes import RuleOptions, veto_pairs
from matcher.tables.community import Community
from matcher.tables.geography import Towns, Travel
from tests.worlds import Person, Said, hear, talk, world

NARROW = CandidateOptions(n_alike=1, n_alike_nearby=1, n_helpers=1, n_friends_of_friends=1, min_heard=0.0)


def _found(community: Community, options: CandidateOptions = NARROW) -> dict[tuple[str, str], str]:
    heard = hear(community)
    is_open = open_to_proposals(heard.standings, options)
    towns = Towns(
        pl.DataFrame({"town": [0], "name": ["X"], "lat": [0.0], "lon": [0.0], "population": [1]}, schema=Towns.schema())
    )
    travel = Travel(towns=towns, km=csr_array(np.zeros((len(community.index), 1))), index=community.index)
    frame = propose_candidates(
        index=community.index,
        ties=heard.ties,
        topics=heard.topics,
        interests=embed_members(community, heard.readings, WordHashEncoder(), EmbeddingOptions(), among=is_open),
        travel=travel,
        vetoes=veto_pairs(community, heard.ties, RuleOptions()),
        is_open=is_open,
        options=options,
    ).frame
    return {(row[0], row[1]): row[2] for row in frame.iter_rows()}


def test_whoever_talked_is_found() -> None:
    """Even one message, one way."""
    assert _found(world([Said(by="ben", text="hi", naming=["ana"])])) == {("ana", "ben"): "talked"}


def test_friends_of_friends_are_found() -> None:
    """Ana and Cat both talk with Ben, and never with each other."""
    said = [*talk("ana", "ben", turns=3, text="alpha beta"), *talk("cat", "ben", turns=3, text="gamma delta")]

    assert _found(world(said))["ana", "cat"] == "friend_of_friend"


def test_an_asker_finds_their_helper() -> None:
    """Dan asks about rye; Cat has answered on rye, to somebody else."""
    said = [
        Said(by="eve", id="q0", text="gamma?", topics=["rye"]),
        Said(by="cat", id="a0", to="q0", text="alpha alpha", topics=["rye"]),
        Said(by="dan", id="q1", text="beta beta?", topics=["rye"], thread="other"),
    ]

    assert _found(world(said))["cat", "dan"] == "helper"


def test_the_like_minded_are_found_without_a_word_between_them() -> None:
    """By meaning alone."""
    people = [
        Person(id="ana", interests=["rye sourdough"]),
        Person(id="ben", interests=["sourdough of rye"]),
        Person(id="cat", interests=["jazz"]),
    ]

    assert _found(world([], people))["ana", "ben"] == "alike"


def test_a_vetoed_pair_never_comes_up() -> None:
    """A block is a block, whichever way it points."""
    said = talk("ana", "ben", turns=4)

    assert ("ana", "ben") not in _found(world(said, blocked=[("ben", "ana")]))


def test_nobody_and_one_member_have_no_pairs() -> None:
    """An empty night is a night."""
    assert _found(world([])) == {}
    assert _found(world([Said(by="ana")])) == {}


def test_who_is_hardly_heard_is_proposed_to_nobody() -> None:
    """One line, years ago, is too little to send an invitation by."""
    said = [Said(by="ben", text="hi", naming=["ana"], days_ago=2_000)]

    assert _found(world(said), CandidateOptions()) == {}
