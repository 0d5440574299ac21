"""Pure functions on arrays. No member, no table, no file."""
