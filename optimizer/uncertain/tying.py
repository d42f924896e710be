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
from optimizer.search import Guide, dual_bound, guide_of, is_large
from optimizer.uncertain.problem import Problem


@dataclass(frozen=True)
class Tied:
    """What the relaxations of all scenarios say, tied.

    Attributes:
        bound: no plan has a lower expected cost [MUSD].
        prices: by scenario, what each of its variables pays for being shared [MUSD].
        guides: by scenario, its part of the solution, at these prices.
    """

    bound: float
    prices: Mapping[str, Floats]
    guides: Mapping[str, Guide]


def tie(crew: Crew, problem: Problem, time_limit: float | None, threads: int) -> Tied | None:
    """Solve the relaxations of all scenarios, tied; None without an answer in time."""
    names = list(problem.alone)
    matrix, left, right = _tied(problem, names)
    large = is_large(len(matrix.cost))
    job = Job(matrix, "ipm" if large else "simplex", time_limit=time_limit, threads=threads)
    outcome = crew.run(job)
    if outcome.x is None or outcome.row_duals is None or outcome.status == "infeasible":
        return None
    sizes = [problem.alone[w].matrix.rows.shape for w in names]
    *duals, ties = np.split(outcome.row_duals, np.cumsum([rows for rows, _ in sizes]))
    every = np.zeros(len(matrix.cost))
    np.subtract.at(every, left, ties)
    np.add.at(every, right, ties)
    ends = np.cumsum([columns for _, columns in sizes])[:-1]
    prices = dict(zip(names, np.split(every, ends), strict=True))
    guides = {}
    for w, x, theirs in zip(names, np.split(outcome.x, ends), duals, strict=True):
        priced = at_prices(problem, w, prices[w])
        alone = theirs / problem.inst.scenarios[w].probability
        guides[w] = guide_of(priced.matrix, priced.optional(), x, alone)
    return Tied(dual_bound(matrix, outcome.row_duals), prices, guides)


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
