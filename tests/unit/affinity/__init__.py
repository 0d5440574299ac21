"""Tests of matcher/affinity/."""
