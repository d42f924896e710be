"""From a solved model to the tables, costs and key figures of a plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyomo.environ as pyo

from models.instance import Instance
from optimizer.plan.brownfield import conversions, leases
from optimizer.plan.debt import debt
from optimizer.plan.decisions import Tables, read_decisions
from optimizer.plan.emissions import emissions
from optimizer.plan.goals import goals, measures
from optimizer.plan.kpis import kpis
from optimizer.plan.limits import limits
from optimizer.plan.model_families import model_sites, model_transfers
from optimizer.plan.money import by_term, cash, payments
from optimizer.plan.networks import clusters
from optimizer.plan.physical import halls, online, power
from optimizer.plan.pipeline import pipeline
from optimizer.plan.portability import portability
from optimizer.plan.rentals import rental_use
from optimizer.plan.reserve import reserve
from optimizer.plan.resilience import contingency_tables, resilience
from optimizer.plan.runs import least_runs
from optimizer.plan.sovereignty import coverage
from optimizer.plan.token_cost import cost_per_mtok
from optimizer.plan.violations import violations
from optimizer.plan.volume import volume_tiers
from optimizer.search.incumbent import relative_gap

TABLES = (
    "openings",
    "halls",
    "conversions",
    "leases",
    "orders",
    "retirements",
    "grid_upgrades",
    "network_options",
    "commitments",
    "online",
    "reserve",
    "runs",
    "clusters",
    "flows",
    "rentals",
    "rental_use",
    "shortfall",
    "local_control_planes",
    "volume_tiers",
    "coverage",
    "contingency_runs",
    "contingency_flows",
    "contingency_rentals",
    "resilience",
    "portability",
    "model_sites",
    "model_transfers",
    "power",
    "pipeline",
    "emissions",
    "debt",
    "cash",
    "cost_per_mtok",
    "limits",
    "violations",
)


@dataclass(frozen=True)
class Contents:
    """What a plan says: its tables, its cost terms [MUSD] and its key figures."""

    tables: Tables
    costs_musd: dict[str, float]
    kpis: dict[str, float]
    measures: dict[str, float] = field(default_factory=dict)
    """What objectives are made of, other than cost."""

    @property
    def objective(self) -> float:
        """The sum of the cost terms [MUSD]."""
        return sum(self.costs_musd.values())

    def claim(
        self,
        status: str,
        objective: float | None,
        bound: float | None,
        name: str = "cost",
        bounds: Mapping[str, float | None] | None = None,
    ) -> dict[str, Any]:
        """What plan.json says of it, as the checker reads it.

        Args:
            status: how good it is.
            objective: the sum of the cost terms [MUSD]; None without a plan.
            bound: no plan that is as good by the goals before cost costs less [MUSD].
            name: of the objective.
            bounds: of all goals, in order; none given: the cost alone.
        """
        return {
            "status": status,
            "objective": name,
            "goals": goals(self.measures, objective, bounds or {"cost": bound}),
            "objective_musd": objective,
            "bound_musd": bound,
            "gap": relative_gap(objective, bound),
            "costs_musd": self.costs_musd,
            "kpis": self.kpis,
        }


def assemble(m: pyo.ConcreteModel, inst: Instance, contingencies: Tables | None = None) -> Contents:
    """Read the plan out of a solved model; `contingencies`: their tables, if not those in it."""
    tables = read_decisions(m, inst)
    tables |= contingency_tables(m, inst) if contingencies is None else contingencies
    tables["runs"] = least_runs(m, inst, tables)
    tables["volume_tiers"] = volume_tiers(inst, tables["orders"])
    tables["online"] = online(inst, tables)
    tables["reserve"] = reserve(inst, tables)
    tables["clusters"] = clusters(inst, tables)
    tables["halls"] = halls(inst, tables)
    tables["conversions"] = conversions(inst, tables)
    tables["leases"] = leases(inst, tables)
    tables["power"] = power(inst, tables, tables["online"])
    tables["resilience"] = resilience(inst, tables)
    tables["pipeline"] = pipeline(inst)
    tables["portability"] = portability(inst, tables)
    tables["model_sites"] = model_sites(inst, tables)
    tables["model_transfers"] = model_transfers(inst, tables["model_sites"])
    tables["debt"] = debt(inst, tables)
    tables["emissions"] = emissions(inst, tables)
    tables["rental_use"] = rental_use(inst, tables)
    tables["coverage"] = coverage(inst, tables)
    paid = payments(inst, tables)
    tables["cash"] = cash(inst, paid)
    tables["cost_per_mtok"] = cost_per_mtok(inst, tables, paid)
    tables["limits"] = limits(inst, tables, paid)
    tables["violations"] = violations(inst, tables)
    figures = kpis(inst, tables, paid)
    return Contents(
        {name: tables[name] for name in TABLES},
        by_term(paid),
        figures,
        measures(inst, tables, figures),
    )
