"""Which cities to open, and whom to ask where, as one integer program: a prize-collecting facility location.

With circle c open or not (y), guest g of it asked or not (u), and the company z_gk that counts for a guest, K at most:

    largest   sum_g (base_g - effort_g) u_g  +  sum_gk (w_gk - base_g) z_gk / K  -  opening_cost sum_c y_c
    where     u_g <= y_c,   min_size y_c <= sum_g u_g <= most y_c,   sum_c y_c <= max_per_night,
              one gathering in a city,  a member is asked once,   u_g + u_h <= 1 for whoever must stay apart,
              z_gk <= u_g,   z_gk <= u_k,   sum_k z_gk <= K u_g,                          (company are guests)
              base_g u_g + sum_k (w_gk - base_g) z_gk / K >= (effort_g + min_gain) u_g,    (nobody pays for all)
              sum of all u_k tied with g >= min_ties u_g.

Only the closest others of a guest have a z; all further ones are taken for as close as the next, and as always there
(base). That a gathering is connected is left out. Both only make more possible: the answer is a bound on every plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, hstack, vstack

from matcher.arrangement.circles import Circle
from matcher.arrangement.company import GatheringOptions
from matcher.arrangement.program import Quantities
from matcher.units import Flags, Floats, Rows

NAMED_EACH = 2
"""So many times `n_company` closest others of a guest are looked at one by one."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Guests:
    """The guests of all circles, one after another.

    Attributes:
        circles: Of each guest, shape (guest,).
        members: Rows, shape (guest,).
        effort: What the way costs them, shape (guest,).
        base: What each further one of their company is worth at most, shape (guest,).
        ties: Both ends of every tie within a circle, shape (tie, 2), each both ways.
        links: Ends of those that are named, shape (link, 2): whose company, and who it is.
        worth: Of the links, shape (link,).
        apart: Who must stay apart, shape (pair, 2).
    """

    circles: Rows
    members: Rows
    effort: Floats
    base: Floats
    ties: Rows
    links: Rows
    worth: Floats
    apart: Rows

    @property
    def n_quantities(self) -> int:
        """How large a program over them would be, beside the circles."""
        return len(self.members) + len(self.links)


def list_guests(circles: Sequence[Circle], options: GatheringOptions) -> Guests:
    """Write the guests of all circles down, and who is whose company."""
    named = NAMED_EACH * options.n_company
    starts = np.cumsum([0, *(len(circle.members) for circle in circles)])
    bases, ties, links, worths, aparts = [], [np.empty((0, 2), np.int64)], [np.empty((0, 2), np.int64)], [], []
    for start, circle in zip(starts.tolist(), circles, strict=False):
        worth = circle.company.worth
        owners = np.repeat(np.arange(len(circle.members)), np.diff(worth.indptr))
        place = np.arange(len(owners)) - worth.indptr[owners]
        ends = np.column_stack([owners, worth.indices]).astype(np.int64) + start
        base = np.zeros(len(circle.members))
        base[owners[place == named]] = worth.data[place == named]
        bases.append(base)
        ties.append(ends)
        links.append(ends[place < named])
        worths.append(worth.data[place < named])
        aparts.append(circle.company.apart + start)
    return Guests(
        circles=np.repeat(np.arange(len(circles)), np.diff(starts)),
        members=np.concatenate([circle.members for circle in circles]),
        effort=np.concatenate([circle.effort for circle in circles]),
        base=np.concatenate(bases),
        ties=np.concatenate(ties),
        links=np.concatenate(links),
        worth=np.concatenate(worths),
        apart=np.concatenate(aparts),
    )


def facility_program(guests: Guests, circles: Sequence[Circle], options: GatheringOptions) -> Quantities:
    """Write the program down: first the circles, then the guests, then the company of each."""
    n_circles, n_guests, n_links = len(circles), len(guests.members), len(guests.links)
    city, each, link = np.arange(n_circles), np.arange(n_guests), np.arange(n_links)
    whose, who = guests.links.T
    extra = (guests.worth - guests.base[whose]) / options.n_company
    member, asked = np.unique(guests.members, return_inverse=True)
    pairs = np.arange(len(guests.apart))
    most = np.array([float(circle.most) for circle in circles])
    tables = _Tables((n_circles, n_guests, n_links))
    tables.add(n_guests, 0.0, circle=(each, guests.circles, -1.0), guest=(each, each, 1.0))
    tables.add(n_circles, 0.0, circle=(city, city, -most), guest=(guests.circles, each, 1.0))
    tables.add(
        n_circles, 0.0,
        circle=(city, city, float(options.min_size)), guest=(guests.circles, each, -1.0),
    )  # fmt: skip
    tables.add(1, float(options.max_per_night), circle=(np.zeros(n_circles, np.int64), city, 1.0))
    hub, held = np.unique([circle.hub for circle in circles], return_inverse=True)
    tables.add(len(hub), 1.0, circle=(held, city, 1.0))
    tables.add(len(member), 1.0, guest=(asked, each, 1.0))
    tables.add(len(pairs), 1.0, guest=(np.repeat(pairs, 2), guests.apart.ravel(), 1.0))
    tables.add(n_links, 0.0, guest=(link, whose, -1.0), link=(link, link, 1.0))
    tables.add(n_links, 0.0, guest=(link, who, -1.0), link=(link, link, 1.0))
    tables.add(n_guests, 0.0, guest=(each, each, -float(options.n_company)), link=(whose, link, 1.0))
    tables.add(
        n_guests, 0.0, guest=(each, each, guests.effort + options.min_gain - guests.base), link=(whose, link, -extra)
    )
    tables.add(
        n_guests, 0.0,
        guest=(
            np.concatenate([each, guests.ties[:, 0]]), np.concatenate([each, guests.ties[:, 1]]),
            np.concatenate([np.full(n_guests, float(options.min_ties)), np.full(len(guests.ties), -1.0)]),
        ),
    )  # fmt: skip
    return tables.program(
        np.concatenate([np.full(n_circles, -options.opening_cost), guests.base - guests.effort, extra])
    )


class _Tables:
    """Rows of a program, put together from blocks over circles, guests and links."""

    def __init__(self, widths: tuple[int, int, int]) -> None:
        self._widths = widths
        self._blocks: list[csr_array] = []
        self._high: list[Floats] = []

    def add(self, n_rows: int, high: float, **parts: tuple[Rows, Rows, Floats | float]) -> None:
        """Add rows: of each kind of quantity the row, the position and the amount of every entry."""
        blocks = []
        for kind, width in zip(("circle", "guest", "link"), self._widths, strict=True):
            rows, columns, amounts = parts.get(kind, (np.empty(0, np.int64), np.empty(0, np.int64), 0.0))
            filled = np.broadcast_to(amounts, rows.shape)
            blocks.append(csr_array((filled, (rows, columns)), shape=(n_rows, width)))
        self._blocks.append(hstack(blocks))
        self._high.append(np.full(n_rows, high))

    def program(self, gains: Floats) -> Quantities:
        """All rows, with what each quantity is worth; links need not be whole."""
        high = np.concatenate(self._high)
        is_whole: Flags = np.arange(len(gains)) < self._widths[0] + self._widths[1]
        return Quantities(
            gains=gains,
            most=np.ones(len(gains)),
            is_whole=is_whole,
            sums=csr_array(vstack(self._blocks)),
            low=np.full(len(high), -np.inf),
            high=high,
        )
