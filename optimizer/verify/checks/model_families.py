"""Model families: sites that use models train them or get them from one that does (I1 to I5)."""

import numpy as np
import pandas as pd

from optimizer.verify.checks.rows import compare_rows
from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings
from optimizer.verify.model_families import carried_gb, lawful_ways, model_work, row_musd
from optimizer.verify.plan import Plan


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check the tables of model sites and of transfers against the flows."""
    inst, work = facts.inst, model_work(facts, plan)
    f, s, t = np.indices(work.trained.shape).reshape(3, -1)
    expected = {
        "model_family": f,
        "site": s,
        "period": t,
        "trained_mtok_s": work.trained.ravel(),
        "served_mtok_s": work.served.ravel(),
        "trains": work.trains.ravel().astype(float),
        "holds": work.holds.ravel().astype(float),
        "required": (work.trains | work.holds).ravel(),
    }
    compare_rows(plan, findings, "model_families", "model_sites", pd.DataFrame(expected))
    rows = plan.tables["model_transfers"]
    keys = ["model_family", "site", "from_site", "period"]
    own = rows[keys].assign(gb=carried_gb(facts, plan), musd=row_musd(facts, plan), required=False)
    compare_rows(plan, findings, "model_families", "model_transfers", own)
    f, s, a, t = (rows[key].to_numpy(dtype=np.int64) for key in keys)
    wants = work.holds & ~work.trains
    got = np.zeros(wants.shape, dtype=np.int64)
    np.add.at(got, (f, s, t), 1)
    families, sites, periods = list(inst.model_families), list(inst.sites), facts.calendar.names
    for wrong, why in (
        (~work.trains[f, a, t], "where it is not trained"),
        (~lawful_ways(facts)[f, a, s], "which the law of its weights forbids"),
        (~wants[f, s, t], "which trains it itself or does not serve it"),
    ):
        findings.refuse(
            "model_families",
            wrong,
            lambda i, why=why: (
                f"{sites[s[i]]} gets {families[f[i]]} from {sites[a[i]]} in {periods[t[i]]}, {why}"
            ),
        )
    findings.refuse(
        "model_families",
        wants & (got == 0),
        lambda f, s, t: (
            f"{sites[s]} serves {families[f]} in {periods[t]}, but neither trains nor gets it"
        ),
    )
    findings.refuse(
        "model_families",
        got > 1,
        lambda f, s, t: f"{sites[s]} gets {families[f]} from several sites in {periods[t]}",
    )
