"""Seconds, megabytes and quality side by side; never part of the gate."""

import os
from pathlib import Path

DATA = Path(os.environ.get("MATCHER_DATA", "../shared/data"))
"""Real communities to measure on; they are not part of the project."""
