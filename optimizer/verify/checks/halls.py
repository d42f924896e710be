"""Halls: the table of halls follows from their orders, and units have a hall to stand in."""

import numpy as np
import pandas as pd

from optimizer.verify.checks.rows import compare_rows
from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Plan
from optimizer.verify.soft import over


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check H1 (with the table of halls) and H2."""
    sites, periods = list(facts.inst.sites), facts.calendar.names
    ordered = facts.block_mw[:, None] * plan.blocks
    s, t = np.indices(ordered.shape).reshape(2, -1)
    expected = pd.DataFrame(
        {
            "site": s,
            "period": t,
            "ordered_mw": ordered.ravel(),
            "hall_mw": plan.hall_mw.ravel(),
            "required": ((plan.is_open > 0) | (plan.hall_mw > 0) | (plan.blocks > 0)).ravel(),
        }
    )
    compare_rows(plan, findings, "halls", "halls", expected)
    it_mw, room = plan.it_mw, plan.hall_mw + over(plan, "halls", sites)
    findings.at_most(
        "halls",
        it_mw,
        room,
        lambda s, t: (
            f"units of {amount(it_mw[s, t], 'MW')} stand at {sites[s]} in {periods[t]}, "
            f"{amount(it_mw[s, t] - room[s, t], 'MW')} over its halls of "
            f"{amount(room[s, t], 'MW')}"
        ),
    )
