"""Columns of text to rows that can be settled: members, messages, blocks and venues of one file each."""

from collections.abc import Mapping, Sequence

import polars as pl

from matcher.errors import SourceError
from matcher.sources.clean_text import cleaned, is_id
from matcher.sources.quarantine import DUPLICATE, SELF_BLOCK
from matcher.sources.settling import Settled, sift
from matcher.sources.table_files import RawTable
from matcher.sources.values import ids, instants, listed, numbers, truths

Columns = Mapping[str, Sequence[str]]
"""For a field of ours, the columns of the file that hold it."""

BETWEEN_IDS = r"[\s,;|]+"
BETWEEN_TOPICS = r"[,;|<>]+"


def member_rows(raw: RawTable, columns: Columns) -> pl.DataFrame:
    """Read rows of members: the columns of Members, file and line. Listed without a word on consent is a yes."""
    is_said = "is_opted_in" in columns
    consent = _text(columns, "is_opted_in").str.strip_chars().fill_null("")
    return _placed(raw).select(
        "file",
        "line",
        ids(_text(columns, "member")).alias("member"),
        _text(columns, "name").alias("name"),
        _text(columns, "about").alias("about"),
        _listed(columns, ("interests",), BETWEEN_TOPICS).alias("interests"),
        _text(columns, "place_text").alias("place_text"),
        numbers(_text(columns, "lat")).alias("lat"),
        numbers(_text(columns, "lon")).alias("lon"),
        numbers(_text(columns, "reach_km")).alias("reach_km"),
        pl.when(consent == "").then(statement=not is_said).otherwise(truths(consent)).alias("is_opted_in"),
        _listed(columns, ("languages",), BETWEEN_TOPICS).alias("languages"),
        _listed(columns, ("availability",), BETWEEN_TOPICS).alias("availability"),
    )


def message_rows(raw: RawTable, columns: Columns, *, is_public_when_unsaid: bool) -> pl.DataFrame:
    """Read rows of messages: the columns of Messages, file and line.

    A thread is named within its channel, for two channels may each have a thread of the same title;
    a message in no thread belongs to its channel's, and without a channel to the message it answers.
    Without topics of its own, a message has its channel as topic; a thread's title is none.
    """
    message = ids(_text(columns, "message"))
    reply_to = ids(_text(columns, "reply_to"))
    channel = _text(columns, "channel").fill_null("").str.strip_chars()
    title = _text(columns, "thread").str.strip_chars()
    thread = pl.when(title != "").then(pl.when(channel == "").then(title).otherwise(channel + "/" + title))
    own_channel = pl.when(channel == "").then(pl.lit([], dtype=pl.List(pl.String()))).otherwise(pl.concat_list(channel))
    topics = _listed(columns, ("topics",), BETWEEN_TOPICS)
    return _placed(raw).select(
        "file",
        "line",
        message.alias("message"),
        ids(_text(columns, "author")).alias("author"),
        instants(_text(columns, "sent_at")).alias("sent_at"),
        pl.coalesce(thread, pl.when(channel != "").then(channel), reply_to, message).alias("thread"),
        channel.alias("channel"),
        _openness(columns, is_public_when_unsaid=is_public_when_unsaid).alias("is_public"),
        reply_to.alias("reply_to"),
        _listed(columns, ("mentions", "quotes"), BETWEEN_IDS).alias("mentions"),
        (topics if "topics" in columns else own_channel).alias("topics"),
        _text(columns, "text").alias("text"),
        _text(columns, "n_links").str.strip_chars().cast(pl.UInt32(), strict=False).alias("n_links"),
        _text(columns, "url").fill_null("").str.strip_chars().alias("url"),
    )


def block_rows(raw: RawTable, columns: Columns) -> Settled:
    """Read blocks: the columns of Blocks.

    Raises:
        SourceError: A row cannot be read: a block must not get lost.
    """
    rows = _placed(raw).select(
        "file", "line", ids(_text(columns, "member")).alias("member"), ids(_text(columns, "blocked")).alias("blocked")
    )
    unread = rows.filter(~(is_id(pl.col("member")) & is_id(pl.col("blocked")))).get_column("line")
    lost = sorted([*raw.malformed, *unread])
    if lost:
        raise SourceError(
            f"{raw.path}:{lost[0]}: a block cannot be read; found {len(lost)} such rows; repair them: "
            "without them people might meet who must not"
        )
    is_first = pl.struct("member", "blocked").is_first_distinct()
    return sift(rows, [(SELF_BLOCK, pl.col("member") == pl.col("blocked")), (DUPLICATE, ~is_first)])


def venue_rows(raw: RawTable, columns: Columns) -> pl.DataFrame:
    """Read rows of venues: the columns of Venues, file and line; `capacity` as a number that may be any.

    A venue of which nobody says otherwise is open to anybody: organizers list where people may meet.
    """
    openness = _text(columns, "is_public").str.strip_chars().fill_null("")
    return _placed(raw).select(
        "file",
        "line",
        cleaned(_text(columns, "venue")).alias("venue"),
        numbers(_text(columns, "lat")).alias("lat"),
        numbers(_text(columns, "lon")).alias("lon"),
        numbers(_text(columns, "capacity")).alias("capacity"),
        pl.when(openness == "").then(statement=True).otherwise(truths(openness)).alias("is_public"),
    )


def contact_rows(raw: RawTable, columns: Columns) -> pl.DataFrame:
    """Read rows of contacts: the columns of Contacts, file and line; addresses as they were typed."""
    return _placed(raw).select(
        "file", "line", ids(_text(columns, "member")).alias("member"), _text(columns, "email").alias("email")
    )


def says_openness(columns: Columns) -> bool:
    """Whether the file says which messages are public."""
    return "is_public" in columns or "is_private" in columns


def _placed(raw: RawTable) -> pl.DataFrame:
    """Give each row the place it came from."""
    return raw.frame.select(pl.all().name.prefix(".")).with_columns(file=pl.lit(raw.path.name), line=raw.lines)


def _text(columns: Columns, field: str) -> pl.Expr:
    """One field as text; null where no column holds it."""
    names = columns.get(field, ())
    return pl.col("." + names[0]) if names else pl.lit(None, dtype=pl.String())


def _listed(columns: Columns, fields: Sequence[str], between: str) -> pl.Expr:
    """One field as a list, from every column that feeds it, in their order."""
    parts = [listed(pl.col("." + name), between=between) for field in fields for name in columns.get(field, ())]
    if not parts:
        return pl.lit([], dtype=pl.List(pl.String()))
    return parts[0] if len(parts) == 1 else pl.concat_list(parts).list.unique(maintain_order=True)


def _openness(columns: Columns, *, is_public_when_unsaid: bool) -> pl.Expr:
    """Whether anyone may read it: null where that is said but cannot be read; an empty answer is a no."""
    if not says_openness(columns):
        return pl.lit(is_public_when_unsaid)
    said = []
    for field, is_open in (("is_public", True), ("is_private", False)):
        if field in columns:
            answer = _text(columns, field).str.strip_chars().fill_null("")
            truth = truths(answer)
            said.append(pl.when(answer == "").then(statement=False).otherwise(truth if is_open else ~truth))
    return pl.all_horizontal(said)
