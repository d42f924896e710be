"""Throughput: units work only while in service (T1) and make what flows from them (T2)."""

import numpy as np

from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Plan, total


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check T1 and T2."""
    inst = facts.inst
    sites, types, workloads = list(inst.sites), list(inst.unit_types), list(inst.workloads)
    available = np.array([unit.availability for unit in inst.unit_types.values()])
    busy = plan.runs.sum(axis=2)
    ready = np.broadcast_to((available[:, None] * plan.online)[:, :, :, None], busy.shape)
    findings.at_most(
        "throughput",
        busy,
        ready,
        lambda s, u, t, x: (
            f"{amount(busy[s, u, t, x], 'units')} of {types[u]} work at {sites[s]} in "
            f"{facts.when(t, x)}, but only {amount(ready[s, u, t, x])} of those in service are "
            "available"
        ),
    )
    flows = plan.flows
    made = total(
        (len(sites), len(workloads), *facts.seconds.shape),
        (flows.site, flows.workload, flows.period, flows.slice),
        facts.peak[flows.workload] * flows.mtok_s,
    )
    can = np.einsum("sukt,suktx->sktx", facts.tokens * plan.utilisation, plan.runs)
    findings.at_most(
        "throughput",
        made,
        can,
        lambda s, k, t, x: (
            f"{sites[s]} makes {amount(made[s, k, t, x], 'Mtok/s')} of {workloads[k]} at the "
            f"peak of {facts.when(t, x)}, but its units at work make {amount(can[s, k, t, x])}"
        ),
    )
