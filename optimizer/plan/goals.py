"""What a plan achieves, by the measures that objectives are made of."""

from collections.abc import Mapping
from typing import Any

from models import prices
from models.instance import Instance
from models.objectives import MONEY, UNITS
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import look_up, look_up_states


def measures(inst: Instance, tables: Tables, kpis: Mapping[str, float]) -> dict[str, float]:
    """Every measure but cost, in its unit (models/objectives.py)."""
    short = tables["shortfall"]
    weights = {k: workload.shortfall_weight for k, workload in inst.workloads.items()}
    ttok = look_up_states(inst, short, {o: prices.tokens(inst, o) / 1e6 for o in inst.states})
    return {
        "shortfall": float((short["mtok_s"] * ttok * look_up(short["workload"], weights)).sum()),
        "carbon": kpis["tco2"],
        "energy": kpis["energy_gwh"],
        "water": kpis["water_m3"],
    }


def goals(
    achieved: Mapping[str, float], objective: float | None, bounds: Mapping[str, float | None]
) -> list[dict[str, Any]]:
    """The goals in their order, as plan.json tells them: name, value, bound and unit.

    Args:
        achieved: the measures of the plan other than cost; empty without a plan.
        objective: the sum of the cost terms [MUSD]; None without a plan.
        bounds: for each goal, what no plan is below that holds the goals before it.
    """
    out = []
    for name, bound in bounds.items():
        value = objective if name in MONEY else achieved.get(name)
        least = bound if bound is None or value is None else min(bound, value)
        out.append({"name": name, "value": value, "bound": least, "unit": UNITS[name]})
    return out
