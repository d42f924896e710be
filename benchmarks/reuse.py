"""How long a what-if waits for its model: built from nothing, and from the one before it.

    python -m benchmarks.reuse [NAME ...]

Each row is a change of data; its model is made in turn with that of the unchanged instance. The
figures are medians, without the time that the change itself takes.
"""

import statistics
import sys
import time
from collections.abc import Callable

from models.build import build_model
from models.instance import Instance
from optimizer import read_instance
from optimizer.compiling import compile_model
from optimizer.reuse import ModelKeeper

RUNS = {"southgate": 5, "six-continents": 2}

CHANGES: dict[str, Callable[[Instance], dict[str, object]]] = {
    "budget × 0.9": lambda inst: {"budget.pools.*.scale": 0.9},
    "quotas × 0.8": lambda inst: {"quotas.*.scale": 0.8},
    "energy price × 1.1": lambda inst: {"sites.*.energy_price_usd_per_mwh.scale": 1.1},
    "unit capex × 1.1": lambda inst: {"unit_types.*.capex_musd.scale": 1.1},
    "demand × 1.2": lambda inst: {"demand.*.scale": 1.2},
    "grid of one site × 1.1": lambda inst: {f"sites.{next(iter(inst.sites))}.grid_mw.scale": 1.1},
    "last unit type in 2029": lambda inst: {
        f"unit_types.{list(inst.unit_types)[-1]}.available_from": "2029-01"
    },
}


def fresh(inst: Instance) -> None:
    """Build and compile from nothing."""
    compile_model(build_model(inst, merge=True), inst)


def seconds(make: Callable[[Instance], object], inst: Instance) -> float:
    """How long it takes to make the model of an instance."""
    before = time.perf_counter()
    make(inst)
    return time.perf_counter() - before


def main(names: list[str]) -> None:
    """Print one table per instance."""
    for name in names:
        base = read_instance(f"instances/{name}")
        print(f"\n{name:24} {'fresh s':>8} {'kept s':>8} {'faster':>7}   built again")
        for change, changed in CHANGES.items():
            keeper = ModelKeeper()
            plain, kept = [], []
            for _ in range(RUNS.get(name, 3)):
                # Both start from a new instance, which has not derived any facts yet.
                keeper.compiled(base)
                kept.append(seconds(keeper.compiled, base.with_changes(changed(base))))
                plain.append(seconds(fresh, base.with_changes(changed(base))))
            ours, theirs = statistics.median(kept), statistics.median(plain)
            count = f"{len(keeper.made)} of {len(keeper.made + keeper.kept)}"
            print(
                f"{change:24} {theirs:8.3f} {ours:8.3f} {theirs / ours:7.1f}   {count}", flush=True
            )


if __name__ == "__main__":
    main(sys.argv[1:] or list(RUNS))
