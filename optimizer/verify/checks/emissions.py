"""Emissions: what sites under a cap emit stays within it (E1), and the table of emissions."""

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Floats
from optimizer.verify.checks.rows import compare_rows
from optimizer.verify.environment import T_PER_KT, embodied_kt, emitted_kt, water_m3
from optimizer.verify.facts import Facts
from optimizer.verify.facts.calendar import values_on
from optimizer.verify.facts.pools import under_cap
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Plan


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check E1 and the table of emissions."""
    names, periods = list(facts.inst.carbon.caps), facts.calendar.names
    used, allowed = carbon_use(facts, plan)
    findings.at_most(
        "emissions",
        used,
        allowed,
        lambda c, t: (
            f"the sites under the cap {names[c]} emit {amount(used[c, t], 'ktCO2')} in "
            f"{periods[t]}, but {amount(allowed[c, t], 'ktCO2')} is allowed"
        ),
    )
    s, t = np.indices(plan.opened.shape).reshape(2, -1)
    expected = pd.DataFrame(
        {
            "site": s,
            "period": t,
            "tco2": T_PER_KT * emitted_kt(facts, plan).ravel(),
            "embodied_tco2": T_PER_KT * embodied_kt(facts, plan).ravel(),
            "water_m3": water_m3(facts, plan).ravel(),
            "required": False,
        }
    )
    compare_rows(plan, findings, "emissions", "emissions", expected)


def carbon_use(facts: Facts, plan: Plan) -> tuple[Floats, Floats]:
    """Emissions and what is allowed, by cap and period [ktCO2]."""
    caps, emitted = facts.inst.carbon.caps.values(), emitted_kt(facts, plan)
    used = np.zeros((len(caps), facts.calendar.count))
    allowed = np.zeros(used.shape)
    for c, cap in enumerate(caps):
        used[c] = emitted[under_cap(facts.inst, cap)].sum(axis=0)
        rate = values_on(cap.tco2_per_year, facts.calendar.start)
        allowed[c] = rate * facts.calendar.years / T_PER_KT
    return used, allowed
