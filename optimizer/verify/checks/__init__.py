"""The checks: one file per constraint family or part of the plan."""

from collections.abc import Mapping
from typing import Any

from optimizer.verify.checks import (
    borrowing,
    brownfield,
    budget,
    capacity,
    commitments,
    concentration,
    contingencies,
    control_planes,
    costs,
    coverage,
    demand,
    efficiency,
    emissions,
    goals,
    halls,
    kpis,
    limits,
    model_families,
    networks,
    opex,
    orders,
    origin,
    pipeline,
    portability,
    power,
    rentals,
    reserve,
    retirements,
    routes,
    siting,
    soft,
    status,
    sufficiency,
    supply,
    throughput,
    token_cost,
    upgrades,
    volume,
    water,
)
from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings
from optimizer.verify.money import read_money
from optimizer.verify.plan import Plan


def run_all(facts: Facts, plan: Plan, claim: Mapping[str, Any], findings: Findings) -> None:
    """Run every check."""
    for family in (
        siting,
        orders,
        halls,
        brownfield,
        supply,
        power,
        throughput,
        routes,
        rentals,
        demand,
    ):
        family.check(facts, plan, findings)
    capacity.check(plan, findings)
    retirements.check(facts, plan, findings)
    upgrades.check(facts, plan, findings)
    networks.check(facts, plan, findings)
    commitments.check(facts, plan, findings)
    pipeline.check(facts, plan, findings)
    portability.check(facts, plan, findings)
    model_families.check(facts, plan, findings)
    emissions.check(facts, plan, findings)
    efficiency.check(facts, plan, findings)
    water.check(facts, plan, findings)
    for family in (control_planes, origin, sufficiency, coverage, volume):
        family.check(facts, plan, findings)
    reserve.check(facts, plan, findings)
    contingencies.check(facts, plan, findings)
    money = read_money(facts, plan)
    budget.check(facts, plan, money, findings)
    borrowing.check(facts, plan, money, findings)
    opex.check(facts, plan, money, findings)
    concentration.check(facts, plan, money, findings)
    costs.check(facts, plan, money, claim, findings)
    token_cost.check(facts, plan, money, claim, findings)
    limits.check(facts, plan, money, findings)
    soft.check(facts, plan, findings)
    kpis.check(facts, plan, money, claim, findings)
    goals.check(facts, plan, money, claim, findings)
    status.check(claim, findings)
