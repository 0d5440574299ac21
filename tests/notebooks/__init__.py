"""The notebooks still tell the truth."""
