"""Efficiency: sites under a floor make enough tokens of each MWh they draw (E2)."""

import numpy as np

from optimizer.verify.arrays import Floats
from optimizer.verify.facts import Facts
from optimizer.verify.facts.calendar import values_on
from optimizer.verify.facts.pools import under_cap
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Plan, total

MTOK_PER_TTOK = 1e6


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check E2, in Ttok as the model states it."""
    names, periods = list(facts.inst.efficiency_floors), facts.calendar.names
    made, mwh, floor = efficiency(facts, plan)
    findings.at_most(
        "efficiency",
        floor * mwh / MTOK_PER_TTOK,
        made / MTOK_PER_TTOK,
        lambda f, t: (
            f"the sites under the floor {names[f]} make {amount(made[f, t] / mwh[f, t])} Mtok per "
            f"MWh in {periods[t]}, but {amount(floor[f, t])} are the least"
        ),
    )


def efficiency(facts: Facts, plan: Plan) -> tuple[Floats, Floats, Floats]:
    """Tokens made [Mtok], energy [MWh] and floor [Mtok per MWh], by floor and period."""
    flows, floors = plan.flows, facts.inst.efficiency_floors.values()
    mtok = flows.mtok_s * facts.seconds[flows.period, flows.slice]
    by_site = total(plan.opened.shape, (flows.site, flows.period), mtok)
    members = np.array([under_cap(facts.inst, floor) for floor in floors], dtype=float)
    members = members.reshape(len(floors), len(by_site))
    least = np.array([values_on(floor.mtok_per_mwh, facts.calendar.start) for floor in floors])
    return (
        members @ by_site,
        members @ plan.energy_gwh * 1000.0,
        least.reshape(len(floors), facts.calendar.count),
    )
