"""Seconds, megabytes and quality side by side; never part of the gate."""
