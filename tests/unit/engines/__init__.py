"""The engines, beyond their contracts."""
