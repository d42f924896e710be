"""From a solved model to the tables, costs and key figures of a plan."""

import pyomo.environ as pyo

from models.instance import Instance
from optimizer.plan.decisions import Tables, read_decisions
from optimizer.plan.kpis import kpis
from optimizer.plan.limits import limits
from optimizer.plan.money import by_term, cash, payments
from optimizer.plan.physical import halls, online, power
from optimizer.plan.token_cost import cost_per_mtok

TABLES = (
    "openings",
    "halls",
    "orders",
    "online",
    "runs",
    "flows",
    "shortfall",
    "power",
    "cash",
    "cost_per_mtok",
    "limits",
)


def assemble(
    m: pyo.ConcreteModel, inst: Instance
) -> tuple[Tables, dict[str, float], dict[str, float]]:
    """The tables, the cost terms [MUSD] and the key figures of the plan in a solved model."""
    tables = read_decisions(m, inst)
    tables["online"] = online(inst, tables)
    tables["halls"] = halls(inst, tables)
    tables["power"] = power(inst, tables, tables["online"])
    paid = payments(inst, tables)
    tables["cash"] = cash(inst, paid)
    tables["cost_per_mtok"] = cost_per_mtok(inst, tables, paid)
    tables["limits"] = limits(inst, tables, paid)
    figures = kpis(inst, tables, paid)
    return {name: tables[name] for name in TABLES}, by_term(paid), figures
