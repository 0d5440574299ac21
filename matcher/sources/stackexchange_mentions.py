"""Whom a comment addresses with an @, as the site itself understands it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

MENTION = re.compile(r"(?<![\w@])@([^\s@]+)")
POSSESSIVE = re.compile(r"['\u2019]s\W*$")
SHORTEST_PREFIX = 3
"""Letters of a name that the site needs to know whom it means; a shorter name must stand in full."""


class Said(NamedTuple):
    """One message of a thread, as far as it matters for who is addressed."""

    message: str
    author: str
    post: str
    text: str

    @property
    def is_comment(self) -> bool:
        """Whether it stands under a post."""
        return self.message != self.post


def address_mentions(messages: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Let each comment with an @ answer the one it names.

    A name without spaces and stops, in any case, may be cut short. It is looked for among those who wrote earlier in
    the thread, first on the same post, the latest first. A comment then answers their latest earlier message
    on the same post, where they have one.

    Args:
        messages: Columns of Messages, and `post`, the post that a message is or comments on; a comment's
            `message` differs from its `post`.
        names: Display names by member.

    Returns:
        The same rows in the order of threads and time, with `reply_to` and `mentions`.
    """
    in_order = messages.sort("thread", "sent_at", "message")
    keys = {member: _key(name) for member, name in names.items()}
    names_somebody = pl.col("text").str.contains("@", literal=True) & (pl.col("message") != pl.col("post"))
    is_concerned = names_somebody.any().over("thread")
    found: list[tuple[str, str | None, list[str]]] = []
    for _, said in in_order.filter(is_concerned).group_by("thread", maintain_order=True):
        rows = said.select(Said._fields).iter_rows()
        found += _addressed([Said(*row) for row in rows], keys)
    schema = {"message": pl.String(), "addressed": pl.String(), "named": pl.List(pl.String())}
    return (
        in_order.join(pl.DataFrame(found, schema=schema, orient="row"), on="message", how="left", maintain_order="left")
        .with_columns(
            reply_to=pl.coalesce("addressed", "reply_to"),
            mentions=pl.coalesce("named", "mentions"),
        )
        .drop("addressed", "named")
    )


def _addressed(thread: Sequence[Said], keys: Mapping[str, str]) -> Iterator[tuple[str, str | None, list[str]]]:
    """For each comment that names somebody: itself, the message it answers, and whom it names."""
    for position, comment in enumerate(thread):
        if comment.is_comment and "@" in comment.text:
            here = [said for said in thread[:position] if said.post == comment.post]
            elsewhere = [said for said in thread[:position] if said.post != comment.post]
            named = [
                hit
                for token in dict.fromkeys(MENTION.findall(comment.text))
                if (hit := _latest(token, comment.author, [*elsewhere, *here], keys)) is not None
            ]
            if named:
                answered = next((said.message for said in named if said.post == comment.post), None)
                yield comment.message, answered, list(dict.fromkeys(said.author for said in named))


def _latest(token: str, author: str, earlier: Sequence[Said], keys: Mapping[str, str]) -> Said | None:
    """The last of these messages by somebody else whose name begins so."""
    spellings = {_key(token), _key(POSSESSIVE.sub("", token))} - {""}
    for said in reversed(earlier):
        key = keys.get(said.author, "")
        if said.author != author and any(
            key == spelling or (len(spelling) >= SHORTEST_PREFIX and key.startswith(spelling)) for spelling in spellings
        ):
            return said
    return None


def _key(name: str) -> str:
    """Letters and digits only: people write John Paul as @JohnPaul, @john-paul and @John.Paul."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())
