"""How far the values of levers can be relied on: exact ones, their intervals, and the estimates.

    python -m benchmarks.values [COUNT]

Of COUNT random small instances (tests/properties, 50 unless given) every lever is estimated and
solved again. Each exact value is compared with the difference of two optima that scipy finds, and
so is the interval that a wide gap leaves. Printed is also, for these and for shipped instances that
solve in seconds, how well the estimates rank: Spearman's correlation of the sizes of estimate and
exact change, all levers together after each has been divided by the cost of its plan, and how
often the lever that the estimates put first is the best.
"""

import shlex
import sys
from collections.abc import Iterable, Iterator

import pandas as pd
from scipy.stats import spearmanr

from models.instance import Instance
from optimizer import read_instance, values
from optimizer.instance_io import parse_set
from tests.properties.strategies import any_instance
from tests.small import optimum

SHIPPED = (
    "n-minus-one",
    "credit",
    "topology",
    "soft-limits",
    "grid-upgrade",
    "sovereignty",
    "training-cluster",
    "southgate",
)

ESTIMATES = {"built": "estimate_built_musd", "sites": "estimate_sites_musd"}

WIDE, FINE = 0.05, 1e-3
"""Gaps: one that leaves much open, and that of shipped instances [ratio]."""

CLOSE = 3e-6
"""Two solvers' optima that differ by less are the same [ratio]."""


def known(inst: Instance, table: pd.DataFrame, cost: float) -> pd.DataFrame:
    """The levers with an estimate and an exact value, relative to the cost of the plan."""
    rows = table.dropna(subset=["estimate_sites_musd", "change_musd"])
    amounts = rows[[*ESTIMATES.values(), "change_musd"]].abs() / abs(cost)
    return amounts.assign(instance=inst.name)


def random(count: int) -> Iterator[pd.DataFrame]:
    """The levers of random instances; prints at the end how exact values and intervals did."""
    solved = wrong = wide = missed = 0
    for seed in range(count):
        inst = Instance.model_validate(any_instance(seed))
        found = values(inst, top=1000, gap=0.0)
        if not found.base.objective_musd:
            continue
        least = optimum(inst)
        close = CLOSE * max(1.0, abs(least))
        moved = {
            row["lever"]: optimum(inst.with_changes(_changes(row["set"]))) - least
            for row in _solved(found.table)
        }
        for row in _solved(found.table):
            solved += 1
            wrong += abs(row["change_musd"] - moved[row["lever"]]) > close
        for row in _solved(values(inst, top=1000, gap=WIDE).table):
            if row["lever"] in moved:
                wide += 1
                low, high = row["change_low_musd"] - close, row["change_high_musd"] + close
                missed += not low <= moved[row["lever"]] <= high
        yield known(inst, found.table, found.base.objective_musd)
    print(
        f"{count} random instances: {solved} exact values, of which {wrong} differ from the "
        f"difference of two independent optima; {wide} intervals at a gap of {WIDE:.0%}, of which "
        f"{missed} do not hold it"
    )


def _solved(table: pd.DataFrame) -> list[dict[str, float]]:
    return table.dropna(subset=["change_musd"]).to_dict("records")


def _changes(sets: object) -> dict[str, object]:
    return parse_set([word for word in shlex.split(str(sets)) if word != "--set"])


def shipped() -> Iterator[pd.DataFrame]:
    """The levers of shipped instances."""
    for name in SHIPPED:
        inst = read_instance(f"instances/{name}/instance.yaml")
        found = values(inst, top=1000, gap=FINE)
        if found.base.objective_musd:
            yield known(inst, found.table, found.base.objective_musd)


def told(name: str, found: Iterable[pd.DataFrame]) -> None:
    """Print how estimates and exact changes agree."""
    frames = list(found)
    rows = pd.concat(frames, ignore_index=True)
    several = [one for one in frames if len(one) > 1 and one["change_musd"].max() > 1e-6]
    print(f"{name}: {len(rows)} levers of {len(frames)} instances", flush=True)
    for estimate, column in ESTIMATES.items():
        rank = spearmanr(rows[column], rows["change_musd"]).statistic
        hits = [
            one.loc[one[column].idxmax(), "change_musd"] >= 0.999 * one["change_musd"].max()
            for one in several
        ]
        print(f"  {estimate}: rank correlation {rank:.2f}; first is best {sum(hits)}/{len(hits)}")


def main(count: int) -> None:
    """Print what is found on random and on shipped instances."""
    told("random", random(count))
    told("shipped", shipped())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
