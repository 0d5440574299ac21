"""Which public messages a night leaves to the desk: the proof of its proposals, and of others that could be made.

It will be asked about people whom an organizer puts together: so the evidence of their ties is left too, and what each
of them says most tellingly.
"""

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from matcher.publish.quotes import quotes_for
from matcher.tables.community import Community
from matcher.tables.conversation import Ties
from matcher.tables.dossier import Person
from matcher.tables.pairs import Vetoes
from matcher.tables.proposals import Plan
from matcher.tables.quotable import Quotable
from matcher.units import MemberId

MOST_TIES = 12
"""A member's warmest ties, of which evidence is left; others bring theirs if they are among the other's warmest."""

MOST_TELLING = 4
"""Messages of each member, each about something that none before was about."""

Telling = Mapping[str, Sequence[tuple[str, Sequence[str]]]]
"""By member their public messages and what each is about, the most telling first."""


def quotable_of(
    plan: Plan,
    community: Community,
    people: Mapping[MemberId, Person],
    *,
    ties: pl.DataFrame,
    telling: Telling,
    seatable: Collection[MemberId],
) -> Quotable:
    """Choose and shorten the messages that the desk may quote.

    Args:
        plan: Whose accounts may quote.
        community: The same that the plan was made from.
        people: How members are shown.
        ties: Of pairs who may meet: see `ties_to_tell`.
        telling: What members say; see `Known.telling`.
        seatable: Members who could sit in some group.
    """
    accounts = (*plan.group_accounts, *plan.introduction_accounts, *plan.gathering_accounts)
    ranked = _ranked(telling, seatable)
    told = [message for account in accounts for message in account.evidence]
    wanted = pl.Series("message", sorted({*told, *_evidence(ties, seatable), *ranked.get_column("message")}), pl.String)
    sent = community.messages.frame.filter(pl.col("message").is_in(wanted.implode()))
    quotes = quotes_for(wanted.to_list(), community, people)
    shown = [(message, one.author, one.date, one.channel, one.text, one.url) for message, one in quotes.items()]
    names = ("message", "name", "date", "channel", "text", "url")
    return Quotable.sorted(
        pl.DataFrame(shown, schema=dict.fromkeys(names, pl.String), orient="row")
        .join(sent.select("message", "author", "sent_at"), on="message")
        .join(ranked, on="message", how="left")
        .with_columns(pl.col("topics").fill_null([]))
    )


def ties_to_tell(ties: Ties, vetoes: Vetoes) -> pl.DataFrame:
    """Ties of pairs who may meet; one that is there while its candidate is missing would give a block away."""
    return ties.frame.join(vetoes.frame, on=["member_a", "member_b"], how="anti", maintain_order="left")


def _evidence(ties: pl.DataFrame, seatable: Collection[MemberId]) -> Sequence[str]:
    """Messages of each one's warmest ties with others who could sit somewhere."""
    who = pl.Series(sorted(seatable), dtype=pl.String).implode()
    sides = ("member_a", "member_b")
    could = ties.with_columns(pl.col(sides).cast(pl.String)).filter(*(pl.col(side).is_in(who) for side in sides))
    warm = could.select(*sides, "evidence", warmth=pl.min_horizontal("warmth_a_to_b", "warmth_b_to_a")).with_row_index()
    of_each = pl.concat(warm.select("index", "warmth", member=side) for side in sides).sort("index")
    place = pl.col("warmth").rank("ordinal", descending=True).over("member")
    warmest = warm.join(of_each.filter(place <= MOST_TIES), on="index", how="semi")
    return warmest.get_column("evidence").explode(empty_as_null=False).to_list()


def _ranked(telling: Telling, seatable: Collection[MemberId]) -> pl.DataFrame:
    rows = []
    for member in sorted(seatable):
        said: set[str] = set()
        rank = 0
        for message, topics in telling.get(member, ()):
            if rank < MOST_TELLING and not said.issuperset(topics):
                said.update(topics)
                rank += 1
                rows.append((message, rank, list(topics)))
    schema = Quotable.schema()
    return pl.DataFrame(rows, schema={name: schema[name] for name in ("message", "rank", "topics")}, orient="row")
