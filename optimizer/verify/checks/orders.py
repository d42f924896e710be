"""Orders: only what can be had, stand and serve is ordered."""

import numpy as np

from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Plan


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check that every order of units and halls is a possible one."""
    sites, types = list(facts.inst.sites), list(facts.inst.unit_types)
    periods = facts.calendar.names
    shape = plan.orders.shape
    for holds, reason in (
        (facts.fits[:, :, None], "the site lacks its cooling or rack power, or law bars it"),
        (facts.ordering_time, "it cannot be ordered then"),
        (facts.unit_service.exists, "it would serve no period of the horizon"),
        (facts.most_units >= 1, "the grid connection does not carry one on its first day"),
    ):
        findings.refuse(
            "orders",
            (plan.orders != 0) & ~np.broadcast_to(holds, shape),
            lambda s, u, t, reason=reason: (
                f"{amount(plan.orders[s, u, t], 'units')} of "
                f"{types[u]} are ordered at {sites[s]} in {periods[t]}, but {reason}"
            ),
        )
    findings.refuse(
        "orders",
        (plan.blocks != 0) & ~facts.hall_service.exists,
        lambda s, t: (
            f"{amount(plan.blocks[s, t], 'halls')} are ordered at {sites[s]} in "
            f"{periods[t]}, but would serve no period of the horizon"
        ),
    )
