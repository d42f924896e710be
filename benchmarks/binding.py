"""Which kinds of limit cost money in an instance: the relaxation's cost with each one lifted.

    python -m benchmarks.binding [INSTANCE]

A limit whose lifting lowers the cost of the relaxation binds. The figures are bounds from duals.
"""

import sys
from collections.abc import Callable

from models.build import build_model
from models.instance import Instance
from optimizer import read_instance
from optimizer.compiling import compile_model
from optimizer.highs import Job, run
from optimizer.search.bound import dual_bound

Lift = Callable[[Instance], dict[str, object]]

LIFTS: dict[str, Lift] = {
    "nothing": lambda inst: {},
    "power of sites and grids": lambda inst: {
        "sites.*.grid_mw.scale": 3,
        **({"grid_regions.*.cap_mw.scale": 10} if inst.grid_regions else {}),
    },
    "budget": lambda inst: {"budget.pools.*.scale": 10},
    "residency": lambda inst: {
        **({"residency": []} if inst.residency else {}),
        **{
            f"data_classes.{d}.{field}": ["ANY"]
            for d in inst.data_classes
            for field in ("compute", "operator_home", "control_plane")
        },
    },
    "latency": lambda inst: {
        f"workloads.{k}.latency_limit_ms.remove": True
        for k, workload in inst.workloads.items()
        if workload.latency_limit_ms is not None
    },
    "quotas": lambda inst: {"quotas.*.scale": 10} if inst.quotas else {},
}


def relaxed_cost(inst: Instance) -> float:
    """Least cost of the relaxation, as a bound from its duals [MUSD]."""
    matrix = compile_model(build_model(inst, merge=True), inst).matrix
    outcome = run(Job(matrix.relaxed(), method="ipm", threads=2))
    if outcome.row_duals is None:
        raise RuntimeError(f"the relaxation was not solved: {outcome.message}")
    return dual_bound(matrix, outcome.row_duals)


def main(path: str) -> None:
    """Print the relaxation's cost with each kind of limit lifted."""
    inst = read_instance(path)
    base = 0.0
    for name, lift in LIFTS.items():
        changes = lift(inst)
        cost = relaxed_cost(inst.with_changes(changes) if changes else inst)
        base = base or cost
        print(f"{name:26} {cost:12,.1f} MUSD {100 * (cost / base - 1):+8.2f} %", flush=True)


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["instances/six-continents"]))
