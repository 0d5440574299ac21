"""The made-up community keeps what its truths say, and reads like people."""

from collections import defaultdict
from datetime import timedelta
from itertools import combinations

import numpy as np
import polars as pl
import pytest

from matcher.errors import InputError
from matcher.sources.synthetic import AS_OF, SyntheticCommunity, make_community


def answers_of(commons: SyntheticCommunity) -> dict[tuple[str, str], int]:
    """How often each member answered each other one."""
    frame = commons.messages.frame
    authors = dict(frame.select("message", "author").iter_rows())
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for author, target in frame.filter(pl.col("reply_to").is_not_null()).select("author", "reply_to").iter_rows():
        counts[author, authors[target]] += 1
    return counts


def by(commons: SyntheticCommunity, members: tuple[str, ...]) -> pl.DataFrame:
    """What these members wrote."""
    return commons.messages.frame.filter(pl.col("author").is_in(members))


def test_the_same_dice_make_the_same_community() -> None:
    """A demo that differs from run to run could not be compared with anything."""
    first, second = (make_community(np.random.default_rng(3), n_members=60) for _ in range(2))

    assert first.members.frame.equals(second.members.frame)
    assert first.messages.frame.equals(second.messages.frame)
    assert first.blocks.frame.equals(second.blocks.frame)
    assert first.truths == second.truths


def test_other_dice_make_another_community() -> None:
    """Chance really comes from the generator."""
    first, second = (make_community(np.random.default_rng(seed), n_members=60) for seed in (3, 4))

    assert not first.messages.frame.equals(second.messages.frame)


@pytest.mark.parametrize("n_members", [60, 97, 240])
def test_it_has_the_size_that_was_asked_for(n_members: int) -> None:
    """Parts are dealt out in proportion, and everyone gets one."""
    commons = make_community(np.random.default_rng(1), n_members=n_members)

    assert len(commons.members) == n_members


def test_too_few_members_are_refused() -> None:
    """The parts would not all find somebody."""
    with pytest.raises(InputError, match="needs 60 or more"):
        make_community(np.random.default_rng(1), n_members=10)


def test_a_night_embeds_at_most_two_thousand_texts(commons: SyntheticCommunity) -> None:
    """Eight messages a member, what they say of themselves, and the declared interests."""
    members = commons.members.frame.filter("is_opted_in")
    said = commons.messages.frame.group_by("author").agg(pl.col("text").n_unique().clip(upper_bound=8))
    n_said = said.filter(pl.col("author").is_in(members.get_column("member").implode())).get_column("text").sum()
    n_about = members.filter(pl.col("about") != "").height
    n_interests = members.get_column("interests").list.explode().n_unique()

    assert n_said + n_about + n_interests <= 2_000
    assert 4_000 <= len(commons.messages) <= 8_000


def test_everything_was_written_in_the_eighteen_months_before(commons: SyntheticCommunity) -> None:
    """And a reply comes after what it answers, in the same thread."""
    frame = commons.messages.frame
    replies = frame.join(frame, left_on="reply_to", right_on="message")

    assert frame.select((pl.col("sent_at") < AS_OF).all()).item()
    assert frame.select((pl.col("sent_at") > AS_OF - timedelta(days=550)).all()).item()
    assert replies.height == frame.get_column("reply_to").count()
    assert replies.select((pl.col("sent_at") > pl.col("sent_at_right")).all()).item()
    assert replies.select((pl.col("thread") == pl.col("thread_right")).all()).item()


def test_friends_of_a_circle_answer_each_other_over_months(commons: SyntheticCommunity) -> None:
    """Every two of them, both ways: that is what a circle means."""
    answers = answers_of(commons)

    assert len(commons.truths.circles) == 18
    for circle in commons.truths.circles:
        assert 4 <= len(circle) <= 6
        assert all(answers[a, b] >= 1 and answers[b, a] >= 1 for a, b in combinations(circle, 2))
        days = by(commons, circle).get_column("sent_at").dt.date()
        assert days.n_unique() > 30


def test_friends_of_a_circle_live_within_their_reach(commons: SyntheticCommunity) -> None:
    """Somebody of the next town brings a reach with them, and so do those who meet them."""
    members = commons.members.frame

    for circle in commons.truths.circles:
        homes = members.filter(pl.col("member").is_in(circle))
        assert homes.get_column("reach_km").min() >= 30  # type: ignore[operator]  # never null in a circle
        assert "" not in homes.get_column("place_text").to_list()


def test_friends_of_a_far_circle_are_close_to_several_over_months(commons: SyntheticCommunity) -> None:
    """In public, both ways, with five or more others each: enough to be asked to travel for."""
    answers = answers_of(commons)

    assert len(commons.truths.far_circles) == 1
    for circle in commons.truths.far_circles:
        assert len(circle) == 14
        for one in circle:
            close = [other for other in circle if min(answers[one, other], answers[other, one]) >= 2]
            assert len(close) >= 5
        said = by(commons, circle)
        assert said.get_column("is_public").all()
        assert said.get_column("sent_at").dt.strftime("%Y-%m").n_unique() >= 12


def test_friends_of_a_far_circle_live_scattered_and_one_stays_at_home(commons: SyntheticCommunity) -> None:
    """They cannot meet at home, and nobody who stated a short reach may be asked to go further."""
    [homebody] = commons.truths.homebodies
    [circle] = commons.truths.far_circles
    homes = commons.members.frame.filter(pl.col("member").is_in(circle))

    cities = homes.get_column("place_text").str.split(",").list.first()
    reaches = dict(homes.select("member", "reach_km").iter_rows())

    assert cities.n_unique() >= 8
    assert cities.value_counts().get_column("count").max() <= 2  # type: ignore[operator]  # counts are numbers
    assert reaches.pop(homebody) == 40
    assert set(reaches.values()) == {None}


@pytest.mark.parametrize(("n_members", "n_circles"), [(60, 0), (239, 0), (480, 2)])
def test_small_communities_have_no_far_circle(n_members: int, n_circles: int) -> None:
    """Fourteen people with a life of their own would be most of it."""
    truths = make_community(np.random.default_rng(1), n_members=n_members).truths

    assert len(truths.far_circles) == len(truths.homebodies) == n_circles
    assert len(set().union(*truths.far_circles)) == 14 * n_circles


def test_distant_friends_talk_a_lot_and_helpers_never(commons: SyntheticCommunity) -> None:
    """The first should be found by what they said, the second by what they could say."""
    answers = answers_of(commons)

    assert all(min(answers[a, b], answers[b, a]) >= 10 for a, b in commons.truths.long_distance_pairs)
    threads = {member: set(by(commons, (member,)).get_column("thread")) for member in commons.members.frame["member"]}
    assert all(not threads[a] & threads[b] for a, b in commons.truths.helper_pairs)


def test_helpers_answer_what_askers_ask(commons: SyntheticCommunity) -> None:
    """Their threads carry the same tags, in many threads each."""
    for helper, asker in commons.truths.helper_pairs:
        answered = by(commons, (helper,)).filter(pl.col("reply_to").is_not_null()).get_column("topics").list.explode()
        asked = by(commons, (asker,)).filter(pl.col("reply_to").is_null()).get_column("topics").list.explode()

        assert set(asked) <= set(answered)
        assert by(commons, (helper,)).get_column("thread").n_unique() >= 8


def test_shills_talk_at_people(commons: SyntheticCommunity) -> None:
    """Almost nothing they write answers anybody, nearly all of it carries a link, and it repeats."""
    for shill in commons.truths.shills:
        said = by(commons, (shill,))

        assert said.height >= 20
        assert said.get_column("reply_to").null_count() / said.height > 0.9
        assert (said.get_column("n_links") > 0).mean() > 0.9  # type: ignore[operator]  # the mean of flags is a number
        assert said.get_column("channel").n_unique() >= 5


def test_quarrels_are_long_and_mutual(commons: SyntheticCommunity) -> None:
    """So that whoever only counts messages would bring them together."""
    answers = answers_of(commons)

    assert all(min(answers[a, b], answers[b, a]) >= 15 for a, b in commons.truths.hostile_pairs)


def test_ordinary_members_seldom_say_the_same(commons: SyntheticCommunity) -> None:
    """Nobody believes in people who all use the same words."""
    shills = commons.truths.shills
    ordinary = commons.messages.frame.filter(~pl.col("author").is_in(shills)).get_column("text")

    assert ordinary.n_unique() / len(ordinary) > 0.9


def test_secrets_are_told_in_private_only(commons: SyntheticCommunity) -> None:
    """Later tests look for these words in everything that a night writes."""
    frame = commons.messages.frame
    for secret in commons.truths.secrets:
        told = frame.filter(pl.col("text").str.to_lowercase().str.contains(secret, literal=True))

        assert told.height >= 2
        assert not told.get_column("is_public").any()


def test_the_parts_do_not_mix(commons: SyntheticCommunity) -> None:
    """A shill in a circle would make both tests of the night meaningless."""
    truths = commons.truths
    circled = [member for circle in truths.circles for member in circle]
    paired = [
        member for pair in truths.long_distance_pairs + truths.helper_pairs + truths.hostile_pairs for member in pair
    ]
    scattered = [member for circle in truths.far_circles for member in circle]
    everyone = [*circled, *scattered, *paired, *truths.shills, *truths.opted_out]
    opted_in = set(commons.members.frame.filter("is_opted_in").get_column("member"))

    assert len(everyone) == len(set(everyone))
    assert set(circled + scattered + paired) <= opted_in
    assert not set(truths.opted_out) & opted_in
    assert not set(circled + scattered) & set(truths.without_place)
    assert list(truths.blocked_pairs) == list(commons.blocks.frame.iter_rows())


def test_some_say_nothing_and_some_live_nowhere(commons: SyntheticCommunity) -> None:
    """Every reason for being left out should occur."""
    silent = set(commons.members.frame.get_column("member")) - set(commons.messages.frame.get_column("author"))

    assert len(silent) == 5
    assert 0.1 <= len(commons.truths.without_place) / len(commons.members) <= 0.2
