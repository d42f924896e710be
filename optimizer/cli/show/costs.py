"""What the plan costs: by term, and capital by pool."""

from typing import TYPE_CHECKING

from optimizer.cli.layout import table
from optimizer.figures import amount, percent
from optimizer.plan.words import total_of

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.plan import Plan


def by_term(inst: "Instance", plan: "Plan") -> list[str]:
    """The terms of the objective that are not 0, discounted; they add up."""
    total = sum(plan.costs_musd.values())
    rows = [
        (term.replace("_", " "), amount(musd), percent(musd / total) if total else "")
        for term, musd in plan.costs_musd.items()
        if musd
    ]
    rows.append((total_of(plan), amount(total), ""))
    rows += _without_end_value(plan, total)
    heads = ("term", "MUSD", "share")
    return [f"Money by term, discounted ({inst.money})", *table(heads, rows, "lrr")]


def _without_end_value(plan: "Plan", total: float) -> list[tuple[str, str, str]]:
    """The cost without the value at the end, and that value by kind; nothing where it is 0."""
    names = ("objective_without_end_value_musd", "end_value_units_musd", "end_value_halls_musd")
    paid, units, halls = (plan.kpis.get(name, 0.0) for name in names)
    if not (units or halls):
        return []
    parts = (("without end value", paid), ("end value of units", units))
    return [
        (words, amount(musd), percent(musd / total) if total else "")
        for words, musd in (*parts, ("end value of halls", halls))
    ]


def capital(inst: "Instance", plan: "Plan") -> list[str]:
    """What each pool is granted and spends, not discounted."""
    from models.finance import granted
    from models.prices import POOLED

    cash = plan.tables["cash"]
    spent = cash[cash["term"].isin(POOLED)].groupby("pool")["musd"].sum().to_dict()
    rows = []
    for p in inst.budget.pools:
        grants, use = sum(granted(inst, p).values()), float(spent.get(p, 0.0))
        rows.append((p, amount(grants), amount(use), percent(use / grants) if grants else ""))
    if spent.get(""):
        rows.append(("without a pool", "", amount(float(spent[""])), ""))
    heads = ("pool", "granted MUSD", "spent MUSD", "share")
    return ["Capital by pool", *table(heads, rows, "lrrr")] if rows else []
