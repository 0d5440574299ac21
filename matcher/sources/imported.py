"""What every source answers with: the community's tables, and what was wrong with the export."""

from dataclasses import dataclass

from matcher.sources.quarantine import Quarantine
from matcher.tables.community import Blocks, Members, Messages


@dataclass(frozen=True, eq=False, kw_only=True)
class Imported:
    """One export, read. The same export gives the same tables, whenever it is read.

    Attributes:
        members: Everyone the export knows; who did not opt in is marked, not left out.
        messages: Every message that could be kept.
        blocks: Who blocks whom.
        quarantine: Every row that was refused, mended or skipped.
        notice: What every reader of a plan must know, or empty.
        source: Name of the source: 'table' or 'stackexchange'.
    """

    members: Members
    messages: Messages
    blocks: Blocks
    quarantine: Quarantine
    notice: str
    source: str
