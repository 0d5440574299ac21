"""Turns online friendships into real meetings.

The front door for notebooks and jobs; nobody inside uses it.

A night in one line is `plan_meetups`. To look inside: `study_community` makes a `Picture`, `propose_candidates`
finds the pairs worth scoring, `score_pairs` opens every score into named parts. `Workspace` reads what was imported.
"""

from matcher.affinity.options import AffinityOptions, Weights
from matcher.affinity.score import score_pairs
from matcher.candidates.propose import propose_candidates
from matcher.plan import Engines, plan_meetups, study_community
from matcher.settings import Settings, read_options
from matcher.storage.workspace import Workspace
from matcher.tables.community import Blocks, Community, Members, Messages, community_as_of
from matcher.tables.pairs import Affinities, Candidates
from matcher.tables.picture import Picture
from matcher.tables.proposals import Plan

__version__ = "0.1.0"

__all__ = [
    "Affinities",
    "AffinityOptions",
    "Blocks",
    "Candidates",
    "Community",
    "Engines",
    "Members",
    "Messages",
    "Picture",
    "Plan",
    "Settings",
    "Weights",
    "Workspace",
    "community_as_of",
    "plan_meetups",
    "propose_candidates",
    "read_options",
    "score_pairs",
    "study_community",
]
