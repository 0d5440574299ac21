"""Real exports to community tables; one file a format; bad rows go to quarantine."""
