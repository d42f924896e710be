"""Small variables in a unit of their own, so that the solver does not lose them beside the rest.

A solver takes a row for kept that is missed by 1e-7, and a variable for whole that is off by as
much. Of a stream of 1e-5 Mtok/s, where a unit makes 1e4, it then serves all without any unit. So

    x = c · x'          with c the power of two below the upper bound, for small variables
    r · a · c           with r the power of two that brings the largest coefficient of a row to 1
    (Λ1) x'/upper' ≤ Σ  links of small variables to the whole units that they need (optimizer.cuts)

Powers of two change no digit, and links hold for every plan: the plans are the same, at the same
cost. Duals of links are left out of what is handed back; those of the other rows still prove a
bound, if a lower one. A problem without small variables is left as it is.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from scipy.sparse import csc_array, diags_array

from optimizer.cuts import Cuts, Links
from optimizer.highs.job import Job, Outcome, Progress, Start
from optimizer.matrix import Floats, Matrix

SMALL = 5e-4
"""Variables with an upper bound below this are small: units are of the size of 1 [any unit]."""

LEAST = 2.0**-27
"""No coefficient is scaled below this: solvers drop what is below 1e-9."""


@dataclass(frozen=True)
class Scaling:
    """A problem in other units.

    Attributes:
        matrix: the problem with small variables scaled, and their links below its rows.
        columns: what a variable of it stands for [variables of the problem].
        rows: what the rows were multiplied with [ratio].
    """

    matrix: Matrix
    columns: Floats
    rows: Floats

    @classmethod
    def of(cls, matrix: Matrix) -> Self | None:
        """The scaling of a problem; None if it has no small variables."""
        small = ~matrix.whole & (matrix.upper > 0) & (matrix.upper < SMALL) & (matrix.lower >= 0)
        if not small.any():
            return None
        sizes = abs(matrix.rows)
        floor = LEAST * (sizes.power(-1.0)).max(axis=0).toarray()
        columns = np.where(small, _power(np.minimum(np.maximum(matrix.upper, floor), 1.0)), 1.0)
        most = (sizes @ diags_array(columns)).max(axis=1).toarray()
        factors = np.where((most > 0) & (most < 1.0), 1.0 / _power(most), 1.0)
        rows = diags_array(factors) @ matrix.rows @ diags_array(columns)
        scaled = replace(
            matrix,
            cost=matrix.cost * columns,
            rows=csc_array(rows),
            row_lower=matrix.row_lower * factors,
            row_upper=matrix.row_upper * factors,
            lower=matrix.lower / columns,
            upper=matrix.upper / columns,
        )
        wanted = set(np.flatnonzero(small).tolist())
        links = Links(scaled, wanted).every(wanted)
        return cls(links.added_to(scaled), columns, factors)

    def job(self, job: Job) -> Job:
        """The same job on the scaled problem."""
        start = None if job.start is None else Start(job.start.x / self.columns)
        extra = job.extra
        if "relaxed" in extra:
            extra = extra | {"relaxed": extra["relaxed"] / self.columns}
        return replace(job, matrix=self.matrix, start=start, extra=extra, fine=True)

    def progress(self, progress: Progress) -> Progress:
        """Progress in the problem's own units."""
        return replace(progress, x=self._own(progress.x))

    def outcome(self, outcome: Outcome) -> Outcome:
        """An outcome in the problem's own units; a plan stays within its bounds."""
        duals, cuts = outcome.row_duals, outcome.cuts
        if duals is not None:
            count = len(self.rows)
            added = len(duals) - (0 if cuts is None else len(cuts))
            duals = np.concatenate((duals[:count] * self.rows, duals[added:]))
        if cuts is not None:
            cuts = Cuts(cuts.rows @ diags_array(1.0 / self.columns), cuts.most)
        return replace(outcome, x=self._own(outcome.x), row_duals=duals, cuts=cuts)

    def _own(self, x: Floats | None) -> Floats | None:
        return None if x is None else x * self.columns


def _power(sizes: Floats) -> Floats:
    """The power of two at or below each size; 1 for 0."""
    _, exponents = np.frexp(np.where(sizes > 0, sizes, 1.0))
    powers: Floats = np.ldexp(1.0, exponents - 1)
    return powers
