"""Local control planes: once, at an open site that offers one, in time to be of use (J1)."""

import numpy as np

from optimizer.verify.facts import Facts
from optimizer.verify.facts.control_planes import in_use
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Plan


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check J1; that streams are served lawfully is checked with the routes."""
    sites, periods = list(facts.inst.sites), facts.calendar.names
    offers = {row.site for row in facts.inst.local_control_planes}
    findings.refuse(
        "control_planes",
        plan.raised * np.array([[name not in offers] for name in sites]) != 0,
        lambda s, t: f"{sites[s]} sets up a local control plane in {periods[t]}, but offers none",
    )
    findings.refuse(
        "control_planes",
        (plan.raised != 0) & (plan.is_open <= 0),
        lambda s, t: f"{sites[s]} sets up a local control plane in {periods[t]}, but is not open",
    )
    total = plan.raised.sum(axis=1)
    findings.at_most(
        "control_planes",
        total,
        1.0,
        lambda s: f"{sites[s]} sets up {amount(total[s])} local control planes",
    )
    last = np.zeros(plan.raised.shape)
    for t in range(facts.calendar.count):
        alone = np.zeros(plan.raised.shape)
        alone[:, t] = 1.0
        last[:, t] = in_use(facts.inst, facts.calendar, alone).max(axis=1)
    findings.refuse(
        "control_planes",
        (plan.raised != 0) & (last == 0) & np.array([[name in offers] for name in sites]),
        lambda s, t: (
            f"{sites[s]} sets up a local control plane in {periods[t]}, too late for the horizon"
        ),
    )
