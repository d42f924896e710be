"""What the plan costs: by term, and capital by pool."""

from typing import TYPE_CHECKING

from optimizer.cli.layout import table
from optimizer.figures import amount, percent

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.plan import Plan

CAPITAL = ("site_opening", "hall_capex", "unit_capex", "control_plane_capex")
"""What pools pay for."""


def by_term(inst: "Instance", plan: "Plan") -> list[str]:
    """The terms of the objective, discounted; they add up."""
    from models.prices import BASIC

    total = sum(plan.costs_musd.values())
    rows = [
        (term.replace("_", " "), amount(musd), percent(musd / total) if total else "")
        for term, musd in plan.costs_musd.items()
        if musd or term in BASIC
    ]
    rows.append(("net present cost", amount(total), ""))
    heads = ("term", "MUSD", "share")
    return [f"Money by term, discounted ({inst.money})", *table(heads, rows, "lrr")]


def capital(inst: "Instance", plan: "Plan") -> list[str]:
    """What each pool is granted and spends, not discounted."""
    from models.finance import granted

    cash = plan.tables["cash"]
    spent = cash[cash["term"].isin(CAPITAL)].groupby("pool")["musd"].sum().to_dict()
    rows = []
    for p in inst.budget.pools:
        grants, use = sum(granted(inst, p).values()), float(spent.get(p, 0.0))
        rows.append((p, amount(grants), amount(use), percent(use / grants) if grants else ""))
    if spent.get(""):
        rows.append(("without a pool", "", amount(float(spent[""])), ""))
    heads = ("pool", "granted MUSD", "spent MUSD", "share")
    return ["Capital by pool", *table(heads, rows, "lrrr")] if rows else []
