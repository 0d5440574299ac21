"""Tests of the made-up community."""
