"""The plan of one scenario, out of the plan of all."""

from dataclasses import replace

import numpy as np

from optimizer.hashing import instance_sha256
from optimizer.plan.goals import goals
from optimizer.plan.plan import Plan
from optimizer.search.incumbent import proven, relative_gap

OWN_TABLES = ("scenarios", "no_regret", "triggers")
"""The tables that speak of several scenarios."""


def plan_of_scenario(plan: Plan, name: str) -> Plan:
    """The plan of one scenario; its bound is that of the scenario alone.

    Raises KeyError, naming the scenarios there are, for any other name.
    """
    if name not in plan.by_scenario:
        known = ", ".join(plan.by_scenario) or "none"
        raise KeyError(f"no scenario is called '{name}'; there are: {known}")
    own = plan.by_scenario[name]
    objective = sum(own["costs_musd"].values())
    told = plan.tables["scenarios"].set_index("scenario")["best_bound_musd"].to_dict()[name]
    bound = None if np.isnan(told) else min(float(told), objective)
    inst = plan.instance.scenario_instances[name] if plan.instance else None
    return replace(
        plan,
        name=f"{plan.name}, scenario {name}",
        status="optimal" if proven(objective, bound, plan.options.get("gap", 0.0)) else "feasible",
        objective_musd=objective,
        bound_musd=bound,
        gap=relative_gap(objective, bound),
        goals=tuple(goals({}, objective, {"cost": bound})),
        costs_musd=own["costs_musd"],
        kpis=own["kpis"],
        reasons=(),
        tables={
            table: frame[frame["scenario"] == name].drop(columns="scenario").reset_index(drop=True)
            for table, frame in plan.tables.items()
            if table not in OWN_TABLES
        },
        by_scenario={},
        instance=inst,
        instance_sha256=instance_sha256(inst) if inst else plan.instance_sha256,
    )
