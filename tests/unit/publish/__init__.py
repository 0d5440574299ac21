"""Tests of matcher.publish."""
