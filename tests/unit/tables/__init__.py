"""Tables keep what they promise."""
