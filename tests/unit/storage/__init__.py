"""Tests of matcher/storage/."""
