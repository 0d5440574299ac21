"""Tests of matcher.geography."""
