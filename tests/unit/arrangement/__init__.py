"""Tests of matcher.arrangement."""
