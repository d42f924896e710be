"""From model to HiGHS: the family of flows by our way, in linopy, by `appsi_highs` and as LP file.

The rows are those of demand (D1) and throughput (T2) for 80 sites, 16 periods and 5 workloads, with
two in five routes lawful. All ways have the same rows; each ends with the problem inside HiGHS.
Ours is measured twice: until it is in a HiGHS of this process, as the others are, and as each solve
hands it to a solver process.
"""

import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pyo

from benchmarks.speed.handing import handed_over, passed
from models.build import collector_paused
from models.wide import Addends, Tuples, TupleSet, WideConstraint, WideVar
from optimizer import read_instance
from optimizer.compiling import compile_model

SIZES = (16_000, 100_000, 1_000_000)
SITES, PERIODS, WORKLOADS, LAWFUL, PEAK = 80, 16, 5, 0.4, 1.3


@dataclass(frozen=True)
class Flows:
    """The data; arrays by region, workload, site and period as named."""

    lawful: np.ndarray
    """(regions × workloads × sites)"""

    demand: np.ndarray
    """(regions × workloads × periods) [Mtok/s]"""

    price: np.ndarray
    """(regions × workloads × sites) [MUSD per Mtok/s]"""

    able: np.ndarray
    """(workloads × sites × periods) [Mtok/s]"""


def flows(columns: int) -> Flows:
    """Data for about so many flow variables; always the same."""
    rng = np.random.default_rng(0)
    regions = max(1, round(columns / (SITES * PERIODS * WORKLOADS * LAWFUL)))
    shape = (regions, WORKLOADS, SITES)
    return Flows(
        rng.random(shape) < LAWFUL,
        rng.uniform(0.1, 2.0, (regions, WORKLOADS, PERIODS)),
        rng.uniform(0.01, 0.1, shape),
        rng.uniform(1.0, 20.0, (WORKLOADS, SITES, PERIODS)),
    )


def in_pyomo(data: Flows) -> pyo.ConcreteModel:
    """The family as `models` has it: flows, shortfall and rows as arrays."""
    m = pyo.ConcreteModel()
    with collector_paused():
        k_of, s_of, r_of = np.nonzero(data.lawful.transpose(1, 2, 0))
        order = np.lexsort((s_of, k_of, r_of))
        k, s, r = (np.repeat(codes[order], PERIODS) for codes in (k_of, s_of, r_of))
        t = np.tile(np.arange(PERIODS), len(order))
        names = [range(length) for length in (*data.lawful.shape, PERIODS)]
        m.FLOWS = TupleSet(Tuples(names, (r, k, s, t)))
        m.DEMANDS = TupleSet(_all((names[0], names[1], names[3])))
        m.SERVING = TupleSet(_all((names[1], names[2], names[3])))
        demands, serving = m.DEMANDS.tuples, m.SERVING.tuples
        m.flow = WideVar(m.FLOWS, upper=lambda: data.demand[r, k, t])
        m.shortfall = WideVar(m.DEMANDS, upper=data.demand.ravel)
        m.demand_balance = WideConstraint(
            m.DEMANDS,
            left=lambda: [
                Addends(m.flow, demands.positions(r, k, t)),
                Addends(m.shortfall, np.arange(len(demands))),
            ],
            sense="==",
            right=lambda r, k, t: float(data.demand[r, k, t]),
        )
        m.throughput_limit = WideConstraint(
            m.SERVING,
            left=lambda: [Addends(m.flow, serving.positions(k, s, t), PEAK)],
            sense="<=",
            right=lambda k, s, t: float(data.able[k, s, t]),
        )
        m.total = pyo.Var()
        m.total_balance = WideConstraint(
            ["total"],
            left=lambda: [
                Addends(m.flow, np.zeros(len(r), int), data.price[r, k, s]),
                Addends(m.shortfall, np.zeros(len(demands), int)),
            ],
            sense="==",
            right=lambda _: m.total,
            defines=m.total,
        )
        m.cost = pyo.Objective(expr=m.total)
    return m


def _all(names: Sequence[range]) -> Tuples:
    """All tuples of some names."""
    codes = np.indices([len(part) for part in names]).reshape(len(names), -1)
    return Tuples(names, list(codes))


def in_plain_pyomo(data: Flows) -> pyo.ConcreteModel:
    """The family with rules and objects, as Pyomo's documentation has it."""
    m = pyo.ConcreteModel()
    with collector_paused():
        demand, price, able = (array.tolist() for array in (data.demand, data.price, data.able))
        routes = np.argwhere(data.lawful).tolist()
        sites_of, regions_at = defaultdict(list), defaultdict(list)
        for r, k, s in routes:
            sites_of[r, k].append(s)
            regions_at[k, s].append(r)
        m.DEMANDS = pyo.Set(initialize=list(np.ndindex(data.demand.shape)), dimen=3)
        m.SERVING = pyo.Set(
            initialize=[(k, s, t) for k, s in regions_at for t in range(PERIODS)], dimen=3
        )
        m.FLOWS = pyo.Set(
            initialize=[(r, k, s, t) for r, k, s in routes for t in range(PERIODS)], dimen=4
        )
        m.flow = pyo.Var(m.FLOWS, bounds=lambda _, r, k, s, t: (0, demand[r][k][t]))
        m.shortfall = pyo.Var(m.DEMANDS, bounds=lambda _, r, k, t: (0, demand[r][k][t]))

        @m.Constraint(m.DEMANDS)
        def demand_balance(m, r, k, t):
            served = sum(m.flow[r, k, s, t] for s in sites_of[r, k])
            return served + m.shortfall[r, k, t] == demand[r][k][t]

        @m.Constraint(m.SERVING)
        def throughput_limit(m, k, s, t):
            return sum(PEAK * m.flow[r, k, s, t] for r in regions_at[k, s]) <= able[k][s][t]

        m.cost = pyo.Objective(
            expr=sum(price[r][k][s] * m.flow[r, k, s, t] for r, k, s, t in m.FLOWS)
            + sum(m.shortfall[index] for index in m.DEMANDS)
        )
    return m


def in_linopy(data: Flows) -> Any:
    """The same family in linopy, dense with a mask, as its documentation does."""
    import linopy
    import pandas as pd
    import xarray as xr

    names = ("region", "workload", "site", "period")
    lengths = (*data.lawful.shape, PERIODS)
    coords = [pd.RangeIndex(length, name=name) for name, length in zip(names, lengths, strict=True)]
    region, workload, site, period = coords
    lawful = xr.DataArray(data.lawful, [region, workload, site])
    demand = xr.DataArray(data.demand, [region, workload, period])
    price = xr.DataArray(data.price, [region, workload, site])
    able = xr.DataArray(data.able, [workload, site, period])
    m = linopy.Model()
    most = demand.expand_dims(site=site).transpose(*names)
    mask = lawful.expand_dims(period=period).transpose(*names)
    flow = m.add_variables(lower=0, upper=most, coords=coords, name="flow", mask=mask)
    shortfall = m.add_variables(
        lower=0, upper=demand, coords=[region, workload, period], name="shortfall"
    )
    m.add_constraints(flow.sum("site") + shortfall == demand, name="demand_balance")
    m.add_constraints((PEAK * flow).sum("region") <= able, name="throughput_limit")
    m.add_objective((price * flow).sum() + shortfall.sum())
    return m


def ours(m: pyo.ConcreteModel) -> highspy.Highs:
    """Standard form once, arrays passed."""
    return passed(compile_model(m, read_instance("instances/tiny")).matrix)


def ours_to_process(m: pyo.ConcreteModel) -> highspy.Highs:
    """Standard form once, arrays scaled, written, read and passed."""
    return handed_over(compile_model(m, read_instance("instances/tiny")).matrix)


def by_appsi(m: pyo.ConcreteModel) -> highspy.Highs:
    """Pyomo's own interface to HiGHS."""
    from pyomo.contrib.appsi.solvers.highs import Highs

    solver = Highs()
    solver.set_instance(m)
    return solver._solver_model


def by_file(m: pyo.ConcreteModel) -> highspy.Highs:
    """An LP file, written by Pyomo and read by HiGHS."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "model.lp")
        m.write(file)
        solver.readModel(file)
    return solver


def from_linopy(m: Any) -> highspy.Highs:
    """What linopy itself hands to HiGHS."""
    from linopy.io import to_highspy

    return to_highspy(m)


OURS, TO_PROCESS = "buildplan", "buildplan, to a process"

LOADERS: dict[str, tuple[Callable[[Flows], Any], Callable[[Any], highspy.Highs]]] = {
    OURS: (in_pyomo, ours),
    TO_PROCESS: (in_pyomo, ours_to_process),
    "linopy": (in_linopy, from_linopy),
    "appsi_highs": (in_plain_pyomo, by_appsi),
    "LP file": (in_plain_pyomo, by_file),
}


def run(columns: int, way: str) -> dict[str, Any]:
    """Build the family and load it one way, in this process."""
    build, load = LOADERS[way]
    load(build(flows(0)))  # imports are not what is measured
    data = flows(columns)
    began, cpu = time.monotonic(), time.process_time()
    model = build(data)
    built, built_cpu = time.monotonic(), time.process_time()
    solver = load(model)
    ended, ended_cpu = time.monotonic(), time.process_time()
    return {
        "columns": solver.getNumCol(),
        "rows": solver.getNumRow(),
        "entries": solver.getNumNz(),
        "build_s": built - began,
        "load_s": ended - built,
        "build_cpu_s": built_cpu - cpu,
        "load_cpu_s": ended_cpu - built_cpu,
        "own_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
