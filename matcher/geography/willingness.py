"""How the wish to come falls with the way: the one curve, and its cost."""

import numpy as np

from matcher.geography.options import GeographyOptions
from matcher.units import Floats


def way_cost(km: Floats, options: GeographyOptions) -> Floats:
    """What a way costs, in log-odds (natural) of coming: ln(1 + (km / `willing_km`) ^ `willing_exponent`).

    The odds of coming are 1 / (1 + (km / `willing_km`) ^ `willing_exponent`) of those next door (a log-logistic
    curve): hardly less within town, half at `willing_km`, and far out they fall as a power of the distance, as ties
    between people do. docs/decisions/0010 says from what the numbers are, and what else was tried.

    Args:
        km: 0 or more, of any shape.
        options: Where the odds are half, and the power.

    Returns:
        0 or more, in the shape of km.

    Example:
        >>> round(float(way_cost(np.array(70.0), GeographyOptions(willing_km=70.0))), 3)  # ln 2
        0.693
    """
    return np.asarray(np.log1p((km / options.willing_km) ** options.willing_exponent), dtype=np.float64)
