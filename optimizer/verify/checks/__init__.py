"""The checks: one file per constraint family or part of the plan."""

from collections.abc import Mapping
from typing import Any

from optimizer.verify.checks import (
    borrowing,
    budget,
    capacity,
    costs,
    demand,
    efficiency,
    emissions,
    goals,
    halls,
    kpis,
    limits,
    opex,
    orders,
    power,
    retirements,
    routes,
    siting,
    status,
    supply,
    throughput,
    token_cost,
    upgrades,
    water,
)
from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings
from optimizer.verify.money import read_money
from optimizer.verify.plan import Plan


def run_all(facts: Facts, plan: Plan, claim: Mapping[str, Any], findings: Findings) -> None:
    """Run every check."""
    for family in (siting, orders, halls, supply, power, throughput, routes, demand):
        family.check(facts, plan, findings)
    capacity.check(plan, findings)
    retirements.check(facts, plan, findings)
    upgrades.check(facts, plan, findings)
    emissions.check(facts, plan, findings)
    efficiency.check(facts, plan, findings)
    water.check(facts, plan, findings)
    money = read_money(facts, plan)
    budget.check(facts, plan, money, findings)
    borrowing.check(facts, plan, money, findings)
    opex.check(facts, money, findings)
    costs.check(facts, plan, money, claim, findings)
    token_cost.check(facts, plan, money, claim, findings)
    limits.check(facts, plan, money, findings)
    kpis.check(facts, plan, money, claim, findings)
    goals.check(facts, plan, money, claim, findings)
    status.check(claim, findings)
