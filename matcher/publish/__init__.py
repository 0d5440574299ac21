"""A plan to files that people read: JSON, CSV, the report."""
