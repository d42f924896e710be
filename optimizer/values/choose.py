"""Which levers there are at a plan, which are solved again, and in which order they stand."""

from collections.abc import Mapping, Sequence
from math import inf, isnan

import pandas as pd

from models.instance import Instance
from models.problems import InstanceError
from optimizer.plan.plan import Plan
from optimizer.values.dates import EARLIER, energisations
from optimizer.values.declared import KINDS, PERCENT_10, lever
from optimizer.values.estimates import Estimate
from optimizer.values.law import latencies, residencies
from optimizer.values.lever import Lever, Step

DEFAULTS: Mapping[str, Step] = {
    **{name: kind.step for name, kind in KINDS.items()},
    "energisation": EARLIER,
    "latency": PERCENT_10,
}
"""The step of each kind of lever, if nothing else is asked for."""


def levers_of(inst: Instance, plan: Plan, steps: Mapping[str, Step] = DEFAULTS) -> list[Lever]:
    """Every lever of a plan: limits that bind, dates of energisation, latency limits and law."""
    limits = plan.table("limits")
    bound = limits[limits["binds"].astype(bool)][["limit", "at"]].drop_duplicates()
    found = [
        lever(inst, kind, at, steps[kind])
        for kind, at in bound.itertuples(index=False, name=None)
        if kind in KINDS
    ]
    full = set(bound.loc[bound["limit"] == "site_power", "at"])
    found += energisations(inst, steps["energisation"], full)
    found += latencies(inst, steps["latency"])
    found += residencies(inst)
    by_change = {repr(sorted(one.changes.items())): one for one in reversed(found)}
    return list(reversed(by_change.values()))


def impossible(inst: Instance, levers: Sequence[Lever]) -> dict[str, str]:
    """Why levers cannot be moved so far, by name."""
    out = {}
    for one in levers:
        try:
            inst.with_changes(one.changes)
        except InstanceError as error:
            out[one.name] = str(error.problems[0])
    return out


def chosen(
    levers: Sequence[Lever], expected: Sequence[Estimate], top: int, *, rule: bool
) -> list[Lever]:
    """The levers that are solved again: the first by estimate, and all that have no amount.

    None if none are asked for. Of a rule its whole, and its first parts.
    """
    if rule:
        return list(levers[: top + 1])
    if top == 0:
        return []
    plain = [
        (lever, estimate)
        for lever, estimate in zip(levers, expected, strict=True)
        if lever.size is not None
    ]
    first = sorted(plain, key=lambda pair: -_weight(pair[1]))[:top]
    return [*(lever for lever, _ in first), *(one for one in levers if one.size is None)]


def _weight(estimate: Estimate) -> float:
    """How much an estimate promises; what is not known comes last."""
    return -inf if isnan(estimate.sites) else max(abs(estimate.sites), abs(estimate.built))


def ranked(table: pd.DataFrame) -> pd.DataFrame:
    """The largest exact change first, then the largest estimate."""
    keys = pd.DataFrame(
        {
            "solved": table["change_musd"].isna(),
            "exact": -table["change_musd"].abs(),
            "expected": -table[["estimate_sites_musd", "estimate_built_musd"]].abs().max(axis=1),
        }
    )
    order = keys.sort_values(list(keys.columns), kind="stable", na_position="last").index
    return table.loc[order].reset_index(drop=True)
