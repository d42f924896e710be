"""The table of values: one row for each lever, with what was estimated and what was proven."""

from collections.abc import Mapping, Sequence
from math import nan

import pandas as pd

from optimizer.values.costs import Known, difference
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
    status: Mapping[str, str],
    base: Known,
    changed: Mapping[str, Known],
) -> pd.DataFrame:
    """The table, in the order of the levers.

    Args:
        levers: the levers.
        expected: the estimate of each.
        status: how the search ended of those that were solved again, by name.
        base: what is known of the least cost without any change.
        changed: likewise of those that have a plan or a bound, by name.
    """
    rows = [
        _row(lever, estimate, status.get(lever.name, ""), base, changed.get(lever.name))
        for lever, estimate in zip(levers, expected, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict(COLUMNS))


def _row(
    lever: Lever, estimate: Estimate, status: str, base: Known, changed: Known | None
) -> dict[str, object]:
    change, low, high = (nan, nan, nan)
    if changed is not None:
        change, low, high = difference(base, changed, estimate.most)
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
        "status": status,
        "change_musd": change,
        "change_low_musd": low,
        "change_high_musd": high,
        "change_musd_per_unit": change / size,
        "set": lever.sets,
    }
