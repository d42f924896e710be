"""Risk: one figure for the costs of all scenarios, which is minimised.

Reads  net_present_cost of each scenario's block                              [MUSD]
Adds   best_musd[w]        cost of w if it were known from the start, regret only; 0 until set
       value_at_risk       cost above which scenarios count as the worst, cvar only    [MUSD]
       excess[w]           cost of w above it, cvar only                               [MUSD]
       excess_minimum[w]   constraint (U2)                                             [MUSD]
       worst_regret        largest regret, regret only                                 [MUSD]
       regret_limit[w]     constraint (U3)                                             [MUSD]
       risk_measure        objective (U1, U2 or U3)                                    [MUSD]
"""

from collections.abc import Mapping
from typing import Any

import pyomo.environ as pyo
from pyomo.repn import generate_standard_repn

from models.instance import Instance


def measured(inst: Instance, costs: Mapping[str, float], best: Mapping[str, float]) -> float:
    """The risk measure of the costs of scenarios; `best` counts for regret only [MUSD]."""
    p = {w: scenario.probability for w, scenario in inst.scenarios.items()}
    if inst.risk.measure == "regret":
        return max(0.0, *(costs[w] - best[w] for w in p))
    expected = sum(p[w] * costs[w] for w in p)
    if inst.risk.measure == "expected":
        return expected
    tail = 1 - inst.risk.level
    worst = min(
        at_risk + sum(p[w] * max(0.0, costs[w] - at_risk) for w in p) / tail
        for at_risk in costs.values()
    )
    return (1 - inst.risk.weight) * expected + inst.risk.weight * worst


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the risk measure to model m, whose scenarios have their costs."""
    cost = {w: m.scenario[w].net_present_cost.expr for w in m.SCENARIOS}
    _MEASURES[inst.risk.measure](m, inst, cost)


def _expected(inst: Instance, cost: Mapping[str, Any]) -> Any:
    return sum(inst.scenarios[w].probability * cost[w] for w in cost)


def _add_expected(m: pyo.ConcreteModel, inst: Instance, cost: Mapping[str, Any]) -> None:
    m.risk_measure = pyo.Objective(expr=_expected(inst, cost), doc="(U1) Σ_w p[w] · cost[w]")


def _add_cvar(m: pyo.ConcreteModel, inst: Instance, cost: Mapping[str, Any]) -> None:
    spans = {w: _span(cost[w]) for w in cost}
    least, most = min(low for low, _ in spans.values()), max(high for _, high in spans.values())
    m.value_at_risk = pyo.Var(bounds=(least, most))
    m.excess = pyo.Var(m.SCENARIOS, bounds=(0, most - least))

    @m.Constraint(m.SCENARIOS, doc="(U2) excess[w] ≥ cost[w] − value_at_risk  [MUSD]")
    def excess_minimum(m, w):
        return m.excess[w] >= cost[w] - m.value_at_risk

    p, risk = {w: inst.scenarios[w].probability for w in cost}, inst.risk
    worst = m.value_at_risk + sum(p[w] * m.excess[w] for w in cost) / (1 - risk.level)
    m.risk_measure = pyo.Objective(
        expr=(1 - risk.weight) * _expected(inst, cost) + risk.weight * worst,
        doc="(U2) (1 − weight) · Σ_w p[w] · cost[w] "
        "+ weight · (value_at_risk + Σ_w p[w] · excess[w] / (1 − level))",
    )


def _add_regret(m: pyo.ConcreteModel, _: Instance, cost: Mapping[str, Any]) -> None:
    spans = [_span(cost[w]) for w in cost]
    m.best_musd = pyo.Param(m.SCENARIOS, mutable=True, initialize=0.0)
    most = max(max(abs(low), abs(high), high - low) for low, high in spans)
    m.worst_regret = pyo.Var(bounds=(0, most))

    @m.Constraint(m.SCENARIOS, doc="(U3) cost[w] − best_musd[w] ≤ worst_regret  [MUSD]")
    def regret_limit(m, w):
        return cost[w] - m.best_musd[w] <= m.worst_regret

    m.risk_measure = pyo.Objective(expr=m.worst_regret, doc="(U3) worst_regret")


def _span(cost: Any) -> tuple[float, float]:
    """The least and the largest value that a cost can have by the bounds of its variables."""
    linear = generate_standard_repn(cost)
    low = high = linear.constant
    for coefficient, variable in zip(linear.linear_coefs, linear.linear_vars, strict=True):
        ends = coefficient * variable.lb, coefficient * variable.ub
        low, high = low + min(ends), high + max(ends)
    return low, high


_MEASURES = {"expected": _add_expected, "cvar": _add_cvar, "regret": _add_regret}
