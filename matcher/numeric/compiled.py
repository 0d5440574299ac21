"""The one way in which loops are compiled here: ahead of time as far as can be, and kept on disk."""

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Compile a function on arrays to machine code when it is first called, and keep the code beside the source.

    The first call of all on a machine takes seconds; later processes load what was kept. Meanwhile other threads run.
    """
    return cast("F", njit(cache=True, nogil=True)(function))
