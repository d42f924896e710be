"""The table of values: one row for each lever, with what was estimated and what was proven."""

from collections.abc import Mapping, Sequence
from math import nan

import pandas as pd

from optimizer.plan.plan import Plan
from optimizer.study.run import CaseResult
from optimizer.values.estimates import Estimate
from optimizer.values.lever import Lever

COLUMNS: Mapping[str, str] = {
    "lever": "str",
    "kind": "str",
    "at": "str",
    "path": "str",
    "move": "str",
    "step": "float64",
    "unit": "str",
    "estimate_built_musd": "float64",
    "estimate_sites_musd": "float64",
    "marginal_musd_per_unit": "float64",
    "status": "str",
    "change_musd": "float64",
    "change_low_musd": "float64",
    "change_high_musd": "float64",
    "change_musd_per_unit": "float64",
    "set": "str",
}
"""The columns and their types; docs/values.md says what they mean."""


def frame(
    levers: Sequence[Lever],
    expected: Sequence[Estimate],
    found: Mapping[str, CaseResult],
    base: Plan,
) -> pd.DataFrame:
    """The table, in the order of the levers.

    Args:
        levers: the levers.
        expected: the estimate of each.
        found: the results of those that were solved again, by name.
        base: the plan without any change.
    """
    rows = [
        _row(lever, estimate, found.get(lever.name), base)
        for lever, estimate in zip(levers, expected, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict(COLUMNS))


def _row(
    lever: Lever, estimate: Estimate, result: CaseResult | None, base: Plan
) -> dict[str, object]:
    change, low, high = (nan, nan, nan) if result is None else difference(base, result)
    size = nan if lever.size is None else lever.size
    return {
        "lever": lever.name,
        "kind": lever.kind,
        "at": lever.at,
        "path": lever.path,
        "move": lever.move,
        "step": size,
        "unit": lever.unit,
        "estimate_built_musd": estimate.built,
        "estimate_sites_musd": estimate.sites,
        "marginal_musd_per_unit": estimate.sites / size,
        "status": "" if result is None else result.status,
        "change_musd": change,
        "change_low_musd": low,
        "change_high_musd": high,
        "change_musd_per_unit": change / size,
        "set": lever.sets,
    }


def difference(base: Plan, changed: CaseResult) -> tuple[float, float, float]:
    """Cost of the changed plan less that of the base; and what the least costs may differ by.

    The least cost of an instance lies between its bound and its plan. So the difference of the two
    least costs is at least (bound of the changed − plan of the base), and at most (plan of the
    changed − bound of the base). NaN where there is no plan.
    """
    before, after = base.objective_musd, changed.objective_musd
    if before is None or after is None:
        return nan, nan, nan
    least, least_after = base.bound_musd, changed.summary.get("bound_musd")
    low = nan if least_after is None else least_after - before
    high = nan if least is None else after - least
    return after - before, low, high
