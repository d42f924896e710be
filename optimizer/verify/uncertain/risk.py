"""Risk: costs, regrets, the measure of them, and expected figures, all computed anew."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from models.instance import Instance
from optimizer.verify.claims import compare, number, section
from optimizer.verify.findings import TOLERANCE, Findings, amount
from optimizer.verify.specs import COVERAGE
from optimizer.verify.tables import read_tables
from optimizer.verify.uncertain.reading import FAMILY, claim_of
from optimizer.verify.uncertain.sharing import reveal_dates
from optimizer.verify.uncertain.specs import OWN_SPECS

PERFECT, STOCHASTIC = "value_of_perfect_information_musd", "value_of_stochastic_solution_musd"

Amounts = dict[str, float]


def check(
    inst: Instance,
    own: Mapping[str, Mapping[str, pd.DataFrame]],
    tables: Mapping[str, pd.DataFrame],
    claim: Mapping[str, Any],
    findings: Findings,
) -> None:
    """Check the table of scenarios, the objective, its terms, and the key figures."""
    alone = {w: claim_of(claim, w) for w in inst.scenarios}
    costs = {w: float(one["objective_musd"]) for w, one in alone.items()}
    best = _check_table(inst, costs, tables, findings)
    p = {w: one.probability for w, one in inst.scenarios.items()}
    terms = {w: dict(one["costs_musd"]) for w, one in alone.items()}
    objective = measure(inst, costs, best)
    told_objective = claim.get("objective_musd")
    compare(findings, "cost", "objective_musd", told=told_objective, found=objective, unit="MUSD")
    expected = {
        term: sum(p[w] * (number(terms[w].get(term)) or 0.0) for w in p)
        for term in dict.fromkeys(term for own in terms.values() for term in own)
    }
    expected["risk"] = objective - sum(p[w] * costs[w] for w in p)
    told = section(claim, "costs_musd")
    for term in dict.fromkeys((*expected, *told)):
        found = expected.get(term, 0.0)
        compare(findings, "cost", term, told=told.get(term), found=found, unit="MUSD")
    figures = _expected_figures(inst, own, {w: one["kpis"] for w, one in alone.items()}, costs)
    figures[PERFECT] = objective - measure(inst, best, best)
    kpis = section(claim, "kpis")
    for name, figure in figures.items():
        compare(findings, "kpi", name, told=kpis.get(name), found=figure)
    if STOCHASTIC in kpis:
        value = number(kpis[STOCHASTIC])
        if value is None or value < -TOLERANCE * max(1.0, abs(objective)):
            message = f"{STOCHASTIC} is {kpis[STOCHASTIC]}: adapting first decisions cannot cost"
            findings.add("kpi", message)


def measure(inst: Instance, costs: Amounts, best: Amounts) -> float:
    """The risk measure: the mean, the worst regret, or the mean and that of the worst part."""
    p = {w: one.probability for w, one in inst.scenarios.items()}
    if inst.risk.measure == "regret":
        return max([0.0, *(costs[w] - best[w] for w in p)])
    mean = sum(p[w] * costs[w] for w in p)
    if inst.risk.measure == "expected":
        return mean
    left = part = 1.0 - inst.risk.level
    worst = 0.0
    for w in sorted(p, key=lambda w: costs[w], reverse=True):
        taken = min(left, p[w])
        worst += taken * costs[w]
        left -= taken
    return (1.0 - inst.risk.weight) * mean + inst.risk.weight * worst / part


def _check_table(
    inst: Instance, costs: Amounts, tables: Mapping[str, Any], findings: Findings
) -> Amounts:
    """Check the table of scenarios; return what each would cost alone, as told [MUSD]."""
    names = {"scenario": list(inst.scenarios)}
    specs = {"scenarios": OWN_SPECS["scenarios"]}
    frame = read_tables(names, tables, findings, specs)["scenarios"]
    rows = {list(inst.scenarios)[row["scenario"]]: row for row in frame.to_dict("records")}
    best = dict(costs)
    for w, day in reveal_dates(inst).items():
        if w not in rows:
            findings.add(FAMILY, f"the table scenarios has no row for {w}")
            continue
        row = rows[w]
        alone, bound = float(row["best_cost_musd"]), float(row["best_bound_musd"])
        best[w] = alone
        right = {
            "probability": inst.scenarios[w].probability,
            "cost_musd": costs[w],
            "regret_musd": costs[w] - alone,
        }
        for column, figure in right.items():
            compare(findings, FAMILY, f"{column} of {w}", told=float(row[column]), found=figure)
        if str(row["revealed"]) != _reveal_text(inst, day):
            findings.add(FAMILY, f"{w} is revealed on {day}, not on {row['revealed']}")
        slack = TOLERANCE * max(1.0, abs(costs[w]))
        for less, more, what in (
            (alone, costs[w], "costs less than at best"),
            (bound, alone, "has a best cost below its bound"),
        ):
            if not np.isnan(less) and less > more + slack:
                findings.add(FAMILY, f"{w} {what}: {amount(more)} < {amount(less)}", less - more)
    return best


def _reveal_text(inst: Instance, day: Any) -> str:
    """A reveal date as the table tells it: never is the end of the horizon."""
    return f"{min(day, inst.horizon.periods()[-1].end)}" if day.year == 9999 else f"{day}"


def _expected_figures(
    inst: Instance,
    own: Mapping[str, Mapping[str, pd.DataFrame]],
    kpis: Mapping[str, Mapping[str, Any]],
    costs: Amounts,
) -> Amounts:
    """Key figures of the whole: means of amounts, and ratios of means."""
    p = {w: one.probability for w, one in inst.scenarios.items()}
    names = dict.fromkeys(name for one in kpis.values() for name in one)
    mean = {name: sum(p[w] * (number(kpis[w].get(name)) or 0.0) for w in p) for name in names}
    demand, mwh = mean.get("demand_ttok", 0.0), 1e3 * mean.get("energy_gwh", 0.0)

    def total(table: str, column: str) -> float:
        return sum(p[w] * _sum(own[w].get(table), column) for w in p)

    cost_usd = 1e6 * sum(p[w] * costs[w] for w in p)
    served, rented = mean.get("served_ttok", 0.0), mean.get("rented_ttok", 0.0)
    ratios = {
        "served_share": (served, demand),
        "tokens_per_mwh_mtok": ((served - rented) * 1e6, mwh),
        "cost_per_mtok_usd": (cost_usd, total("cost_per_mtok", "mtok")),
    }
    ratios |= {f"{where}_share": (total("coverage", f"{where}_ttok"), demand) for where in COVERAGE}
    for name, (part, whole) in ratios.items():
        if whole > 0:
            mean[name] = part / whole
        else:
            mean.pop(name, None)
    return mean


def _sum(frame: pd.DataFrame | None, column: str) -> float:
    """The sum of a column; 0 where there is none."""
    if frame is None or column not in frame.columns:
        return 0.0
    return float(pd.to_numeric(frame[column], errors="coerce").sum())
