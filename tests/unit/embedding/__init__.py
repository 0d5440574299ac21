"""Words to interests."""
