"""What a plan says of an instance with scenarios: its tables, cost terms and key figures."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from models.instance import Instance
from models.scenarios import reference, revealed
from models.uncertainty.risk import measured
from optimizer.plan.assemble import Contents
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import make_frame
from optimizer.search.incumbent import scale
from optimizer.uncertain.decisions import no_regret, triggers
from optimizer.uncertain.found import Found

MWH_PER_GWH, USD_PER_MUSD = 1e3, 1e6

SHARE = "_share"
"""How the names of key figures end that are parts of all demand."""

ROUNDING = 1e-9
"""Sums of the same amounts in another order differ by less [ratio]."""

Amounts = dict[str, float]


def contents(inst: Instance, futures: Mapping[str, Contents], found: Found) -> Contents:
    """The plan of the whole from the plans of its scenarios."""
    costs = {w: future.objective for w, future in futures.items()}
    best = {w: _best(musd, found.best_musd.get(w, musd)) for w, musd in costs.items()}
    objective = measured(inst, costs, best)
    tables: Tables = {
        "scenarios": _scenarios(inst, costs, best, found.bound_musd),
        **_stacked({w: future.tables for w, future in futures.items()}),
    }
    tables["no_regret"] = no_regret(inst, tables)
    tables["triggers"] = triggers(inst, tables)
    terms = _expected(inst, {w: future.costs_musd for w, future in futures.items()})
    terms["risk"] = 0.0 if inst.risk.measure == "expected" else objective - sum(terms.values())
    figures = key_figures(inst, futures)
    figures["value_of_perfect_information_musd"] = objective - measured(inst, best, best)
    if kept := found.kept_musd.get(reference(inst)):
        figures["value_of_stochastic_solution_musd"] = measured(inst, kept, best) - objective
    return Contents(tables, terms, figures)


def _best(here: float, elsewhere: float) -> float:
    """The least cost of a scenario; one that differs by rounding alone is the same [MUSD]."""
    return elsewhere if elsewhere < here - ROUNDING * scale(here) else here


def by_scenario(futures: Mapping[str, Contents]) -> dict[str, dict[str, Amounts]]:
    """Cost terms and key figures of each scenario, for plan.json."""
    return {
        w: {"costs_musd": dict(future.costs_musd), "kpis": dict(future.kpis)}
        for w, future in futures.items()
    }


def not_known(inst: Instance, found: Found) -> tuple[str, ...]:
    """Why the value of the stochastic solution is not among the key figures, in words."""
    first = reference(inst)
    if found.kept_musd.get(first):
        return ()
    if first in found.kept_musd:
        why = "leaves another scenario without a plan"
    else:
        why = "was not tried out in time"
    return (f"no value of the stochastic solution: to begin as is best for scenario {first} {why}",)


def key_figures(inst: Instance, futures: Mapping[str, Contents]) -> Amounts:
    """Expected key figures; ratios are those of the expected amounts (formulation §8)."""
    mean = _expected(inst, {w: future.kpis for w, future in futures.items()})
    amounts = _expected(inst, {w: _of_ratios(future) for w, future in futures.items()})
    demand, mwh = mean["demand_ttok"], mean["energy_gwh"] * MWH_PER_GWH
    for name in amounts:
        if name.endswith(SHARE):
            mean[name] = amounts[name] / demand if demand else mean[name]
    mean["tokens_per_mwh_mtok"] = amounts["made_mtok"] / mwh if mwh else 0.0
    mean["cost_per_mtok_usd"] = amounts["usd"] / amounts["mtok"] if mean["served_ttok"] else 0.0
    return mean


def _of_ratios(future: Contents) -> Amounts:
    """The amounts of which key figures of a scenario are ratios: parts of demand, tokens, cost."""
    told = future.kpis
    usd, per_mtok = future.objective * USD_PER_MUSD, told["cost_per_mtok_usd"]
    parts = {name: share * told["demand_ttok"] for name, share in told.items() if SHARE in name}
    return {
        **parts,
        "made_mtok": told["tokens_per_mwh_mtok"] * told["energy_gwh"] * MWH_PER_GWH,
        "usd": usd,
        "mtok": usd / per_mtok if per_mtok else 0.0,
    }


def _expected(inst: Instance, amounts: Mapping[str, Mapping[str, float]]) -> Amounts:
    """The mean of each named amount over the scenarios."""
    names = next(iter(amounts.values()))
    return {
        name: sum(inst.scenarios[w].probability * one[name] for w, one in amounts.items())
        for name in names
    }


def _scenarios(inst: Instance, costs: Amounts, best: Amounts, bounds: Amounts) -> pd.DataFrame:
    known_from = revealed(inst)
    rows: list[tuple[Any, ...]] = [
        (
            w,
            known_from[w].isoformat(),
            scenario.probability,
            costs[w],
            best[w],
            min(best[w], bounds[w]) if w in bounds else np.nan,
            costs[w] - best[w],
        )
        for w, scenario in inst.scenarios.items()
    ]
    amounts = ["probability", "cost_musd", "best_cost_musd", "best_bound_musd", "regret_musd"]
    frame = make_frame(rows, ["scenario", "revealed"], amounts)
    return frame[["scenario", "probability", "revealed", *amounts[1:]]]


def _stacked(tables: Mapping[str, Tables]) -> Tables:
    """The tables of all scenarios, one below the other, with a first column that names them."""
    names = next(iter(tables.values()))
    return {name: _named({w: own[name] for w, own in tables.items()}) for name in names}


def _named(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    parts = []
    for w, frame in frames.items():
        part = frame.copy()
        part.insert(0, "scenario", pd.Series([w] * len(frame), dtype="str"))
        parts.append(part)
    kept = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(kept, ignore_index=True)
