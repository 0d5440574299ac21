"""The courier: one at a time, and nothing that was asked for is forgotten."""

import threading
from collections.abc import Callable

import pytest

from matcher.publish.courier import Courier


def test_a_request_during_the_work_makes_it_run_once_more() -> None:
    """Three of them too: what came in between is looked at in that one run."""
    begun, may_end, runs = threading.Event(), threading.Event(), []

    def work(is_over: Callable[[], bool]) -> None:
        runs.append(is_over())
        begun.set()
        may_end.wait()

    courier = Courier(work)
    courier.go()
    begun.wait()
    for _ in range(3):
        courier.go()
    may_end.set()
    courier.wait()

    assert runs == [False, False]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_failure_does_not_end_it_for_good() -> None:
    """The next request runs."""
    runs = []

    def work(is_over: Callable[[], bool]) -> None:
        runs.append(is_over())
        if len(runs) == 1:
            raise RuntimeError

    courier = Courier(work)
    for _ in range(2):
        courier.go()
        courier.wait()

    assert len(runs) == 2
