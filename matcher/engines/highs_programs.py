"""Linear and integer programs over groups, solved by HiGHS (Huangfu and Hall 2018, doi:10.1007/s12532-017-0130-5)."""

from collections.abc import Callable, Sequence

import highspy
import numpy as np
from scipy.sparse import csr_array

from matcher.arrangement.program import Choice, Chosen, Group, Program, Quantities, Solved
from matcher.units import Floats

LOOSE_SEATS = 0.5
"""At the edges of the price range, so much of each seat may be sold or bought (du Merle et al. 1999)."""

GOOD_ENOUGH = 1e-9
"""An integer program stops within this share of its best."""


class HighsPrograms:
    """Makes programs that HiGHS solves in one thread: the same question, the same answer."""

    def begin(self, n_members: int) -> Program:
        """Begin a linear program without groups."""
        return HighsProgram(n_members)

    def choose(
        self, groups: Sequence[Group], worths: Floats, *, n_members: int, is_everyone: bool, n_nodes: int,
        stop: Callable[[], bool],
    ) -> Choice:  # fmt: skip
        """Choose whole groups that share no member, for the largest worth found in so many nodes of the search."""
        if not groups:
            return Choice(picked=np.empty(0, np.int64), upper_bound=0.0)
        solver = _solver()
        solver.setOptionValue("mip_max_nodes", n_nodes)
        solver.setOptionValue("mip_rel_gap", GOOD_ENOUGH)
        solver.setOptionValue("mip_abs_gap", GOOD_ENOUGH)
        _add_rows(solver, 1.0 if is_everyone else -highspy.kHighsInf, n_members)
        _add_columns(solver, groups, worths, np.ones(len(groups)))
        whole = np.array([highspy.HighsVarType.kInteger] * len(groups))
        solver.changeColsIntegrality(len(groups), np.arange(len(groups), dtype=np.int32), whole)
        solver.cbMipInterrupt += lambda event: _interrupt(event, stop)
        solver.run()
        shares = np.array(solver.getSolution().col_value)
        info = solver.getInfo()
        is_valid = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        picked = np.flatnonzero(shares > 0.5) if is_valid else np.empty(0, np.int64)
        return Choice(picked=picked, upper_bound=float(info.mip_dual_bound))

    def maximize(self, asked: Quantities, *, n_nodes: int, stop: Callable[[], bool]) -> Chosen:
        """Choose quantities for the largest gain found in so many nodes of the search."""
        n_rows = len(asked.low)
        solver = _solver()
        solver.setOptionValue("mip_max_nodes", n_nodes)
        solver.setOptionValue("mip_rel_gap", GOOD_ENOUGH)
        solver.cbMipInterrupt += lambda event: _interrupt(event, stop)
        solver.cbSimplexInterrupt += lambda event: _interrupt(event, stop)
        solver.passModel(_model(asked))
        solver.run()
        info, solution, status = solver.getInfo(), solver.getSolution(), solver.getModelStatus()
        is_valid = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        is_mixed = bool(asked.is_whole.any())
        # What a linear program had reached when it was stopped bounds nothing.
        reached = info.objective_function_value if status == highspy.HighsModelStatus.kOptimal else np.inf
        bound = float(info.mip_dual_bound if is_mixed else reached)
        is_impossible = status == highspy.HighsModelStatus.kInfeasible
        return Chosen(
            amounts=np.array(solution.col_value) if is_valid else np.empty(0),
            upper_bound=-np.inf if is_impossible else bound,
            prices=np.zeros(n_rows) if is_mixed else np.maximum(np.array(solution.row_dual), 0.0),
        )


class HighsProgram:
    """A linear program that is solved anew from its last answer, after a few groups, cuts or worths more."""

    def __init__(self, n_members: int) -> None:
        self._solver = _solver()
        self._n_members = n_members
        self._members: list[Group] = []
        self._trios: list[Group] = []
        _add_rows(self._solver, -highspy.kHighsInf, n_members)
        seats = [(member,) for member in range(n_members)]
        loose = np.full(n_members, LOOSE_SEATS)
        _add_columns(self._solver, seats, np.zeros(n_members), loose)
        _add_columns(self._solver, seats, np.zeros(n_members), loose, sign=-1.0)

    def add_groups(self, groups: Sequence[Group], worths: Floats) -> None:
        """Add groups that may be formed."""
        if groups:
            n_cuts = self._n_members + np.arange(len(self._trios))
            inside = _shares_two(groups, self._trios, self._n_members)
            entries = [(*group, *n_cuts[inside[[row]].indices]) for row, group in enumerate(groups)]
            _add_columns(self._solver, entries, worths, np.full(len(groups), highspy.kHighsInf))
            self._members += groups

    def add_cuts(self, trios: Sequence[Group]) -> None:
        """Demand that of all groups with two or three of these three members at most one is formed in all."""
        if trios:
            inside = csr_array(_shares_two(self._members, trios, self._n_members).T)
            for row in range(len(trios)):
                columns = inside[[row]].indices + 2 * self._n_members
                self._solver.addRow(
                    -highspy.kHighsInf, 1.0, len(columns), columns.astype(np.int32), np.ones(len(columns))
                )
            self._trios += trios

    def set_worths(self, worths: Floats) -> None:
        """Change what all groups are worth."""
        columns = np.arange(len(worths), dtype=np.int32) + 2 * self._n_members
        self._solver.changeColsCost(len(worths), columns.astype(np.int32), worths)

    def solve(self, low: Floats, high: Floats) -> Solved:
        """Find shares and prices."""
        seats = np.arange(self._n_members, dtype=np.int32)
        self._solver.changeColsCost(self._n_members, seats, low)
        self._solver.changeColsCost(self._n_members, seats + np.int32(self._n_members), -high)
        self._solver.run()
        solution = self._solver.getSolution()
        prices = np.maximum(np.array(solution.row_dual), 0.0)
        return Solved(
            prices=prices[: self._n_members],
            cut_prices=prices[self._n_members :],
            shares=np.array(solution.col_value)[2 * self._n_members :],
        )


def _model(asked: Quantities) -> highspy.HighsLp:
    sums = csr_array(asked.sums)
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = sums.shape
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = asked.gains
    model.col_lower_, model.col_upper_ = np.zeros(sums.shape[1]), asked.most
    model.row_lower_, model.row_upper_ = asked.low, asked.high
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = sums.indptr, sums.indices
    model.a_matrix_.value_ = sums.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    model.integrality_ = [kinds[int(whole)] for whole in asked.is_whole]
    return model


def _solver() -> highspy.Highs:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)  # noqa: FBT003  (HiGHS takes it by position)
    solver.setOptionValue("threads", 1)
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    return solver


def _interrupt(event: highspy.HighsCallbackEvent, stop: Callable[[], bool]) -> None:
    event.interrupt(stop())


def _add_rows(solver: highspy.Highs, least: float, n_rows: int) -> None:
    nothing = np.empty(0, np.int32)
    lows, highs, starts = np.full(n_rows, least), np.ones(n_rows), np.zeros(n_rows, np.int32)
    solver.addRows(n_rows, lows, highs, 0, starts, nothing, np.empty(0))


def _add_columns(
    solver: highspy.Highs, entries: Sequence[Group], worths: Floats, most: Floats, *, sign: float = 1.0
) -> None:
    sizes = np.array([len(entry) for entry in entries])
    rows = np.concatenate([np.array(entry, np.int32) for entry in entries])
    starts = (np.cumsum(sizes) - sizes).astype(np.int32)
    solver.addCols(
        len(entries), worths, np.zeros(len(entries)), most, len(rows), starts, rows, np.full(len(rows), sign)
    )


def _shares_two(groups: Sequence[Group], trios: Sequence[Group], n_members: int) -> csr_array:
    """Which group holds two or more of which trio, shape (group, trio)."""
    shared = csr_array(_membership(groups, n_members) @ _membership(trios, n_members).T)
    shared.data = (shared.data >= 2).astype(np.float64)
    shared.eliminate_zeros()
    return shared


def _membership(groups: Sequence[Group], n_members: int) -> csr_array:
    ends = np.cumsum([0, *(len(group) for group in groups)])
    members = np.array([member for group in groups for member in group], dtype=np.int64)
    return csr_array((np.ones(len(members)), members, ends), shape=(len(groups), n_members))
