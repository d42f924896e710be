"""Limits: the table tells every declared limit, its use, what is left and whether it binds."""

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Bools
from optimizer.verify.checks.declared import declared_limits
from optimizer.verify.checks.rows import ABSENT, compare_rows
from optimizer.verify.facts import Facts
from optimizer.verify.findings import TOLERANCE, Findings
from optimizer.verify.money import Money
from optimizer.verify.plan import Plan
from optimizer.verify.specs import SPECS
from optimizer.verify.tables import label


def check(facts: Facts, plan: Plan, money: Money, findings: Findings) -> None:
    """Check the table of limits."""
    expected = declared_limits(facts, plan, money)
    position = compare_rows(plan, findings, "limits", "limits", expected)
    expected = expected[position != ABSENT]
    written = plan.tables["limits"].iloc[position[position != ABSENT]]
    places = expected[list(SPECS["limits"].keys)].to_numpy()

    def where(row: int) -> str:
        return label(plan.names, SPECS["limits"].keys, [int(place) for place in places[row]])

    units = expected["unit"].to_numpy()
    findings.refuse(
        "limits",
        np.array([str(unit) for unit in written["unit"]], dtype=object) != units,
        lambda i: f"the table limits gives another unit than {units[i]} for {where(i)}",
    )
    binds, sure = _binds(expected)
    told = np.array([_truth(value) for value in written["binds"]])
    findings.refuse(
        "limits",
        np.isnan(told) | (sure & (told != binds)),
        lambda i: (
            f"the table limits does not say that {where(i)} {'binds' if binds[i] else 'has room'}"
        ),
    )


def _truth(value: object) -> float:
    """1 or 0 for true or false, also where a file made text of it; else not a number."""
    return {"true": 1.0, "false": 0.0}.get(str(value).lower(), float("nan"))


def _binds(rows: pd.DataFrame) -> tuple[Bools, Bools]:
    """Whether each limit binds, and whether that is beyond the last digits of the figures."""
    slack, step, use = (rows[c].to_numpy(dtype=float) for c in ("slack", "step", "use"))
    nothing = TOLERANCE * np.maximum(1.0, rows["allowed"].to_numpy(dtype=float))
    threshold = np.maximum(step, nothing)
    binds = ((use > 0) & (slack < threshold)) | (slack < -nothing)
    near = np.abs(slack - threshold) <= np.where(step > nothing, nothing, 0.9 * nothing)
    return binds, ~near & ((use == 0) | (use > nothing))
