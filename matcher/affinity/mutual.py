"""From two directions to one number."""

import numpy as np

from matcher.units import Floats


def mutual_share(a_to_b: Floats, b_to_a: Floats) -> Floats:
    """Harmonic mean of the two directions.

    One person's enthusiasm does not make up for the other's indifference: the harmonic mean is 0 as
    soon as either side is, and never exceeds twice the smaller.

    Args:
        a_to_b: Shares in [0, 1], shape (pair,).
        b_to_a: Shares in [0, 1], shape (pair,).

    Returns:
        Shares in [0, 1], shape (pair,).

    Example:
        >>> mutual_share(np.array([0.9]), np.array([0.1])).round(2)
        array([0.18])
    """
    total = a_to_b + b_to_a
    return np.divide(2 * a_to_b * b_to_a, total, out=np.zeros_like(total), where=total > 0)
