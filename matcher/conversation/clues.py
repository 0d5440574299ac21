"""What speaks for one message answering another, clue by clue, before anything is weighed."""

from collections.abc import Mapping

import numpy as np

from matcher.conversation.talk import NOBODY, Talk
from matcher.units import Flags, Floats, Rows

LINK_CLUES = (
    "between",
    "silence",
    "names_them",
    "names_me",
    "to_others",
    "same_address",
    "own",
    "spoke_since",
    "partner",
    "shared_words",
)
START_CLUES = ("starts", "starts_asking", "starts_known")


def link_clues(talk: Talk, rows: Rows, earlier: Rows) -> Mapping[str, Floats]:
    """Say what each row has to do with an earlier one.

    Args:
        talk: The chat.
        rows: Who may be answering, shape (pair,).
        earlier: A row before it in the same stream, shape (pair,).

    Returns:
        For each of LINK_CLUES numbers of shape (pair,), shares or 0 and 1 but for the first two:
        between: ln(1 + messages between the two).
        silence: ln(1 + time between the two, in paces of the stream).
        names_them: It names the earlier author.
        names_me: The earlier message names its author.
        to_others: The earlier message names only others than its author.
        same_address: Both name the same person.
        own: Both have one author.
        spoke_since: Its author spoke between the two.
        partner: It names nobody, and its author last had to do, by name, with the earlier author.
        shared_words: The surprise of the words they share, in [0, 1].
    """
    mine, theirs = talk.named[rows], talk.named[earlier]
    own = talk.author[rows] == talk.author[earlier]
    names_me = _among(theirs, talk.author[rows])
    is_bare = mine[:, 0] == NOBODY
    shared = np.zeros(len(rows), dtype=np.bool_)
    for place in range(mine.shape[1]):
        shared |= (mine[:, place] != NOBODY) & _among(theirs, mine[:, place])
    clues = {
        "between": np.log(rows - earlier),
        "silence": np.log1p((talk.minutes[rows] - talk.minutes[earlier]) / talk.pace[rows]),
        "names_them": _among(mine, talk.author[earlier]),
        "names_me": names_me,
        "to_others": (theirs[:, 0] != NOBODY) & ~names_me & ~own,
        "same_address": shared,
        "own": own,
        "spoke_since": talk.own_before[rows] > earlier,
        "partner": is_bare & (talk.partner[rows] == talk.author[earlier]),
        "shared_words": talk.words[rows].multiply(talk.words[earlier]).sum(axis=1),
    }
    return {name: np.asarray(clues[name], dtype=np.float64) for name in LINK_CLUES}


def start_clues(talk: Talk, rows: Rows, *, n_candidates: int) -> Mapping[str, Floats]:
    """Say what speaks for each row starting a conversation, shape (row,).

    Returns:
        For each of START_CLUES numbers that are 0 or 1:
        starts: Always 1.
        starts_asking: It asks something.
        starts_known: Its author spoke among the last `n_candidates` messages.
    """
    before = talk.own_before[rows]
    clues = {
        "starts": np.ones(len(rows)),
        "starts_asking": talk.is_question[rows],
        "starts_known": (before != NOBODY) & (rows - before <= n_candidates),
    }
    return {name: np.asarray(clues[name], dtype=np.float64) for name in START_CLUES}


def _among(named: Rows, person: Rows) -> Flags:
    """Whether each row names this person, shape (pair,)."""
    is_among: Flags = (named == person[:, None]).any(axis=1)
    return is_among


def candidates(talk: Talk, rows: Rows, *, n_candidates: int) -> tuple[Rows, Flags]:
    """List the last messages before each row, the nearest first.

    Returns:
        Earlier rows and whether they are of the same stream at all, each of shape (row, candidate).
    """
    earlier = rows[:, None] - np.arange(1, n_candidates + 1)
    return earlier, earlier >= talk.first[rows][:, None]
