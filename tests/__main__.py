"""The one check command: python -m tests. Runs every check, also after a failure; one line a check."""

import subprocess
import sys
from pathlib import Path
from time import perf_counter

CHECKS = {
    "format": [sys.executable, "-m", "ruff", "format", "--check", "."],
    "lint": [sys.executable, "-m", "ruff", "check", "."],
    "types": [sys.executable, "-m", "mypy"],
    "floors": [str(Path(sys.executable).with_name("lint-imports"))],
    "tests": [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup"],
}


def main() -> int:
    """Run all checks and say which failed; 0 if none did."""
    lines, failed = [], []
    for name, command in CHECKS.items():
        started = perf_counter()
        code = subprocess.run(command, check=False).returncode
        failed += [name] if code else []
        lines.append(f"{'FAILED' if code else 'passed'}  {name:<8}{perf_counter() - started:7.1f} s")
    print("\n".join(["", *lines]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
