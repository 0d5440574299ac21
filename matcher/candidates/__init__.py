"""From all pairs to the few worth scoring, each with the rule that found it."""
