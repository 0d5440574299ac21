"""Tests of matcher/conversation/."""
