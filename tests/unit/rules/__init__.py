"""Tests of matcher.rules."""
