"""One file a port; every engine is held to it by name."""
