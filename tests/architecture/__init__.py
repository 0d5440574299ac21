"""The floors, the front door, what must not leak."""
