"""Capacity: the units in service follow from orders and initial fleet, by exact dates (C1)."""

import numpy as np
import pandas as pd

from optimizer.verify.checks.rows import compare_rows
from optimizer.verify.findings import Findings
from optimizer.verify.plan import Plan


def check(plan: Plan, findings: Findings) -> None:
    """Check C1, on the table of units in service."""
    s, u, t = np.indices(plan.online.shape).reshape(3, -1)
    units = plan.online.ravel()
    expected = pd.DataFrame(
        {"site": s, "unit_type": u, "period": t, "units": units, "required": units > 0}
    )
    compare_rows(plan, findings, "capacity", "online", expected)
