"""What must never be broken, and the audit that re-checks a finished plan from scratch."""
