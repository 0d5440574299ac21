"""Public messages as quotes. The one place of the report that reads message text."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from matcher.publish.safe_text import clip_text, safe_url
from matcher.publish.wording import day
from matcher.tables.community import Community
from matcher.tables.dossier import Person, Quote
from matcher.tables.proposals import Account
from matcher.units import MemberId

LONGEST = 280
"""Letters of a quote: enough to hear the voice, too few to replace the message."""


def quotes_of(
    accounts: Iterable[Account], community: Community, people: Mapping[MemberId, Person]
) -> Mapping[str, Quote]:
    """Look up the evidence of all accounts; see `quotes_for`."""
    return quotes_for({message for account in accounts for message in account.evidence}, community, people)


def quotes_for(messages: Iterable[str], community: Community, people: Mapping[MemberId, Person]) -> Mapping[str, Quote]:
    """Look up messages; one that is not public is not found.

    Returns:
        Quotes by message id.
    """
    wanted = sorted(set(messages))
    public = community.messages.frame.filter(
        pl.col("is_public") & pl.col("message").is_in(pl.Series(wanted, dtype=pl.String()).implode())
    )
    return {
        row["message"]: Quote(
            author=people[row["author"]].name,
            date=day(row["sent_at"]),
            channel=clip_text(row["channel"], limit=60),
            text=clip_text(row["text"], limit=LONGEST),
            url=safe_url(row["url"]),
        )
        for row in public.select("message", "author", "sent_at", "channel", "text", "url").iter_rows(named=True)
    }


def quoted(evidence: Sequence[str], quotes: Mapping[str, Quote]) -> tuple[Quote, ...]:
    """Pick an account's quotes, in its order; those that may not be shown are passed over."""
    return tuple(quotes[message] for message in evidence if message in quotes)
