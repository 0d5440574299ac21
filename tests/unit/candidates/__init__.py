"""Tests of matcher/candidates/."""
