"""Portability: the table of moved work follows from flows and work (Y1, Y2)."""

import numpy as np
import pandas as pd

from optimizer.verify.checks.rows import compare_rows
from optimizer.verify.facts import Facts
from optimizer.verify.findings import TOLERANCE, Findings, amount
from optimizer.verify.plan import Plan, total
from optimizer.verify.portability import work_moved


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check the table of portability, and that no unit works for nobody where that counts (Y3)."""
    moved, cost = work_moved(facts, plan)
    k, kind, t = np.indices(moved.shape).reshape(3, -1)
    expected = {
        "workload": k,
        "kind": kind,
        "period": t,
        "moved_mtok_s": moved.ravel(),
        "musd": cost.ravel(),
        "required": moved.ravel() > TOLERANCE,
    }
    _check_useful(facts, plan, findings)
    compare_rows(plan, findings, "portability", "portability", pd.DataFrame(expected))


def _check_useful(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Work is measured by generation where moving it has a price, so none is done for nobody."""
    workloads = facts.inst.workloads.values()
    counts = np.array([w.port_generation_musd_per_mtok_s > 0 for w in workloads])
    can = np.einsum("sukt,sukt,suktx->sktx", facts.tokens, plan.utilisation, plan.runs)
    flows = plan.flows
    where = (flows.site, flows.workload, flows.period, flows.slice)
    made = total(can.shape, where, facts.peak[flows.workload] * flows.mtok_s)
    sites, names = list(facts.inst.sites), list(facts.inst.workloads)
    findings.at_most(
        "portability",
        np.where(counts[:, None, None], can, 0.0),
        np.where(counts[:, None, None], made, 0.0),
        lambda s, k, t, x: (
            f"units at {sites[s]} work for {amount(can[s, k, t, x], 'Mtok/s')} of {names[k]} in "
            f"{facts.when(t, x)}, but only {amount(made[s, k, t, x])} are made"
        ),
    )
