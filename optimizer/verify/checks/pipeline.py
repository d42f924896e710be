"""Pipeline: the table of steps says of each how far it has come and from when it counts."""

import numpy as np
import pandas as pd

from optimizer.verify.checks.rows import ABSENT, compare_rows
from optimizer.verify.facts import Facts
from optimizer.verify.facts.pipeline import rungs
from optimizer.verify.findings import Findings
from optimizer.verify.plan import Plan
from optimizer.verify.specs import EMPTY


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check the table of the pipeline."""
    sites, days = facts.inst.sites, plan.names["date"]
    used = any(site.grid_status for site in sites.values())
    rows = [
        (i, days.index(rung.day) if rung.day else EMPTY, rung.mw, rung.status, rung.first)
        for i, site in enumerate(sites.values())
        for rung in rungs(facts.inst, site)
        if used
    ]
    columns = ["site", "date", "mw", "status", "counted_from"]
    expected = pd.DataFrame(rows, columns=columns).astype({"site": np.int64, "date": np.int64})
    expected["required"] = np.ones(len(rows), dtype=bool)
    position = compare_rows(plan, findings, "pipeline", "pipeline", expected)
    expected = expected[position != ABSENT]
    written = plan.tables["pipeline"].iloc[position[position != ABSENT]]
    names = list(sites)
    for column in ("status", "counted_from"):
        told = ["" if pd.isna(text) else str(text) for text in written[column]]
        found = expected[column].tolist()
        findings.refuse(
            "pipeline",
            np.array(told, dtype=object) != np.array(found, dtype=object),
            lambda i, column=column, told=told, found=found: (
                f"the table pipeline gives {column} '{told[i]}' for a step of "
                f"{names[int(expected['site'].iloc[i])]}; it is '{found[i]}'"
            ),
        )
