"""Why: reasons, evidence, starters, in words. Nothing private."""
