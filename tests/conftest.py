"""Hypothesis profiles: the gate is the same every time; `search` looks for new examples. And where kernels are kept."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "gate", deadline=None, derandomize=True, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", deadline=None, max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))

ROOT = Path(__file__).parents[1]


def kernel_folder() -> Path:
    """Where compiled kernels are kept: another place for each state of their sources, and for each worker.

    numba looks at a kernel's own file alone, so that it would go on with callers of what has changed; and two processes
    that compile one kernel for different types at once may write each other's file.
    """
    sources = sorted((ROOT / "matcher" / "numeric").glob("*.py"))
    state = hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in sources)).hexdigest()[:16]
    return ROOT / ".pytest_cache" / "numba" / f"{state}-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


os.environ["NUMBA_CACHE_DIR"] = str(kernel_folder())  # before anything imports numba, and for the processes begun here


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a developer accept new golden nights, to be reviewed as a diff."""
    parser.addoption("--update-golden", action="store_true", help="write golden files anew")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written anew."""
    return bool(request.config.getoption("--update-golden"))
