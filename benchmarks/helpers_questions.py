"""Who asks what, who answers it, and how close the questions that one answers come to those that another asks.

Which of two ways leads to the answer: where messages carry reply links, whoever replied to the question. On a chat
without them, `voices_after` guesses (whoever spoke next) and `answers_by_name` waits for an explicit word
(whoever named or quoted the asker, later in the thread): the guess is used as knowledge, the word as truth.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from matcher.embedding.encoder import Encoder
from matcher.tables.community import MemberIndex, Messages
from matcher.tables.vectors import Interests
from matcher.units import Floats, Rows, Vectors

N_ASKED, N_ANSWERED = 6, 12
"""Latest questions of a member that are read: those they asked, and those they answered. 4 and 8 foretold alike."""

MIN_WORDS = 4
MAX_CHARACTERS = 600
N_VOICES, N_NEXT, WITHIN = 3, 10, timedelta(days=1)
CHUNK = 4_096


@dataclass(frozen=True, eq=False, kw_only=True)
class Talk:
    """Who asked, and who answered.

    Attributes:
        questions: `question`, `asker`, `thread`, `asked_at`, `text`.
        answers: As they may be known: `question`, `asker`, `helper`, `answered_at`.
        true_answers: As they are judged by; the same columns.
    """

    questions: pl.DataFrame
    answers: pl.DataFrame
    true_answers: pl.DataFrame

    def before(self, then: datetime) -> "Talk":
        """What was known then."""
        return Talk(
            questions=self.questions.filter(pl.col("asked_at") <= then),
            answers=self.answers.filter(pl.col("answered_at") <= then),
            true_answers=self.true_answers.filter(pl.col("answered_at") <= then),
        )

    def between(self, then: datetime, end: datetime) -> "Talk":
        """What was asked within that time, and truly answered within it."""
        new = self.questions.filter((pl.col("asked_at") > then) & (pl.col("asked_at") <= end))
        late = self.true_answers.filter(pl.col("answered_at") <= end).join(new, on="question", how="semi")
        return Talk(questions=new, answers=late, true_answers=late)


def linked_talk(messages: Messages) -> Talk:
    """Read a source with reply links."""
    questions = questions_in(messages)
    answers = answers_by_link(messages, questions)
    return Talk(questions=questions, answers=answers, true_answers=answers)


def named_talk(messages: Messages) -> Talk:
    """Read a chat without reply links; of each asker's questions in a thread the first may be known."""
    questions = questions_in(messages)
    known = questions.unique(["asker", "thread"], keep="first", maintain_order=True)
    return Talk(
        questions=questions,
        answers=voices_after(messages, known),
        true_answers=answers_by_name(messages, questions),
    )


def questions_in(messages: Messages) -> pl.DataFrame:
    """List messages that ask something and reply to nothing: `question`, `asker`, `thread`, `asked_at`, `text`."""
    asks = pl.col("text").str.contains("?", literal=True) & pl.col("reply_to").is_null()
    says = pl.col("text").str.count_matches(r"\p{L}{2,24}") >= MIN_WORDS
    return (
        messages.frame.filter(asks & says & pl.col("is_public"))
        .select("thread", "text", question="message", asker="author", asked_at="sent_at")
        .sort("asked_at", "question")
    )


def answers_by_link(messages: Messages, questions: pl.DataFrame) -> pl.DataFrame:
    """List who replied to a question: `question`, `asker`, `helper`, `answered_at`; each helper once a question."""
    replies = messages.frame.select(question="reply_to", helper="author", answered_at="sent_at")
    return _first_of_each(replies.join(questions.select("question", "asker"), on="question"))


def answers_by_name(messages: Messages, questions: pl.DataFrame) -> pl.DataFrame:
    """List who named or quoted an asker in the thread, after their latest question there; columns as by link."""
    naming = (
        messages.frame.filter(pl.col("mentions").list.len() > 0)
        .explode("mentions", empty_as_null=True, keep_nulls=True)
        .select("thread", asker="mentions", helper="author", answered_at="sent_at")
        .sort("answered_at")
    )
    latest = questions.select("thread", "asker", "question", "asked_at").sort("asked_at")
    found = naming.join_asof(
        latest,
        left_on="answered_at",
        right_on="asked_at",
        by=["thread", "asker"],
        strategy="backward",
        check_sortedness=False,
    )
    return _first_of_each(found.filter(pl.col("question").is_not_null()))


def voices_after(messages: Messages, questions: pl.DataFrame) -> pl.DataFrame:
    """Guess that the next few others to speak in the thread, within a day, answer; columns as by link."""
    spoken = (
        messages.frame.select("message", "author", "thread", "sent_at")
        .sort("sent_at", "message")
        .with_columns(place=pl.int_range(pl.len()).over("thread"))
    )
    asked = questions.select("question", "asker").join(
        spoken.select("thread", "place", question="message", asked_at="sent_at"), on="question"
    )
    next_ones = spoken.select("thread", "place", helper="author", answered_at="sent_at")
    following = pl.concat(
        [
            asked.with_columns(pl.col("place") + step).join(next_ones, on=["thread", "place"])
            for step in range(1, N_NEXT + 1)
        ]
    ).filter(pl.col("answered_at") - pl.col("asked_at") <= WITHIN)
    return _first_of_each(following).group_by("question", maintain_order=True).head(N_VOICES)


def _first_of_each(answers: pl.DataFrame) -> pl.DataFrame:
    """Each helper's first answer to each question; nobody answers themselves."""
    return (
        answers.filter(pl.col("helper") != pl.col("asker"))
        .select("question", "asker", "helper", "answered_at")
        .sort("answered_at", "question", "helper")
        .unique(["question", "helper"], keep="first", maintain_order=True)
    )


def read_asked(questions: pl.DataFrame, index: MemberIndex, encoder: Encoder) -> Interests:
    """Embed the latest questions that members asked, one a thread."""
    openings = questions.unique(["asker", "thread"], keep="first", maintain_order=True)
    return _embedded(_latest(openings, "asker", "asked_at", N_ASKED), questions, index, encoder)


def read_answered(known: Talk, index: MemberIndex, encoder: Encoder) -> Interests:
    """Embed the latest questions that members answered."""
    return _embedded(_latest(known.answers, "helper", "answered_at", N_ANSWERED), known.questions, index, encoder)


def _latest(said: pl.DataFrame, who: str, at: str, n: int) -> pl.DataFrame:
    newest = said.sort(at, "question", descending=True).group_by(who, maintain_order=True).head(n)
    return newest.select("question", member=who)


def _embedded(said: pl.DataFrame, questions: pl.DataFrame, index: MemberIndex, encoder: Encoder) -> Interests:
    known = said.filter(pl.col("member").is_in(list(index.ids))).join(
        questions.select("question", "text"), on="question"
    )
    known = known.with_columns(pl.col("member").cast(index.enum)).sort("member", "question")
    texts = known.get_column("text").str.slice(0, MAX_CHARACTERS)
    distinct = texts.unique().sort()
    owners = index.rows(known.get_column("member"))
    return Interests(
        vectors=encoder.encode(distinct.to_list())[distinct.search_sorted(texts).to_numpy()],
        owners=owners,
        weights=(1 / np.bincount(owners, minlength=len(index))[owners]).astype(np.float32),
        index=index,
        encoder=encoder.name,
    )


def closeness(asked: Interests, answered: Interests, rows_a: Rows, rows_b: Rows) -> Floats:
    """How close A's questions come to those that B has answered, in deviations from chance, as `affinity.likeness`.

    For each question of A's the closest that B has answered counts; 0 where A asked or B answered nothing.
    """
    centre = asked.vectors.astype(np.float64).mean(axis=0)
    mine, theirs = _laid_out(asked, centre), _laid_out(answered, centre)
    has_asked, has_answered = ((one != 0).any(axis=(1, 2)) for one in (mine, theirs))
    both = np.flatnonzero(has_asked & has_answered)
    if len(both) < 2:
        return np.zeros(len(rows_a))
    strides = [stride for stride in (1, 7, 23, 51) if stride < len(both)]
    chance = _closest(
        mine, theirs, np.tile(both, len(strides)), np.concatenate([np.roll(both, -stride) for stride in strides])
    )
    deviations = (_closest(mine, theirs, rows_a, rows_b) - chance.mean()) / max(float(chance.std()), 1e-6)
    return np.where(has_asked[rows_a] & has_answered[rows_b], np.clip(deviations, -2, 4), 0.0)


def _laid_out(questions: Interests, centre: Floats) -> Vectors:
    """Unit vectors of how each differs from the usual question, shape (member, slot, dim), zeros to spare."""
    counts = np.bincount(questions.owners, minlength=len(questions.index))
    slots = np.arange(len(questions.owners)) - np.repeat(np.cumsum(counts) - counts, counts)
    apart = questions.vectors - centre
    apart /= np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-6)
    laid = np.zeros((len(counts), int(counts.max(initial=1)), questions.vectors.shape[1]), np.float32)
    laid[questions.owners, slots] = apart
    return laid


def _closest(mine: Vectors, theirs: Vectors, rows_a: Rows, rows_b: Rows) -> Floats:
    result = np.zeros(len(rows_a))
    is_there = (theirs != 0).any(axis=2)
    n_mine = (mine != 0).any(axis=2).sum(axis=1)
    for start in range(0, len(rows_a), CHUNK):
        here = slice(start, start + CHUNK)
        a, b = rows_a[here], rows_b[here]
        cosines = np.matmul(mine[a], theirs[b].transpose(0, 2, 1))
        cosines[np.broadcast_to(~is_there[b][:, None, :], cosines.shape)] = -1.0
        best = np.where((mine[a] != 0).any(axis=2), cosines.max(axis=2), 0.0)
        result[here] = best.sum(axis=1) / np.maximum(n_mine[a], 1)
    return result
