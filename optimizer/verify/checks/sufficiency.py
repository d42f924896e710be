"""Sufficiency: territories serve their share and host their power (F1, F2)."""

import numpy as np

from optimizer.verify.arrays import Floats
from optimizer.verify.facts import Facts
from optimizer.verify.facts.calendar import values_on
from optimizer.verify.facts.dependence import territories
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Plan


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check F1 and F2."""
    names, periods = list(facts.inst.sufficiency), facts.calendar.names
    for (use, least), what, unit in (
        (served(facts, plan), "serves within its territory", "Mtok/s"),
        (hosted(facts, plan), "has in service in its territory", "MW"),
    ):
        findings.at_most(
            "sufficiency",
            least,
            use,
            lambda f, t, use=use, least=least, what=what, unit=unit: (
                f"the floor {names[f]} {what} {amount(use[f, t], unit)} in {periods[t]}, "
                f"below the least, {amount(least[f, t], unit)}"
            ),
        )


def served(facts: Facts, plan: Plan) -> tuple[Floats, Floats]:
    """Demand of each floor's territory served in it, and the least, by period [Mtok/s]."""
    inst, streams = facts.inst, facts.streams
    use = np.zeros((len(inst.sufficiency), facts.calendar.count))
    least = np.zeros(use.shape)
    for f, (name, floor) in enumerate(inst.sufficiency.items()):
        places = territories(inst)[name]
        counts = np.array(
            [
                inst.regions[r].jurisdiction in places
                and (not floor.workloads or k in floor.workloads)
                and (not floor.data_classes or d in floor.data_classes)
                for r, k, d in streams.names
            ]
        )
        for rows, sources in ((plan.flows, inst.sites), (plan.rentals, inst.rentals)):
            inside = np.array([at.jurisdiction in places for at in sources.values()], dtype=bool)
            own = np.append(counts, False)[rows.stream] & inside[rows.site]
            mean = facts.slices.share[rows.slice[own]] * rows.mtok_s[own]
            np.add.at(use[f], rows.period[own], mean)
        share = values_on(floor.serve_share, facts.calendar.start)
        least[f] = share * (streams.demand[counts].sum(axis=0) @ facts.slices.share)
    return use, least


def hosted(facts: Facts, plan: Plan) -> tuple[Floats, Floats]:
    """IT power in service in each floor's territory, and the least, by period [IT MW]."""
    inst = facts.inst
    use = np.zeros((len(inst.sufficiency), facts.calendar.count))
    least = np.zeros(use.shape)
    for f, (name, floor) in enumerate(inst.sufficiency.items()):
        places = territories(inst)[name]
        inside = [site.jurisdiction in places for site in inst.sites.values()]
        use[f] = plan.it_mw[inside].sum(axis=0)
        least[f] = values_on(floor.host_it_mw, facts.calendar.start)
    return use, least
