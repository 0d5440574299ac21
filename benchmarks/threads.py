"""How many human reply links of a chat we find again from names, words and timing alone.

Run `python -m benchmarks.threads`; `--fit` prints weights fitted on all files instead. Data: `chat/irc_dev` under
MATCHER_DATA (or ../shared/data), Ubuntu IRC with human links (Kummerfeld et al., ACL 2019; CC BY 4.0).

Links are pairs, as in that paper (graph F): a message that starts a conversation is a link to itself, and
lines of the system, which no export of ours contains, start their own. All are counted in the first table;
in the second only links from one message to another. Ours is held out: each file is judged by weights fitted
on the others. Intervals are bootstrapped by file; methods are subtracted draw by draw. The third table, also held
out, is what a night asks: of those said to answer somebody else, at least so probably, how many answer that person.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from scipy.optimize import minimize

from benchmarks import DATA
from matcher.conversation.clues import candidates, link_clues, start_clues
from matcher.conversation.talk import Talk, hear_talk
from matcher.conversation.threads import LINK_WEIGHTS, N_CANDIDATES, START_WEIGHTS, Weights, likeliest
from matcher.metrics.bootstrap import draw_members, interval
from matcher.tables.community import Messages
from matcher.units import Flags, Floats, Rows

CHATS = DATA / "chat" / "irc_dev"
FIRST_JUDGED = 1_000
HALF_A_DAY = 720
RIDGE = 3.0
"""Strength of the penalty on squared weights of clues scaled to a spread of 1."""
N_RESAMPLES = 10_000
_LINE = re.compile(r"\[(\d\d):(\d\d)\] *(?:<([^>]*)>|\* (\S+)) ?(.*)")

Links = dict[int, set[int]]
"""For the number of each judged line those it answers; its own where it starts a conversation."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Chat:
    """One file.

    Attributes:
        talk: What members said.
        line: The number of each row's line, shape (row,).
        human: The human links of every judged line, of members or of the system.
    """

    talk: Talk
    line: Rows
    human: Links

    def judged(self) -> Rows:
        """Rows that people judged."""
        return np.flatnonzero(self.line >= FIRST_JUDGED)


@dataclass(frozen=True, eq=False, kw_only=True)
class Choices:
    """Judged rows of one file, each with its possibilities: to start, or to answer one of the last messages.

    Attributes:
        clues: Shape (row, possibility, clue).
        is_there: Whether there is such a message, shape (row, possibility).
        is_human: Whether a person chose it, shape (row, possibility).
    """

    clues: Floats
    is_there: Flags
    is_human: Flags


def main() -> None:
    """Print precision, recall and F1 of each method, or fitted weights."""
    if not CHATS.exists():
        sys.exit(f"no data at {CHATS}: set MATCHER_DATA")
    chats = read_chats(CHATS)
    if "--fit" in sys.argv[1:]:
        for name, weight in {**(fitted := fit([choices(chat) for chat in chats])).starts, **fitted.links}.items():
            print(f"{name:<16}{weight:>7.2f}")
        return
    methods: Mapping[str, list[Links]] = {
        "previous message": [previous(chat) for chat in chats],
        "person named, or starts": [last_of_named(chat, otherwise_previous=False) for chat in chats],
        "person named, or previous": [last_of_named(chat, otherwise_previous=True) for chat in chats],
        "ours, held out": held_out(chats),
        "ours, as shipped": [inferred(chat, Weights(links=LINK_WEIGHTS, starts=START_WEIGHTS)) for chat in chats],
    }
    print_table("all links, also to oneself", chats, methods, with_starts=True)
    print_table("links from one message to another", chats, methods, with_starts=False)
    print_sureness(chats)


def read_chats(folder: Path) -> list[Chat]:
    """Read every annotated file, in the order of names."""
    return [_read_chat(path) for path in sorted(folder.glob("*.annotation.txt"))]


def _read_chat(annotation: Path) -> Chat:
    human: Links = {}
    for line in annotation.read_text(encoding="utf-8").splitlines():
        ends = [int(end) for end in line.split()[:2]]
        human.setdefault(max(ends), set()).add(min(ends))
    raw = annotation.with_name(annotation.name.replace(".annotation.", ".raw."))
    rows = list(_said(raw.read_text(encoding="utf-8", errors="replace").split("\n")))
    said = pl.DataFrame(rows, schema=Messages.schema())
    talk = hear_talk(said, said.select(member="author", name="author").unique())
    return Chat(talk=talk, line=talk.message.cast(pl.Int64).to_numpy(), human=human)


def _said(lines: Sequence[str]) -> Iterator[dict[str, object]]:
    """Read what members said; some logs have a clock of 12 hours, so time goes on by what is left of half a day."""
    clock, now = None, datetime(2004, 1, 1, tzinfo=UTC)
    for number, line in enumerate(lines):
        if found := _LINE.match(line):
            minute = int(found[1]) * 60 + int(found[2])
            now += timedelta(minutes=(minute - (minute if clock is None else clock)) % HALF_A_DAY)
            clock = minute
            yield {
                "message": f"{number:04d}",
                "author": (found[3] or found[4]).lower(),
                "sent_at": now,
                "thread": "",
                "channel": "ubuntu",
                "is_public": True,
                "mentions": [],
                "topics": [],
                "text": found[5],
                "n_links": 0,
                "url": "",
            }


def previous(chat: Chat) -> Links:
    """Let each message answer the one before."""
    rows = chat.judged()
    return _links(chat, rows, rows - 1)


def last_of_named(chat: Chat, *, otherwise_previous: bool) -> Links:
    """Let each message answer the last one of whom it names; else the one before, or nobody."""
    rows = chat.judged()
    earlier, is_there = candidates(chat.talk, rows, n_candidates=N_CANDIDATES)
    author = chat.talk.author[np.maximum(earlier, 0)]
    is_named = is_there & (chat.talk.named[rows][:, None, :] == author[:, :, None]).any(axis=2)
    last = np.where(is_named.any(axis=1), 1 + is_named.argmax(axis=1), int(otherwise_previous))
    return _links(chat, rows, rows - last)


def inferred(chat: Chat, weights: Weights) -> Links:
    """Let each message answer what is likeliest."""
    rows = chat.judged()
    return _links(chat, rows, likeliest(chat.talk, rows, weights).parent)


def held_out(chats: Sequence[Chat]) -> list[Links]:
    """Judge each file by weights fitted on all the others."""
    return [inferred(chat, weights) for chat, weights in zip(chats, fitted_without_each(chats), strict=True)]


def fitted_without_each(chats: Sequence[Chat]) -> list[Weights]:
    """For each file the weights fitted on all the others."""
    asked = [choices(chat) for chat in chats]
    return [fit([one for number, one in enumerate(asked) if number != left_out]) for left_out in range(len(chats))]


def _links(chat: Chat, rows: Rows, parents: Rows) -> Links:
    found = {int(chat.line[row]): {int(chat.line[parent])} for row, parent in zip(rows, parents, strict=True)}
    return {line: found.get(line, {line}) for line in chat.human}


def choices(chat: Chat) -> Choices:
    """Write down what speaks for each possibility of each judged message, and what people chose."""
    rows = chat.judged()
    earlier, is_there = candidates(chat.talk, rows, n_candidates=N_CANDIDATES)
    place, _ = np.nonzero(is_there)
    clues = np.zeros((len(rows), 1 + N_CANDIDATES, len(START_WEIGHTS) + len(LINK_WEIGHTS)))
    starts = start_clues(chat.talk, rows, n_candidates=N_CANDIDATES)
    links = link_clues(chat.talk, rows[place], earlier[is_there])
    for number, name in enumerate(START_WEIGHTS):
        clues[:, 0, number] = starts[name]
    for number, name in enumerate(LINK_WEIGHTS, start=len(START_WEIGHTS)):
        clues[:, 1:, number][is_there] = links[name]
    options = np.column_stack([rows, np.maximum(earlier, 0)])
    lines = chat.line[options]
    is_human = [np.isin(there, list(chat.human[int(there[0])])) for there in lines]
    whole = np.column_stack([np.ones(len(rows), dtype=np.bool_), is_there])
    return Choices(clues=clues, is_there=whole, is_human=np.array(is_human) & whole)


def fit(asked: Sequence[Choices]) -> Weights:
    """Fit a conditional logit with a ridge: the weights under which people's choices are likeliest.

    Where people chose several, their probabilities are summed.
    """
    clues, is_there, is_human = (
        np.concatenate([getattr(one, name) for one in asked]) for name in ("clues", "is_there", "is_human")
    )
    is_known = is_human.any(axis=1)
    clues, is_there, is_human = clues[is_known], is_there[is_known], is_human[is_known]
    spread = clues[is_there].std(axis=0)
    scaled = clues / spread

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = np.exp(np.where(is_there, scaled @ weights, -np.inf))
        chance = odds / odds.sum(axis=1, keepdims=True)
        right = (chance * is_human).sum(axis=1, keepdims=True)
        gradient = np.einsum("rp,rpc->c", chance - chance * is_human / right, scaled)
        return float(-np.log(right).sum() + RIDGE * weights @ weights / 2), gradient + RIDGE * weights

    found = minimize(loss, np.zeros(clues.shape[2]), jac=True, method="L-BFGS-B").x / spread
    weights = [round(float(weight), 2) for weight in found]
    return Weights(
        starts=dict(zip(START_WEIGHTS, weights[: len(START_WEIGHTS)], strict=True)),
        links=dict(zip(LINK_WEIGHTS, weights[len(START_WEIGHTS) :], strict=True)),
    )


def counts(chat: Chat, found: Links, *, with_starts: bool) -> tuple[int, int, int]:
    """Count human links, found links and those in both."""

    def pairs(links: Links) -> set[tuple[int, int]]:
        return {(line, to) for line, ends in links.items() for to in ends if with_starts or line != to}

    human, ours = pairs(chat.human), pairs(found)
    return len(human), len(ours), len(human & ours)


def f1_draws(chats: Sequence[Chat], found: Sequence[Links], *, with_starts: bool) -> Floats:
    """F1 over all files, then over files drawn with replacement, always the same, shape (1 + N_RESAMPLES,)."""
    drawn = draw_members(len(chats), N_RESAMPLES, np.random.default_rng(0))
    human, ours, both = (
        drawn
        @ np.array([counts(*pair, with_starts=with_starts) for pair in zip(chats, found, strict=True)]).T[:, :, None]
    )[:, :, 0]
    f1: Floats = 2 * both / (human + ours)
    return f1


def print_table(title: str, chats: Sequence[Chat], methods: Mapping[str, list[Links]], *, with_starts: bool) -> None:
    """Print a row for each method; the last column is how far our held-out F1 lies above."""
    ours = f1_draws(chats, methods["ours, held out"], with_starts=with_starts)
    print(f"\n{title:<36}{'precision':>10}{'recall':>8}{'F1':>8}{'95 %':>16}   ours above")
    for name, found in methods.items():
        human, said, both = np.sum(
            [counts(*pair, with_starts=with_starts) for pair in zip(chats, found, strict=True)], axis=0
        )
        draws = f1_draws(chats, found, with_starts=with_starts)
        own, above = interval(draws), interval(ours - draws)
        ahead = "" if name.startswith("ours") else f"{above.value:.3f} ({above.low:.3f} to {above.high:.3f})"
        print(
            f"{name:<36}{both / said:>10.3f}{both / human:>8.3f}{own.value:>8.3f}"
            f"{f'{own.low:.3f} to {own.high:.3f}':>16}   {ahead}"
        )


def print_sureness(chats: Sequence[Chat]) -> None:
    """Print how often we are right about the person, by how sure we say we are; a cell is right / said."""
    rights, sures = [], []
    for chat, weights in zip(chats, fitted_without_each(chats), strict=True):
        rows = chat.judged()
        found = likeliest(chat.talk, rows, weights)
        to = chat.talk.author[found.parent]
        is_to_other = to != chat.talk.author[rows]
        whom = dict(zip(chat.line.tolist(), chat.talk.author.tolist(), strict=True))
        answered = [
            {whom.get(line) for line in chat.human[int(chat.line[row])] - {int(chat.line[row])}} for row in rows
        ]
        is_right = np.array([one in ends for one, ends in zip(to.tolist(), answered, strict=True)])
        rights.append(is_right[is_to_other])
        sures.append(found.to_confidence[is_to_other])
    right, sure = np.concatenate(rights), np.concatenate(sures)
    print("\nanswers somebody else, at least so probably")
    for least in (0.5, 0.6, 0.7, 0.8, 0.9):
        kept = sure >= least
        print(f"{least:<36}{right[kept].mean():>10.3f} right of {kept.sum()}, said {sure[kept].mean():.3f}")


if __name__ == "__main__":
    main()
