"""Whole nights: a fixed world in, the expected plan as text."""
