"""Throughput: units work only while in service (T1) and make what flows from them (T2)."""

import numpy as np

from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Plan, total


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check T1 and T2."""
    inst, periods = facts.inst, facts.calendar.names
    sites, types, workloads = list(inst.sites), list(inst.unit_types), list(inst.workloads)
    available = np.array([unit.availability for unit in inst.unit_types.values()])
    ready = available[:, None] * plan.online
    busy = plan.runs.sum(axis=2)
    findings.at_most(
        "throughput",
        busy,
        ready,
        lambda s, u, t: (
            f"{amount(busy[s, u, t], 'units')} of {types[u]} work at {sites[s]} in "
            f"{periods[t]}, but only {amount(ready[s, u, t])} of those in service are available"
        ),
    )
    flows = plan.flows
    made = total(
        (len(sites), len(workloads), len(periods)),
        (flows.site, flows.workload, flows.period),
        facts.peak[flows.workload] * flows.mtok_s,
    )
    can = np.einsum("sukt,sukt->skt", facts.tokens, plan.runs)
    findings.at_most(
        "throughput",
        made,
        can,
        lambda s, k, t: (
            f"{sites[s]} makes {amount(made[s, k, t], 'Mtok/s')} of {workloads[k]} "
            f"at the peak of {periods[t]}, but its units at work make {amount(can[s, k, t])}"
        ),
    )
