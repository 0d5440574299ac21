"""One file a third-party library, behind a port that a stage owns."""
