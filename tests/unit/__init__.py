"""Mirrors matcher/, file for file."""
