"""The shared vocabulary: what flows between the stages, with its data dictionary."""
