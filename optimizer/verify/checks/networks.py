"""Networks: options are bought once, where and when they can be had (N1); clusters (Z3)."""

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Floats
from optimizer.verify.checks.rows import ABSENT, compare_rows
from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Plan


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check the orders of network options, the blocks that clusters need, and their tables."""
    _check_options(facts, plan, findings)
    _check_blocks(facts, plan, findings)
    _check_table(facts, plan, findings)


def _check_options(facts: Facts, plan: Plan, findings: Findings) -> None:
    sites, names = list(facts.inst.sites), list(facts.inst.network_options)
    periods, networks, ordered = facts.calendar.names, facts.networks, plan.networks
    for holds, reason in (
        (networks.may_buy[:, :, None], "the site cannot have it"),
        (networks.on_offer, "it cannot be ordered then"),
        (networks.first < len(periods), "it would work in no period of the horizon"),
        (plan.is_open[:, None, :] > 0, "the site is closed"),
    ):
        findings.refuse(
            "network_options",
            (ordered != 0) & ~np.broadcast_to(holds, ordered.shape),
            lambda s, n, t, reason=reason: (
                f"the network {names[n]} is ordered at {sites[s]} in {periods[t]}, but {reason}"
            ),
        )
    times = ordered.sum(axis=(1, 2))
    findings.at_most(
        "network_options",
        np.maximum(times, ordered.max(axis=(1, 2), initial=0.0)),
        1.0,
        lambda s: f"{sites[s]} orders {amount(times[s])} networks; a site can have one",
    )


def _check_blocks(facts: Facts, plan: Plan, findings: Findings) -> None:
    sites, types = list(facts.inst.sites), list(facts.inst.unit_types)
    workloads, periods = list(facts.inst.workloads), facts.calendar.names
    standing = np.broadcast_to(plan.online[:, :, None, :], plan.cluster_units.shape)
    least = np.where(plan.cluster_units > 0, facts.networks.least_units[:, None], 0.0)
    findings.at_most(
        "clusters",
        least,
        standing,
        lambda s, u, k, t: (
            f"{types[u]} at {sites[s]} do {workloads[k]} in {periods[t]}, which needs "
            f"{amount(least[s, u, k, t], 'units')} in one place; "
            f"{amount(standing[s, u, k, t])} are in service"
        ),
    )


def _check_table(facts: Facts, plan: Plan, findings: Findings) -> None:
    """The table of clusters: their size, the step that it lies in, and the network."""
    forms = facts.networks.clustered[:, None] & (plan.cluster_units > 0)
    s, u, k, t = np.nonzero(forms)
    at = (s, u, k, t)
    expected = pd.DataFrame(
        {
            "site": s,
            "unit_type": u,
            "workload": k,
            "period": t,
            "units": plan.cluster_units[at],
            "from_units": plan.cluster_step[at].astype(float),
            "utilisation": plan.utilisation[at],
            "stands": 1.0,
            "required": True,
        }
    )
    position = compare_rows(plan, findings, "clusters", "clusters", expected)
    names = ["", *facts.inst.network_options]
    told = plan.tables["clusters"]["option"].to_numpy()
    found = np.array([names[n + 1] for n in plan.cluster_option[at]], dtype=object)
    rows = np.flatnonzero(position != ABSENT)
    sites, workloads = list(facts.inst.sites), list(facts.inst.workloads)
    findings.refuse(
        "clusters",
        np.array([str(told[position[i]]) != found[i] for i in rows], dtype=bool),
        lambda i: (
            f"the table clusters names another network than '{found[rows[i]]}' for "
            f"{workloads[k[rows[i]]]} at {sites[s[rows[i]]]}"
        ),
    )


def block_use(facts: Facts, plan: Plan) -> tuple[list[str], Floats, Floats, Floats]:
    """Places of the clusters that need a block, their period, units in service, and the least."""
    needs = (plan.cluster_units > 0) & (facts.networks.least_units[:, None] > 0)
    names = [
        list(table) for table in (facts.inst.sites, facts.inst.unit_types, facts.inst.workloads)
    ]
    s, u, k, t = np.nonzero(needs)
    at = [f"{names[0][a]}/{names[1][b]}/{names[2][c]}" for a, b, c in zip(s, u, k, strict=True)]
    return at, t.astype(float), plan.online[s, u, t], facts.networks.least_units[k]
