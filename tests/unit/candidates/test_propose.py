"""From all pairs to the few worth scoring."""

from matcher import Settings
from matcher.candidates.propose import CandidateOptions, propose_candidates
from matcher.plan import study_community
from matcher.tables.community import Community
from tests.worlds import ENGINES, Person, Said, talk, world

NARROW = CandidateOptions(n_alike=1, n_alike_nearby=1, n_company=1, n_friends_of_friends=1, min_heard=0.0)


def _found(community: Community, options: CandidateOptions = NARROW) -> dict[tuple[str, str], str]:
    picture = study_community(community, ENGINES, Settings(candidates=options))
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
