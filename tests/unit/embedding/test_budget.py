"""What is read of each member, and that nobody costs more by being loud."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.embedding.budget import MemberTexts, choose_texts
from matcher.embedding.options import EmbeddingOptions
from matcher.errors import SettingsError
from matcher.tables.community import Community, Messages, community_as_of
from tests.worlds import AS_OF, Person, Said, hear, raw_world, world

WORDS = ["yeast", "hops", "malt", "wort", "keg", "mash", "lager", "stout", "porter", "saison", "barrel", "foam", "cask"]


def sentence(seed: int, n_words: int = 8) -> str:
    """Some words of a brewer."""
    return " ".join(np.random.default_rng(seed).choice(WORDS, n_words))


def chosen_of(community: Community, options: EmbeddingOptions) -> MemberTexts:
    """What is chosen in a community."""
    return choose_texts(community, hear(community).readings, options)


def texts_of(said: list[Said], member: str, people: tuple[Person, ...] = (), **options: int | bool) -> list[str]:
    """What is chosen of one member of a world."""
    chosen = chosen_of(world(said, people), EmbeddingOptions(**options)).frame  # type: ignore[arg-type]
    return chosen.filter(pl.col("member") == member).get_column("text").to_list()


said_by = st.lists(
    st.builds(
        lambda by, seed, thread, days: Said(by=by, text=sentence(seed), thread=thread, days_ago=days),
        st.sampled_from(["ann", "bob", "cleo"]),
        st.integers(0, 30),
        st.sampled_from("tuv"),
        st.integers(0, 900),
    ),
    min_size=1,
    max_size=25,
)


@given(said=said_by, n_texts=st.integers(0, 5), n_declared=st.integers(0, 3))
def test_nobody_has_more_texts_than_the_budget(said: list[Said], n_texts: int, n_declared: int) -> None:
    """Cost is bounded by members."""
    people = [
        Person(id="ann", interests=("beer", "sailing", "beer", "chess", "go"), about="I brew and I sail and I read")
    ]
    options = EmbeddingOptions(texts_per_member=n_texts, declared_per_member=n_declared)

    chosen = chosen_of(world(said, people), options).frame

    assert (chosen.group_by("member").len().get_column("len") <= n_declared + 1 + n_texts).all()
    assert not chosen.select("member", "text").is_duplicated().any()


@given(said=said_by, seed=st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(said: list[Said], seed: int) -> None:
    """Same community, same texts."""
    raw = raw_world(said)
    shuffled = Messages.sorted(raw.messages.frame.sample(fraction=1, shuffle=True, seed=seed))
    options = EmbeddingOptions(texts_per_member=3)

    one = chosen_of(community_as_of(raw.members, raw.messages, raw.blocks, AS_OF), options)
    other = chosen_of(community_as_of(raw.members, shuffled, raw.blocks, AS_OF), options)

    assert one.frame.equals(other.frame)


def test_the_loudest_costs_no_more_than_anybody() -> None:
    """Three hundred messages cost as many texts as eight."""
    loud = [Said(by="loud", text=f"{sentence(n)} {n}th", thread=f"t{n}") for n in range(300)]
    quiet = [Said(by="quiet", id=f"q{n}", text=f"{sentence(n)} indeed", thread=f"t{n}") for n in range(8)]

    assert len(texts_of([*loud, *quiet], "loud")) == 8
    assert len(texts_of([*loud, *quiet], "quiet")) == 8


def test_small_talk_is_not_read() -> None:
    """An "ok" and a "thanks" say nothing of a person."""
    said = [
        Said(by="ann", text="ok thanks", id="1"),
        Said(by="ann", text="+1 !!!", id="2"),
        Said(by="bob", text=sentence(1)),
    ]

    assert texts_of(said, "ann") == []


def test_rare_words_tell_more_than_common_ones() -> None:
    """What everybody says tells nobody apart."""
    common = [Said(by="bob", text="I think that this is very good", id=f"c{n}") for n in range(9)]
    said = [
        *common,
        Said(by="ann", text="I think that this is very good", id="1"),
        Said(by="ann", text="decoction mashing needs undermodified barley malt today", id="2"),
    ]

    assert texts_of(said, "ann", texts_per_member=1) == ["decoction mashing needs undermodified barley malt today"]


def test_of_two_equal_messages_the_newer_is_read() -> None:
    """People change."""
    said = [
        Said(by="ann", text="yeast needs oxygen early", days_ago=3000, thread="a", id="1"),
        Said(by="ann", text="foam needs protein always", days_ago=3, thread="b", id="2"),
    ]

    assert texts_of(said, "ann", texts_per_member=1) == ["foam needs protein always"]


def test_one_thread_does_not_drown_the_others() -> None:
    """Ten long messages in one quarrel are one interest; the others must still be seen."""
    quarrel = [Said(by="ann", text=f"{sentence(n, 12)} quarrel{n}", thread="one", id=f"q{n}") for n in range(10)]
    other = [Said(by="ann", text="sailing past the harbour at dawn", thread="two", id="z")]

    chosen = texts_of([*quarrel, *other], "ann", texts_per_member=3)

    assert "sailing past the harbour at dawn" in chosen


def test_copies_are_read_once() -> None:
    """Posting the same ten times says it once."""
    said = [Said(by="ann", text="buy my brewing course now", thread=f"t{n}", id=f"m{n}") for n in range(10)]

    assert texts_of(said, "ann") == ["buy my brewing course now"]


def test_private_messages_are_read_only_when_asked_for() -> None:
    """Private life stays private, unless the operator says otherwise openly."""
    said = [Said(by="ann", text="my doctor said no beer ever", is_public=False)]

    assert texts_of(said, "ann") == []
    assert texts_of(said, "ann", read_private=True) == ["my doctor said no beer ever"]


def test_declared_interests_come_first_and_weigh_as_much_as_few_messages() -> None:
    """Whatever the number declared, together they weigh 1: how people talk says more."""
    people = [Person(id="ann", interests=("beer", "sailing", "chess"), about="I brew at home in Ghent")]

    chosen = chosen_of(world([Said(by="ann", text=sentence(1))], people), EmbeddingOptions()).frame

    assert chosen.get_column("text").to_list()[:4] == ["beer", "sailing", "chess", "I brew at home in Ghent"]
    assert chosen.get_column("weight").to_list()[:3] == pytest.approx([1 / 3] * 3)


def test_a_wall_of_text_is_cut_between_two_words() -> None:
    """The model stops reading; so do we, and never within a word."""
    wall = "brewing\tis\u202e an art \0 " * 100_000

    (cut,) = texts_of([Said(by="ann", text=wall)], "ann", max_characters=30)

    assert cut == "brewing is an art brewing is"


def test_scripts_without_spaces_are_read_too() -> None:
    """A sentence without spaces is still a sentence."""
    assert len(texts_of([Said(by="ann", text="ビールの醸造について話しましょう")], "ann")) == 1


def test_an_empty_community_has_no_texts() -> None:
    """An empty night is a night."""
    assert len(chosen_of(world([]), EmbeddingOptions())) == 0


@pytest.mark.parametrize("wrong", [{"precision": "int3"}, {"max_interests": 0}, {"device": "tpu"}], ids=str)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, int]) -> None:
    """A typo does not win silently for a month."""
    with pytest.raises(SettingsError, match=rf"embedding\.{next(iter(wrong))}"):
        EmbeddingOptions(**wrong)  # type: ignore[arg-type]


def test_a_backend_that_chooses_for_itself_takes_no_precision() -> None:
    """A setting that would be ignored is refused."""
    with pytest.raises(SettingsError, match="only the backend 'torch'"):
        EmbeddingOptions(backend="onnx", precision="bf16")
