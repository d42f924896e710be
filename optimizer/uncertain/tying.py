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
from optimizer.search import dual_bound, is_large
from optimizer.uncertain.problem import Problem


@dataclass(frozen=True)
class Tied:
    """A bound on the expected cost [MUSD], and by scenario the price of each of its variables."""

    bound: float
    prices: Mapping[str, Floats]


def tie(crew: Crew, problem: Problem, time_limit: float | None, threads: int) -> Tied | None:
    """Solve the relaxations of all scenarios, tied; None without an answer in time."""
    names = list(problem.alone)
    matrix, left, right = _tied(problem, names)
    large = is_large(len(matrix.cost))
    job = Job(matrix, "ipm" if large else "simplex", time_limit=time_limit, threads=threads)
    outcome = crew.run(job)
    if outcome.row_duals is None or outcome.status == "infeasible":
        return None
    duals = outcome.row_duals[len(outcome.row_duals) - len(left) :]
    every = np.zeros(len(matrix.cost))
    np.subtract.at(every, left, duals)
    np.add.at(every, right, duals)
    ends = np.cumsum([len(problem.alone[w].variables) for w in names])
    parts = np.split(every, ends[:-1])
    return Tied(dual_bound(matrix, outcome.row_duals), dict(zip(names, parts, strict=True)))


def _tied(problem: Problem, names: list[str]) -> tuple[Matrix, list[int], list[int]]:
    """The problem of all scenarios, relaxed, and which columns its last rows hold equal."""
    alone = {w: problem.committed(w, problem.impossible()).matrix for w in names}
    starts = dict(zip(names, np.cumsum([0, *(len(m.cost) for m in alone.values())]), strict=False))
    columns = {w: problem.columns(w) for w in names}
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
    p = {w: problem.inst.scenarios[w].probability for w in names}
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


def at_prices(problem: Problem, w: str, prices: Floats) -> CompiledModel:
    """A scenario alone that pays for what it decides first, or is paid for it."""
    compiled = problem.committed(w, problem.impossible())
    paid = prices / problem.inst.scenarios[w].probability
    return replace(compiled, matrix=replace(compiled.matrix, cost=compiled.matrix.cost + paid))
