"""Which earlier message each one answers, where the source has no reply links.

Each message answers one of the last messages of its stream or starts a conversation. Every possibility
has a score, a sum of named parts in log-odds, and a probability, the softmax of the scores: a
conditional logit.

Source of the weights: fitted by `python -m benchmarks.threads --fit` on the ten annotated development files
of J. K. Kummerfeld et al., A Large-Scale Corpus for Conversation Disentanglement, ACL 2019 (CC BY 4.0): Ubuntu
IRC, 2004 to 2016, 2,500 messages judged by hand. What they reach on files they have not seen: docs/figures.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from matcher.conversation.clues import candidates, link_clues, start_clues
from matcher.conversation.talk import Talk, hear_talk
from matcher.units import Floats, Rows

N_CANDIDATES = 50
"""How many messages back are looked at: 98 % of the human links of the source above lie within."""

LINK_WEIGHTS: Mapping[str, float] = {
    "between": -0.85,
    "silence": -0.87,
    "names_them": 6.39,
    "names_me": 1.76,
    "to_others": -1.90,
    "same_address": 3.21,
    "own": 1.85,
    "spoke_since": -1.58,
    "partner": 1.76,
    "shared_words": 4.75,
}
START_WEIGHTS: Mapping[str, float] = {"starts": 1.81, "starts_asking": 1.20, "starts_known": -2.86}

_BLOCK = 4_096
"""Rows weighed at once; only memory depends on it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """How much each clue weighs, in log-odds."""

    links: Mapping[str, float]
    starts: Mapping[str, float]


@dataclass(frozen=True, eq=False, kw_only=True)
class Likeliest:
    """What each row most likely does.

    Attributes:
        parent: The row it answers, itself where it starts a conversation, shape (row,).
        confidence: The probability of just that, shape (row,).
        to_confidence: That it answers any message of the parent's author, 0 where it starts, shape (row,).
    """

    parent: Rows
    confidence: Floats
    to_confidence: Floats


SHIPPED = Weights(links=LINK_WEIGHTS, starts=START_WEIGHTS)


def infer_replies(said: pl.DataFrame, names: pl.DataFrame, *, min_confidence: float = 0.0) -> pl.DataFrame:
    """Say of each message which earlier one of its stream it answers, if any.

    A stream is a thread, or where that is empty a channel. Reply links are not looked at.

    Args:
        said: As in Messages: message, author, sent_at, thread, channel, mentions, text.
        names: As in Members: member, name. "ana: yes" addresses whoever is called Ana.
        min_confidence: Leave out messages of which nothing is so probable.

    Returns:
        Ascending by `message`: `reply_to`, null where it starts a conversation; `confidence`, the probability
        of just that; `to`, the author of that message; `to_confidence`, the probability that it answers any
        message of theirs: to whom is surer than to what.

    Cost: Linear in messages.
    """
    talk = hear_talk(said, names)
    rows = np.arange(len(talk))
    blocks = [likeliest(talk, rows[at : at + _BLOCK], SHIPPED) for at in range(0, max(len(talk), 1), _BLOCK)]
    parent = np.concatenate([block.parent for block in blocks])
    is_reply = pl.Series(parent != rows)
    return (
        pl.DataFrame({"message": talk.message})
        .with_columns(
            reply_to=pl.when(is_reply).then(talk.message.gather(parent)),
            confidence=_rounded([block.confidence for block in blocks]),
            to=pl.when(is_reply).then(talk.speaker.gather(parent)),
            to_confidence=_rounded([block.to_confidence for block in blocks]),
        )
        .filter(pl.col("confidence") >= min_confidence)
        .sort("message")
    )


def likeliest(talk: Talk, rows: Rows, weights: Weights) -> Likeliest:
    """Choose for each of these rows what it most likely does; of equals the first: to start, then the nearest."""
    earlier, is_there = candidates(talk, rows, n_candidates=N_CANDIDATES)
    place, _ = np.nonzero(is_there)
    scores = np.full((len(rows), 1 + N_CANDIDATES), -np.inf)
    scores[:, 0] = _weighed(start_clues(talk, rows, n_candidates=N_CANDIDATES), weights.starts)
    scores[:, 1:][is_there] = _weighed(link_clues(talk, rows[place], earlier[is_there]), weights.links)
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    chance = odds / odds.sum(axis=1, keepdims=True)
    best = chance.argmax(axis=1)
    parent = rows - best
    author = talk.author[np.maximum(earlier, 0)]
    is_theirs = is_there & (author == talk.author[parent][:, None]) & (best > 0)[:, None]
    return Likeliest(
        parent=parent,
        confidence=chance[np.arange(len(rows)), best],
        to_confidence=(chance[:, 1:] * is_theirs).sum(axis=1),
    )


def _weighed(clues: Mapping[str, Floats], weights: Mapping[str, float]) -> Floats:
    """Sum the parts, always in the same order."""
    total: Floats = np.sum([weight * clues[name] for name, weight in weights.items()], axis=0)
    return total


def _rounded(shares: Sequence[Floats]) -> pl.Series:
    """Round, so that the last bits of a sum decide nothing later."""
    return pl.Series(np.concatenate(shares)).round(4)
