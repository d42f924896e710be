"""Goals: the plan names those of its objective, with values recomputed and bounds below them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from optimizer.verify.claims import compare, number
from optimizer.verify.environment import T_PER_KT, embodied_kt, emitted_kt, water_m3
from optimizer.verify.facts import Facts
from optimizer.verify.findings import TOLERANCE, Findings, amount
from optimizer.verify.money import Money
from optimizer.verify.plan import Plan

GOALS = {
    "cost": ("cost",),
    "profit": ("cost_less_revenue",),
    "serve_first": ("shortfall", "cost"),
    "least_carbon": ("shortfall", "carbon", "cost"),
    "tokens_per_mwh": ("shortfall", "energy", "cost"),
}
"""The goals that belong to each objective."""

UNITS = {
    "cost": "MUSD",
    "cost_less_revenue": "MUSD",
    "shortfall": "Ttok",
    "carbon": "tCO2",
    "energy": "GWh",
    "water": "m3",
}

MTOK_PER_TTOK = 1e6


def check(
    facts: Facts, plan: Plan, money: Money, claim: Mapping[str, Any], findings: Findings
) -> None:
    """Check objective and goals; a plan that names none is one of least cost."""
    asked = facts.inst.objective
    told, goals = claim.get("objective", "cost"), claim.get("goals")
    if told != asked:
        findings.add(
            "goals", f"the objective is given as '{told}'; the instance asks for '{asked}'"
        )
    if goals is None and asked == "cost":
        return
    listed = goals if isinstance(goals, list | tuple) else []
    named = [goal.get("name") if isinstance(goal, Mapping) else None for goal in listed]
    for name in GOALS[asked]:
        if name not in named:
            findings.add("goals", f"the plan does not tell the goal {name}")
    found = _measures(facts, plan, money)
    for goal in listed:
        name = str(goal.get("name")) if isinstance(goal, Mapping) else ""
        if name not in found:
            findings.add("goals", f"the plan tells a goal '{name}', which is no known measure")
            continue
        unit = UNITS[name]
        compare(
            findings,
            "goals",
            f"the goal {name}",
            told=goal.get("value"),
            found=found[name],
            unit=unit,
        )
        if goal.get("unit") != unit:
            findings.add("goals", f"the unit of the goal {name} is {unit}")
        _check_bound(name, goal, found[name], claim, findings)


def _check_bound(
    name: str, goal: Mapping[str, Any], value: float, claim: Mapping[str, Any], findings: Findings
) -> None:
    bound, unit = number(goal.get("bound")), UNITS[name]
    if unit == "MUSD" and goal.get("bound") != claim.get("bound_musd"):
        findings.add("goals", f"the goal {name} has another bound than bound_musd")
    if bound is None:
        if claim.get("status") == "optimal":
            findings.add("goals", f"the plan is called optimal, but its goal {name} has no bound")
        return
    findings.at_most(
        "goals",
        bound,
        value + TOLERANCE * max(1.0, abs(value)),
        lambda: (
            f"the bound {amount(bound, unit)} of the goal {name} is above {amount(value, unit)}"
        ),
    )


def _measures(facts: Facts, plan: Plan, money: Money) -> dict[str, float]:
    """Every measure that a goal may be, in its unit."""
    weights = np.array([work.shortfall_weight for work in facts.inst.workloads.values()])
    by_stream = np.einsum("jtx,tx->j", plan.shortfall, facts.seconds) / MTOK_PER_TTOK
    return {
        "cost": money.objective,
        "cost_less_revenue": money.objective,
        "shortfall": float(weights[facts.streams.workload] @ by_stream),
        "carbon": T_PER_KT * float((emitted_kt(facts, plan) + embodied_kt(facts, plan)).sum()),
        "energy": float(plan.energy_gwh.sum()),
        "water": float(water_m3(facts, plan).sum()),
    }
