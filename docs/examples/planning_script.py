"""How much capital is worth granting? Plans Southgate at growing budgets, until more hardly pays.

    python docs/examples/planning_script.py [FOLDER]

Writes budgets.csv, usd_per_mtok.csv and units.csv into FOLDER (southgate-budgets if none is given).
"""
# ruff: noqa: T201 - a script may print

import sys
from pathlib import Path

import pandas as pd

from models.finance import granted
from optimizer import Instance, Plan, read_instance, solve

SOUTHGATE = Path(__file__).parents[2] / "instances" / "southgate"

SHARES = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2)
"""Budgets to try, relative to the grants in the instance."""

WORTH_IT = 0.3
"""A further MUSD has to save so much of the net present cost [MUSD per MUSD]."""


def money(inst: Instance) -> float:
    """What the pool is granted in all, not discounted [MUSD]."""
    return sum(granted(inst, "southgate").values())


def plans_by_budget(inst: Instance) -> dict[float, Plan]:
    """Plans at growing budgets, until more money can be shown not to be worth it."""
    plans: dict[float, Plan] = {}
    last: Plan | None = None
    granted_before = cost_before = 0.0
    for share in SHARES:
        changed = inst.with_changes({"budget.pools.southgate.scale": share})
        plan = solve(changed, gap=0.02, start=last)  # the last plan is possible with more money
        cost, bound = plan.objective_musd, plan.bound_musd
        if cost is None or bound is None:
            print(f"{share:4.0%}  {plan.status}: {'; '.join(plan.reasons)}")
            continue
        plans[share] = plan
        print(f"{share:4.0%} of the grants: net present cost {cost:,.0f} MUSD, gap {plan.gap:.1%}")
        if last is not None:
            # The least cost lies between bound and plan, so that no more than this can be saved.
            marginal = (cost_before - bound) / (money(changed) - granted_before)
            print(f"      a further MUSD saves at most {marginal:.2f} MUSD")
            if marginal < WORTH_IT:
                break
        last, granted_before, cost_before = plan, money(changed), cost
    return plans


def together(plans: dict[float, Plan], name: str) -> pd.DataFrame:
    """One table of all plans, with the budget as a column."""
    tables = [plan.table(name).assign(budget=share) for share, plan in plans.items()]
    return pd.concat(tables, ignore_index=True)


def cost_per_mtok(plans: dict[float, Plan]) -> pd.DataFrame:
    """USD per Mtok by workload and budget, over all regions and periods."""
    rows = together(plans, "cost_per_mtok")
    served = rows[rows["mtok"] > 0].groupby(["workload", "budget"])[["musd", "mtok"]].sum()
    served["usd_per_mtok"] = 1e6 * served["musd"] / served["mtok"]
    return served.reset_index().pivot_table(
        index="workload", columns="budget", values="usd_per_mtok"
    )


def units_by_site(plans: dict[float, Plan]) -> pd.DataFrame:
    """Units ordered by site and type, and by budget."""
    return together(plans, "orders").pivot_table(
        index=["site", "unit_type"], columns="budget", values="units", aggfunc="sum", fill_value=0
    )


def main(folder: Path) -> None:
    """Plan, tabulate, and write what was found."""
    plans = plans_by_budget(read_instance(SOUTHGATE))
    if not plans:
        sys.exit("no budget has a plan")
    folder.mkdir(parents=True, exist_ok=True)
    figures = [
        {"budget": share} | plan.summary() | dict(plan.kpis) for share, plan in plans.items()
    ]
    columns = ["budget", "status", "objective_musd", "bound_musd", "verified", *figures[0]["kpis"]]
    pd.DataFrame(figures)[columns].to_csv(folder / "budgets.csv", index=False)
    prices, units = cost_per_mtok(plans), units_by_site(plans)
    prices.to_csv(folder / "usd_per_mtok.csv")
    units.to_csv(folder / "units.csv")
    print(f"\nUSD per Mtok\n{prices.round(3)}\n\nUnits\n{units}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "southgate-budgets"))
