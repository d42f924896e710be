"""Soft limits: missed only where that is allowed, by no more than allowed, and priced right.

That no limit is missed by more than the table of violations says is checked with each limit.
"""

import numpy as np

from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Plan
from optimizer.verify.soft import unit_costs
from optimizer.verify.specs import SPECS
from optimizer.verify.tables import label


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check the table of violations."""
    rows, keys = plan.tables["violations"], SPECS["violations"].keys
    limits, places = plan.names["limit"], plan.names["at"]
    at = [(limits[limit], places[place], t) for limit, place, t in rows[list(keys)].to_numpy()]
    found = [facts.soft.terms.get(key) for key in at]

    def where(i: int) -> str:
        return label(plan.names, keys, [int(place) for place in rows[list(keys)].iloc[i]])

    findings.refuse(
        "soft_limits",
        np.array([terms is None for terms in found], dtype=bool),
        lambda i: f"the table violations names {where(i)}, which is a hard limit",
    )
    excess = rows["excess"].to_numpy(dtype=float)
    most = np.array([terms.most if terms else np.inf for terms in found], dtype=float)
    findings.at_most(
        "soft_limits",
        excess,
        most,
        lambda i: f"{where(i)} is missed by {amount(excess[i])}, the most is {amount(most[i])}",
    )
    cost, units = unit_costs(facts), _units(plan)
    musd = np.array([cost.get(key, 0.0) for key in at], dtype=float) * excess
    prices = np.array([terms.price if terms else 0.0 for terms in found], dtype=float)
    for column, right in (("price_musd", prices), ("musd", musd)):
        told = rows[column].to_numpy(dtype=float)
        findings.equal(
            "soft_limits",
            told,
            right,
            lambda i, column=column, told=told, right=right: (
                f"the table violations gives {column} {amount(told[i])} for {where(i)}; "
                f"recomputed it is {amount(right[i])}"
            ),
        )
    wrong = [str(unit) != units.get(key) for unit, key in zip(rows["unit"], at, strict=True)]
    findings.refuse(
        "soft_limits",
        np.array(wrong, dtype=bool),
        lambda i: f"the table violations gives another unit than that of the limit for {where(i)}",
    )


def _units(plan: Plan) -> dict[tuple[str, str, int], str]:
    """The unit of each limit, as its own table gives it (and the check of limits compares)."""
    rows, limits, places = plan.tables["limits"], plan.names["limit"], plan.names["at"]
    columns = (rows[name] for name in ("limit", "at", "period", "unit"))
    return {
        (limits[limit], places[at], int(t)): str(unit)
        for limit, at, t, unit in zip(*columns, strict=True)
    }
