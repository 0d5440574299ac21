"""Turns online friendships into real meetings.

The front door for notebooks and jobs; nobody inside uses it.
"""

from matcher.plan import Engines, plan_meetups
from matcher.settings import Settings, read_options
from matcher.tables.community import Blocks, Community, Members, Messages, community_as_of
from matcher.tables.proposals import Plan

__version__ = "0.1.0"

__all__ = [
    "Blocks",
    "Community",
    "Engines",
    "Members",
    "Messages",
    "Plan",
    "Settings",
    "community_as_of",
    "plan_meetups",
    "read_options",
]
