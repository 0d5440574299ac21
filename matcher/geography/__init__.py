"""Place text to place; who can reach which town."""
