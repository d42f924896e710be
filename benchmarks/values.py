"""How well the fast ranking of levers agrees with the exact one.

    python -m benchmarks.values [COUNT]

Of the shipped instances that solve in seconds, and of COUNT random small ones (tests/properties,
30 unless given), every lever is estimated and solved again. Printed are Spearman's rank
correlations of the sizes of estimate and exact change, all levers together after each has been
divided by the cost of its plan, and how often the lever that the estimates put first is the best.
"""

import sys
from collections.abc import Iterator

import pandas as pd
from scipy.stats import spearmanr

from models.instance import Instance
from optimizer import read_instance, values
from tests.properties.strategies import any_instance

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


def levers(found: Iterator[Instance]) -> Iterator[pd.DataFrame]:
    """The levers with an estimate, of each instance that has a plan, relative to its cost."""
    for inst in found:
        told = values(inst, top=1000, gap=1e-3)
        cost = told.base.objective_musd
        if cost:
            known = told.table.dropna(subset=["estimate_sites_musd", "change_musd"])
            amounts = known[[*ESTIMATES.values(), "change_musd"]].abs() / abs(cost)
            yield amounts.assign(instance=inst.name)


def told(name: str, frames: list[pd.DataFrame]) -> None:
    """Print how estimates and exact changes agree."""
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
    """Print the agreement on shipped and on random instances."""
    drawn = (Instance.model_validate(any_instance(seed)) for seed in range(count))
    told("random", list(levers(drawn)))
    shipped = (read_instance(f"instances/{name}/instance.yaml") for name in SHIPPED)
    told("shipped", list(levers(shipped)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
