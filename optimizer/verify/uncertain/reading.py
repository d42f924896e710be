"""Reading the parts of a plan with scenarios without trusting them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from models.instance import Instance
from optimizer.verify.claims import number, section
from optimizer.verify.findings import Findings
from optimizer.verify.specs import SPECS

FAMILY = "scenarios"
"""The family of what is wrong between scenarios."""

KINDS = {
    "opening": ("openings", "opened"),
    "halls": ("halls", "blocks"),
    "units": ("orders", "units"),
    "grid_upgrade": ("grid_upgrades", "ordered"),
    "network_option": ("network_options", "ordered"),
    "control_plane": ("local_control_planes", "raised"),
    "conversion": ("conversions", "ordered_mw"),
    "lease": ("leases", "new_mw"),
}
"""Kinds of orders, with the table and the column that count them."""

PLACE = ("site", "unit_type", "upgrade", "option", "period")
"""Where, what and when something is ordered; what a kind does without is empty."""

Order = tuple[str, ...]
"""Kind and PLACE of an order."""


def split(
    inst: Instance, tables: Mapping[str, pd.DataFrame], findings: Findings
) -> dict[str, dict[str, pd.DataFrame]]:
    """The tables of each scenario; rows of others are violations."""
    out: dict[str, dict[str, pd.DataFrame]] = {w: {} for w in inst.scenarios}
    for name in SPECS:
        frame = tables.get(name)
        if not isinstance(frame, pd.DataFrame):
            continue
        if list(frame.columns).count("scenario") != 1:
            findings.add(FAMILY, f"the table {name} has no column scenario, or more than one")
            continue
        told = frame["scenario"].astype(str)
        for stranger in sorted(set(told) - set(out)):
            findings.add(FAMILY, f"the table {name} names '{stranger}', which is no scenario")
        for w, own in out.items():
            own[name] = frame[told == w].drop(columns="scenario").reset_index(drop=True)
    return out


def claim_of(claim: Mapping[str, Any], w: str) -> dict[str, Any]:
    """What plan.json says of one scenario, as if it were a plan of its own."""
    told = section(section(claim, "by_scenario"), w)
    costs = section(told, "costs_musd")
    return {
        "status": "feasible",
        "objective_musd": sum(number(musd) or 0.0 for musd in costs.values()),
        "costs_musd": costs,
        "kpis": section(told, "kpis"),
    }


def orders_of(tables: Mapping[str, pd.DataFrame]) -> dict[Order, float]:
    """What a scenario orders: how many of each, or how many MW."""
    out: dict[Order, float] = {}
    for kind, (table, column) in KINDS.items():
        out |= _sums(kind, tables.get(table), column)
    return out


def standing_of(tables: Mapping[str, pd.DataFrame]) -> dict[Order, float]:
    """What else is decided: units that leave, whatever their cohort, and halls on lease [MW]."""
    leaving = _sums("leaving", tables.get("retirements"), "units")
    return leaving | _sums("on lease", tables.get("leases"), "leased_mw")


def _sums(kind: str, frame: pd.DataFrame | None, column: str) -> dict[Order, float]:
    """Amounts that are not 0, by place."""
    out: dict[Order, float] = {}
    if frame is None or column not in frame.columns:
        return out
    for row in frame.to_dict("records"):
        key = (kind, *(str(row.get(part, "")) for part in PLACE))
        if told := number(row[column]):
            out[key] = out.get(key, 0.0) + told
    return out
