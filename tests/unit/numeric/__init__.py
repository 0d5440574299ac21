"""Tests of matcher/numeric/."""
