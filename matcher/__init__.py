"""Turns online friendships into real meetings."""
