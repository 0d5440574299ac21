"""Private columns are declared, and never reach a proposal."""

import pytest

from matcher.tables.base import Table
from matcher.tables.community import Blocks, Members, Messages
from matcher.tables.conversation import Exchanges, MemberTopics, Standings, Ties
from matcher.tables.pairs import Affinities, Candidates, Vetoes
from matcher.tables.proposals import Attendances, HubChoices, Introductions, Seats, Unplaced

PRIVATE = {name for table in (Members, Messages, Blocks) for name, one in table.columns.items() if one.is_private}


def test_what_is_private_is_declared_so() -> None:
    """The list is part of the product: what a member says in confidence, and where they live."""
    assert {"about", "place_text", "lat", "lon", "availability", "text", "member", "blocked"} == PRIVATE


@pytest.mark.parametrize(
    "table",
    [
        Seats,
        Introductions,
        Attendances,
        HubChoices,
        Unplaced,
        Exchanges,
        Ties,
        MemberTopics,
        Standings,
        Candidates,
        Affinities,
        Vetoes,
    ],
)
def test_no_private_column_flows_on(table: type[Table]) -> None:
    """Tables after the conversation hold no words and no homes; `member` names who, not whom they block."""
    assert not (PRIVATE - {"member"}) & set(table.columns)
