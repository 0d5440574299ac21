"""From all pairs to the few worth scoring."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from matcher import Settings
from matcher.candidates.propose import CandidateOptions, propose_candidates
from matcher.plan import study_community
from matcher.tables.community import Community
from tests.worlds import ENGINES, Person, Said, talk, world

NARROW = CandidateOptions(n_alike=1, n_alike_nearby=1, n_company=1, n_friends_of_friends=1, min_heard=0.0)

BY_COMPANY = replace(NARROW, n_alike=0, n_alike_nearby=0, n_friends_of_friends=0)
BY_FRIENDS = replace(NARROW, n_alike=0, n_alike_nearby=0, n_company=0)


def _found(
    community: Community, options: CandidateOptions = NARROW, closed: Collection[str] = ()
) -> dict[tuple[str, str], str]:
    picture = study_community(community, ENGINES, Settings(candidates=options))
    if closed:
        picture = replace(picture, is_open=np.array([member not in closed for member in picture.index.ids]))
    frame = propose_candidates(picture, options).frame
    return {(row[0], row[1]): row[2] for row in frame.iter_rows()}


def test_whoever_talked_is_found() -> None:
    """Even one message, one way."""
    assert _found(world([Said(by="ben", text="hi", naming=["ana"])])) == {("ana", "ben"): "talked"}


def test_friends_of_friends_are_found() -> None:
    """Ana and Cat both talk with Ben, and never with each other."""
    said = [*talk("ana", "ben", turns=3, text="alpha beta"), *talk("cat", "ben", turns=3, text="gamma delta")]

    assert _found(world(said))["ana", "cat"] == "friend_of_friend"


def test_who_spoke_in_the_same_conversation_is_found() -> None:
    """Without a word to each other, and with nobody in common."""
    said = [Said(by="ana", text="alpha beta"), Said(by="cat", text="gamma delta")]

    assert _found(world(said))["ana", "cat"] == "company"


def test_who_is_not_open_takes_up_nobody_s_place() -> None:
    """Ana's and Cat's best company is closed tonight: the one place of each goes to the next."""
    said = [
        *(Said(by="ana", text="alpha beta", thread=thread) for thread in "pqx"),
        *(Said(by="ben", text="gamma delta", thread=thread) for thread in "pq"),
        *(Said(by="cat", text="epsilon zeta", thread=thread) for thread in "rsx"),
        *(Said(by="dan", text="eta theta", thread=thread) for thread in "rs"),
    ]

    assert ("ana", "cat") not in _found(world(said), BY_COMPANY)
    assert _found(world(said), BY_COMPANY, closed={"ben", "dan"}) == {("ana", "cat"): "company"}


def test_friends_of_friends_are_found_through_a_friend_who_is_not_open() -> None:
    """Ben stays at home, and is still whom Ana and Cat have in common."""
    said = [*talk("ana", "ben", turns=3), *talk("cat", "ben", turns=3)]

    assert _found(world(said), BY_FRIENDS, closed={"ben"}) == {("ana", "cat"): "friend_of_friend"}


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


def test_who_is_kept_apart_only_for_tonight_is_scored() -> None:
    """Two who are never free at the same time may still be at one gathering; two without a language may not."""
    said = talk("ana", "ben", turns=4)
    times = [Person(id="ana", availability=["sat"]), Person(id="ben", availability=["sun"])]
    languages = [Person(id="ana", languages=["en"]), Person(id="ben", languages=["fr"])]

    assert ("ana", "ben") in _found(world(said, times))
    assert ("ana", "ben") not in _found(world(said, languages))


def test_nobody_and_one_member_have_no_pairs() -> None:
    """An empty night is a night."""
    assert _found(world([])) == {}
    assert _found(world([Said(by="ana")])) == {}


def test_who_is_hardly_heard_is_proposed_to_nobody() -> None:
    """One line, years ago, is too little to send an invitation by."""
    said = [Said(by="ben", text="hi", naming=["ana"], days_ago=2_000)]

    assert _found(world(said), CandidateOptions()) == {}
