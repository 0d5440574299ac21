"""A community that was made up, for the demo and for tests, with the truths planted in it."""

from matcher.sources.synthetic.community import NOTICE, SyntheticCommunity, Truths, make_community
from matcher.sources.synthetic.export import write_export
from matcher.sources.synthetic.thread import AS_OF

__all__ = ["AS_OF", "NOTICE", "SyntheticCommunity", "Truths", "make_community", "write_export"]
