"""Tests of matcher/reasons/."""
