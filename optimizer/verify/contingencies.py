"""What a plan can do in each contingency, from its tables of flows and work."""

from dataclasses import dataclass

import numpy as np

from optimizer.verify.arrays import Floats
from optimizer.verify.facts import Facts
from optimizer.verify.facts.calendar import Service, in_service
from optimizer.verify.plan import Flows, Plan, flows_of, total


@dataclass(frozen=True)
class Evidence:
    """One contingency; the axes are as those of the plan."""

    flows: Flows
    """Tokens made in this contingency."""
    rentals: Flows
    """Tokens bought; places are offers."""
    served: Floats
    """By both together, by stream, period and slice [Mtok/s]."""
    asked: Floats
    """By stream, period and slice; 0 where the contingency does not happen [Mtok/s]."""
    demand: Floats
    """Demand of the streams of which something is asked for [Mtok/s]."""
    made: Floats
    """At the peak, by site, workload, period and slice [Mtok/s]."""
    runs: Floats
    """Units at work, by site, unit type, workload, period and slice [units]."""
    available: Floats
    """Units that are left and available, by site, unit type and period [units]."""


def evidence(facts: Facts, plan: Plan, x: int) -> Evidence:
    """What the tables say of one contingency."""
    inst, losses = facts.inst, facts.contingencies
    flows, rentals = (
        flows_of(facts, frame[frame["contingency"] == x], place)
        for frame, place in (
            (plan.tables["contingency_flows"], "site"),
            (plan.tables["contingency_rentals"], "offer"),
        )
    )
    runs = plan.tables["contingency_runs"]
    runs = runs[runs["contingency"] == x]
    keys = ("site", "unit_type", "workload", "period", "slice")
    shape = facts.seconds.shape
    happens = losses.happens[x][None, :, None]
    asked = losses.share[x][:, None, None] * facts.streams.demand * happens
    return Evidence(
        flows=flows,
        rentals=rentals,
        served=_by_stream(facts, flows) + _by_stream(facts, rentals),
        asked=asked,
        demand=np.where(asked > 0, facts.streams.demand, 0.0),
        made=total(
            (len(inst.sites), len(inst.workloads), *shape),
            (flows.site, flows.workload, flows.period, flows.slice),
            facts.peak[flows.workload] * flows.mtok_s,
        ),
        runs=total(
            (len(inst.sites), len(inst.unit_types), len(inst.workloads), *shape),
            tuple(runs[key].to_numpy() for key in keys),
            runs["units"].to_numpy(),
        ),
        available=_available(facts, plan, x),
    )


def _by_stream(facts: Facts, flows: Flows) -> Floats:
    """By stream, period and slice [Mtok/s]."""
    known = flows.stream >= 0
    return total(
        (len(facts.streams.names), *facts.seconds.shape),
        (flows.stream[known], flows.period[known], flows.slice[known]),
        flows.mtok_s[known],
    )


def _available(facts: Facts, plan: Plan, x: int) -> Floats:
    """Units of the sites that are left, without orders that are late; never below none."""
    losses, when = facts.contingencies, facts.unit_service
    last = np.minimum(when.last, losses.delivered[x] - 1)
    late = in_service(plan.orders, Service(when.first, last, when.left))
    share = np.array([unit.availability for unit in facts.inst.unit_types.values()])
    units = share[:, None] * np.maximum(plan.online - late, 0.0)
    left: Floats = np.where(losses.lost[x][:, None, None], 0.0, units)
    return left


def missing_musd(facts: Facts, plan: Plan) -> Floats:
    """What is missing at a price, by stream and period, by weight, not discounted [MUSD]."""
    losses = facts.contingencies
    cost = np.zeros(facts.streams.demand.shape[:2])
    priced = ~np.isnan(losses.price)
    for x in range(len(losses.names)):
        one = evidence(facts, plan, x)
        unmade = np.einsum("jtx,tx->jt", np.maximum(one.asked - one.served, 0.0), facts.seconds)
        cost[priced] += losses.weight[x] * losses.price[priced, None] * unmade[priced] / 1e6
    return cost
