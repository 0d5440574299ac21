"""Tests of matcher/metrics/."""
