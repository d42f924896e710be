"""Volume tiers: the table tells what lies beyond each, what it saves, and when it is reached."""

import numpy as np
import pandas as pd

from optimizer.verify.checks.rows import compare_rows
from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings
from optimizer.verify.plan import Plan
from optimizer.verify.volume import ordered_beyond


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check the table of volume tiers."""
    inst, count = facts.inst, facts.calendar.count
    types = list(inst.unit_types)
    parts = [
        pd.DataFrame(
            {
                name: np.array([], dtype=np.int64)
                for name in ("unit_type", "tier", "period", "units", "saved_musd", "reached")
            }
            | {"required": np.array([], dtype=bool)}
        )
    ]
    for row in inst.volume_tiers:
        u = types.index(row.unit_type)
        below = [
            one.price_share
            for one in inst.volume_tiers
            if one.unit_type == row.unit_type and one.from_units < row.from_units
        ]
        units = ordered_beyond(plan, u, row.from_units)
        saved = (min(below, default=1.0) - row.price_share) * inst.unit_types[
            row.unit_type
        ].capex_musd
        parts.append(
            pd.DataFrame(
                {
                    "unit_type": u,
                    "tier": plan.names["tier"].index(str(row.from_units)),
                    "period": np.arange(count),
                    "units": units,
                    "saved_musd": units * saved,
                    "reached": ((units > 0) & (np.cumsum(units) == units)).astype(float),
                    "required": units > 0,
                }
            )
        )
    compare_rows(plan, findings, "volume", "volume_tiers", pd.concat(parts, ignore_index=True))
