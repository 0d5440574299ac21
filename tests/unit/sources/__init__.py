"""What exports become, and what becomes of bad ones."""
