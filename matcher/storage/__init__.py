"""The only rooms that open files and databases, besides sources."""
