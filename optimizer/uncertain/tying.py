"""What it costs not to know: a bound on all scenarios that counts their shared decisions.

Scenarios alone decide as if they knew. The relaxations of all, tied by the rows of A1, bound what
they can do together; the duals of these rows are prices at which each scenario, searched alone,
agrees with the others as far as prices can make it. Any prices give a bound, exact or not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import block_diag, csc_array, vstack

from optimizer.compiling import CompiledModel
from optimizer.highs import Crew, Job
from optimizer.matrix import Floats, Matrix
from optimizer.search import Guide, dual_bound, guide_of, is_large, within
from optimizer.uncertain.problem import Key, Problem


@dataclass(frozen=True)
class Tied:
    """What the relaxations of all scenarios say, tied.

    Attributes:
        bound: no plan has a lower expected cost [MUSD].
        prices: by scenario, what each of its variables pays for being shared, weighted with its
            probability [MUSD].
        guides: by scenario, its part of the solution, at these prices.
        alone: by scenario, a bound on what it costs at these prices [MUSD].
    """

    bound: float
    prices: Mapping[str, Floats]
    guides: Mapping[str, Guide]
    alone: Mapping[str, float]

    def least(self, problem: Problem, w: str, decided: Mapping[Key, float]) -> float | None:
        """A bound on what a scenario costs if it keeps what is decided [MUSD].

        None unless all that it shares is decided: what it pays for the rest is not known.
        """
        columns = problem.columns[w]
        if not columns.keys() <= decided.keys():
            return None
        paid = sum(decided[key] * self.prices[w][j] for key, j in columns.items())
        return self.alone[w] - float(paid) / problem.inst.scenarios[w].probability


def tie(
    crew: Crew,
    problem: Problem,
    guides: Mapping[str, Guide],
    time_limit: float | None,
    threads: int,
) -> Tied | None:
    """Solve the relaxations of all scenarios, tied; None without an answer in time.

    `guides` are what the relaxations of scenarios alone say; cuts in them hold here, too.
    """
    names = list(problem.alone)
    parts = {w: within(guides[w], _possible(problem, w).matrix) for w in names}
    matrix, left, right = _tied(problem, {w: part.matrix for w, part in parts.items()})
    job = Job(matrix, method="simplex", time_limit=time_limit, threads=threads)
    outcome = crew.run(replace(job, method="ipm") if is_large(len(matrix.cost)) else job)
    if outcome.x is None or outcome.row_duals is None or outcome.status == "infeasible":
        return None
    x, row_duals = outcome.x, outcome.row_duals
    sizes = [part.matrix.rows.shape for part in parts.values()]
    *duals, ties = np.split(row_duals, np.cumsum([rows for rows, _ in sizes]))
    every = np.zeros(len(x))
    np.subtract.at(every, left, ties)
    np.add.at(every, right, ties)
    ends = np.cumsum([columns for _, columns in sizes])[:-1]
    prices = dict(zip(names, np.split(every, ends), strict=True))
    told, alone = {}, {}
    for w, own, theirs in zip(names, np.split(x, ends), duals, strict=True):
        paid = _paid(problem, w, parts[w].matrix, prices[w])
        of_one = theirs / problem.inst.scenarios[w].probability
        told[w] = guide_of(paid, problem.alone[w].optional(), own, of_one)
        alone[w] = dual_bound(paid, of_one)
    return Tied(dual_bound(matrix, row_duals), prices, told, alone)


def _tied(problem: Problem, alone: Mapping[str, Matrix]) -> tuple[Matrix, list[int], list[int]]:
    """The problem of all scenarios, relaxed, and which columns its last rows hold equal."""
    starts = dict(zip(alone, np.cumsum([0, *(len(m.cost) for m in alone.values())]), strict=False))
    columns = problem.columns
    left, right = [], []
    for one in problem.shared:
        key = one.name, one.index
        first, *others = [w for w in one.scenarios if key in columns[w]] or [""]
        for w in others:
            left.append(int(starts[w]) + columns[w][key])
            right.append(int(starts[first]) + columns[first][key])
    size = sum(len(m.cost) for m in alone.values())
    rows = np.arange(len(left))
    ones = np.ones(len(left))
    ties = csc_array(
        (
            np.concatenate([ones, -ones]),
            (np.concatenate([rows, rows]), np.concatenate([left, right]).astype(int)),
        ),
        shape=(len(left), size),
    )
    p = {w: problem.inst.scenarios[w].probability for w in alone}
    zeros = np.zeros(len(left))
    every = alone.values()
    matrix = Matrix(
        cost=np.concatenate([p[w] * m.cost for w, m in alone.items()]),
        offset=sum(p[w] * m.offset for w, m in alone.items()),
        rows=csc_array(vstack([block_diag([m.rows for m in every]), ties], format="csc")),
        row_lower=np.concatenate([*(m.row_lower for m in every), zeros]),
        row_upper=np.concatenate([*(m.row_upper for m in every), zeros]),
        lower=np.concatenate([m.lower for m in every]),
        upper=np.concatenate([m.upper for m in every]),
        whole=np.zeros(size, dtype=bool),
    )
    return matrix, left, right


def _possible(problem: Problem, w: str) -> CompiledModel:
    """A scenario without the first decisions that others do not have."""
    return problem.committed(w, problem.impossible())


def at_prices(problem: Problem, w: str, prices: Floats) -> CompiledModel:
    """A scenario alone that pays for what it decides first, or is paid for it."""
    compiled = _possible(problem, w)
    return replace(compiled, matrix=_paid(problem, w, compiled.matrix, prices))


def _paid(problem: Problem, w: str, matrix: Matrix, prices: Floats) -> Matrix:
    """A scenario's problem with the prices among its costs."""
    return replace(matrix, cost=matrix.cost + prices / problem.inst.scenarios[w].probability)
