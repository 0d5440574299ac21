"""Likes, views, reputation, followers and who somebody is: noise in such columns changes no score."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Settings
from matcher.affinity.options import AffinityOptions
from matcher.affinity.score import score_pairs
from matcher.candidates.propose import CandidateOptions
from matcher.plan import study_community
from matcher.sources.imported import Imported
from matcher.sources.stackexchange import StackExchangeOptions, read_stackexchange
from matcher.sources.table import TableOptions, read_tables
from matcher.tables.community import community_as_of
from matcher.tables.pairs import Candidates
from tests.unit.sources.test_stackexchange import comment, post, row, write_dump
from tests.worlds import ENGINES

NOW = datetime(2024, 6, 1, tzinfo=UTC)
MEMBERS = ["ana", "ben", "cem"]
ENDS = ("member_a", "member_b")
PERSON = ["followers", "reputation", "karma", "age", "gender", "ethnicity", "status"]
MESSAGE = ["likes", "views", "score", "upvotes", "shares"]
noise = st.lists(st.integers(0, 10**6), min_size=12, max_size=12)


def scores(imported: Imported) -> bytes:
    """Every score and every part of every pair, to the byte."""
    community = community_as_of(imported.members, imported.messages, imported.blocks, NOW)
    rows = np.array(np.triu_indices(len(community.index), k=1))
    pairs = pl.DataFrame({side: community.index.column(one) for side, one in zip(ENDS, rows, strict=True)})
    everyone = Settings(candidates=CandidateOptions(min_heard=0.0, min_standing=0.0))
    found = {"found_by": pl.lit("test"), "n_rules": pl.lit(1, pl.UInt8)}
    scored = score_pairs(
        Candidates(pairs.with_columns(**found)), study_community(community, ENGINES, everyone), AffinityOptions()
    )
    return scored.frame.write_csv().encode()


def table_scores(numbers: Sequence[int]) -> bytes:
    """Scores of a table export whose extra columns hold these numbers."""

    def extra(place: int, names: Sequence[str]) -> str:
        return ",".join(str(numbers[(place + column) % len(numbers)]) for column, _ in enumerate(names))

    members = [f"id,interests,{','.join(PERSON)}"]
    members += [f"{member},bread,{extra(place, PERSON)}" for place, member in enumerate(MEMBERS)]
    messages = [f"id,author,ts,channel,thread,reply_to,text,{','.join(MESSAGE)}"]
    for number in range(9):
        author, before = MEMBERS[number % 2], f"m{number - 1}" if number else ""
        text = f"how do you bake rye bread number {number}?"
        messages.append(f"m{number},{author},2024-05-0{number + 1},baking,t,{before},{text},{extra(number, MESSAGE)}")
    with TemporaryDirectory() as folder:
        (Path(folder) / "members.csv").write_text("\n".join(members))
        (Path(folder) / "messages.csv").write_text("\n".join(messages))
        paths = [Path(folder) / "members.csv", Path(folder) / "messages.csv"]
        options = TableOptions(is_public_when_unsaid=True)
        return scores(read_tables(paths, options, now=NOW))


def dump_scores(numbers: Sequence[int]) -> bytes:
    """Scores of a Stack Exchange dump with these votes, views and reputations."""
    texts = [str(number) for number in numbers]
    users = [
        row(Id=number, DisplayName=name, Reputation=texts[0], Views=texts[1], UpVotes=texts[2], DownVotes=texts[3])
        for number, name in (("7", "Ann"), ("8", "Bo"), ("9", "Cy"))
    ]
    posts = [
        post("1", "7", Tags="<ale>", Score=texts[4], ViewCount=texts[5], FavoriteCount=texts[6]),
        post("2", "8", parent="1", minute=5, Score=texts[7]),
        post("3", "9", parent="1", minute=9, Score=texts[8], CommentCount=texts[9]),
    ]
    with TemporaryDirectory() as folder:
        site = write_dump(Path(folder), users=users, posts=posts, comments=[comment("5", "2", "7", "Thank you for it")])
        return scores(read_stackexchange(site, StackExchangeOptions(), now=NOW))


@settings(max_examples=10)
@given(numbers=noise)
def test_popularity_and_person_change_no_score_of_a_table(numbers: list[int]) -> None:
    """Whatever an export knows of status, it is not what the score is made of."""
    assert table_scores(numbers) == table_scores([0] * len(numbers))


@settings(max_examples=10)
@given(numbers=noise)
def test_votes_views_and_reputation_change_no_score_of_a_dump(numbers: list[int]) -> None:
    """A conversation is worth more than a like."""
    assert dump_scores(numbers) == dump_scores([0] * len(numbers))


def test_the_scores_above_are_not_empty() -> None:
    """Guards the tests above: words do change them."""
    assert b"reunite" in table_scores([0] * 12)
    assert b"introduce" in dump_scores([0] * 12)
