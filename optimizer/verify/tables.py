"""The plan's tables: what they must hold, and reading them without trusting them.

Names become positions in the instance's lists, so that every check can count with arrays. What
cannot be read is a violation and is left out; nothing here raises because of a bad table.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from models.instance import Instance
from optimizer.verify.arrays import Bools, Floats, Ints
from optimizer.verify.facts.cohorts import initial_cohorts
from optimizer.verify.facts.contingencies import contingency_names
from optimizer.verify.facts.dependence import holders
from optimizer.verify.facts.pipeline import step_days
from optimizer.verify.findings import MOST_NAMED, TOLERANCE, Findings

TERMS = (
    "site_opening",
    "grid_upgrade",
    "network_option",
    "hall_capex",
    "unit_capex",
    "changes",
    "interest",
    "retirement",
    "conversion_capex",
    "site_opex",
    "unit_opex",
    "mining_margin_lost",
    "lease",
    "energy",
    "carbon",
    "water",
    "network",
    "rent",
    "portability",
    "model_transfer",
    "shortfall",
    "revenue",
    "contingency_shortfall",
    "end_value",
    "control_plane_capex",
    "control_plane_opex",
    "volume_rebate",
    "violations",
)
"""The terms of the objective."""

LIMITS = (
    "site_power",
    "grid_region_power",
    "halls",
    "install_rate",
    "quota",
    "budget",
    "borrowing",
    "opex",
    "carbon",
    "efficiency",
    "water",
    "min_build",
    "cluster",
    "model_training",
    "frozen",
    "demand",
    "conversion",
    "lease",
    "rental",
    "sufficiency_share",
    "sufficiency_mw",
    "tokens_share",
    "it_mw_share",
    "capital_share",
    "contingency",
    "reserve",
)
"""The limits that a plan reports on."""

COMMITTED = ("opening", "halls", "units", "upgrade")
"""What can be committed."""

COVERAGE = ("in_country", "in_bloc", "abroad", "thin")
"""Where demand is served, seen from where it arises; thin is a part of in_country."""

EMPTY = -1
"""The position that stands for an empty name."""


@dataclass(frozen=True)
class Spec:
    """What a table must hold."""

    keys: tuple[str, ...]
    """Index columns."""
    amounts: tuple[str, ...]
    """Number columns."""
    whole: frozenset[str] = frozenset()
    """Number columns that hold whole numbers."""
    signed: frozenset[str] = frozenset()
    """Number columns that may be negative."""
    optional: frozenset[str] = field(default=frozenset())
    """Index columns whose name may be empty, and number columns that may be."""
    texts: tuple[str, ...] = ()
    """Further columns, kept as they are."""


_STREAM = ("region", "workload", "data_class")
_MONEY = frozenset({"musd", "discounted_musd", "usd_per_mtok", "slack"})

SPECS: Mapping[str, Spec] = {
    "openings": Spec(("site", "period"), ("opened",), frozenset({"opened"})),
    "halls": Spec(("site", "period"), ("blocks", "ordered_mw", "hall_mw"), frozenset({"blocks"})),
    "conversions": Spec(
        ("site", "period"),
        ("ordered_mw", "converted_mw", "hall_mw", "mining_mw", "blocks"),
        frozenset({"blocks"}),
    ),
    "leases": Spec(("site", "period"), ("leased_mw", "new_mw", "blocks"), frozenset({"blocks"})),
    "orders": Spec(("site", "unit_type", "period"), ("units",), frozenset({"units"})),
    "retirements": Spec(
        ("site", "unit_type", "cohort", "period"), ("units",), frozenset({"units"})
    ),
    "grid_upgrades": Spec(
        ("site", "upgrade", "period"),
        ("ordered", "added_mw", "added_cap_mw"),
        frozenset({"ordered"}),
    ),
    "network_options": Spec(("site", "option", "period"), ("ordered",), frozenset({"ordered"})),
    "commitments": Spec(
        ("site", "what", "name", "period"),
        ("committed", "kept", "cancelled", "delayed"),
        frozenset({"committed", "kept", "cancelled", "delayed"}),
        optional=frozenset({"name"}),
    ),
    "online": Spec(("site", "unit_type", "period"), ("units",), frozenset({"units"})),
    "reserve": Spec(
        ("site", "unit_type", "workload", "period"),
        ("units", "reserve_units"),
        frozenset({"units", "reserve_units"}),
    ),
    "runs": Spec(("site", "unit_type", "workload", "period", "slice"), ("units",)),
    "clusters": Spec(
        ("site", "unit_type", "workload", "period"),
        ("utilisation", "units", "from_units", "stands"),
        frozenset({"units", "from_units", "stands"}),
        texts=("option",),
    ),
    "flows": Spec((*_STREAM, "site", "period", "slice"), ("mtok_s",)),
    "rentals": Spec((*_STREAM, "offer", "period", "slice"), ("mtok_s",)),
    "rental_use": Spec(("offer", "period"), ("mtok_s", "paid_mtok_s", "used"), frozenset({"used"})),
    "shortfall": Spec((*_STREAM, "period", "slice"), ("mtok_s",)),
    "local_control_planes": Spec(("site", "period"), ("raised",), frozenset({"raised"})),
    "volume_tiers": Spec(
        ("unit_type", "tier", "period"),
        ("units", "saved_musd", "reached"),
        frozenset({"units", "reached"}),
    ),
    "coverage": Spec(
        ("jurisdiction", "data_class", "period"),
        (
            "demand_ttok",
            *(f"{where}_ttok" for where in COVERAGE),
            *(f"{where}_share" for where in COVERAGE),
        ),
    ),
    "contingency_runs": Spec(
        ("contingency", "site", "unit_type", "workload", "period", "slice"), ("units",)
    ),
    "contingency_flows": Spec(("contingency", *_STREAM, "site", "period", "slice"), ("mtok_s",)),
    "contingency_rentals": Spec(("contingency", *_STREAM, "offer", "period", "slice"), ("mtok_s",)),
    "resilience": Spec(
        ("contingency", "workload", "period", "slice"),
        ("demand_mtok_s", "asked_mtok_s", "served_mtok_s", "share"),
    ),
    "power": Spec(("site", "period"), ("it_mw", "meter_mw", "limit_mw", "energy_gwh")),
    "portability": Spec(("workload", "kind", "period"), ("moved_mtok_s", "musd")),
    "model_sites": Spec(
        ("model_family", "site", "period"),
        ("trained_mtok_s", "served_mtok_s", "trains", "holds"),
        frozenset({"trains", "holds"}),
    ),
    "model_transfers": Spec(("model_family", "site", "from_site", "period"), ("gb", "musd")),
    "pipeline": Spec(
        ("site", "date"),
        ("mw",),
        signed=frozenset({"mw"}),
        optional=frozenset({"date"}),
        texts=("status", "counted_from"),
    ),
    "emissions": Spec(("site", "period"), ("tco2", "embodied_tco2", "water_m3")),
    "debt": Spec(("pool", "period"), ("debt_musd", "interest_musd")),
    "cash": Spec(
        ("period", "pool", "term"),
        ("musd", "discounted_musd"),
        signed=_MONEY,
        optional=frozenset({"pool"}),
    ),
    "cost_per_mtok": Spec(
        ("region", "workload", "period"),
        ("mtok", "musd", "shortfall_musd", "revenue_musd", "usd_per_mtok"),
        signed=_MONEY,
        optional=frozenset({"region", "workload", "usd_per_mtok"}),
    ),
    "limits": Spec(
        ("limit", "at", "period"),
        ("use", "allowed", "slack"),
        signed=_MONEY,
        optional=frozenset({"period"}),
        texts=("unit", "binds"),
    ),
    "violations": Spec(
        ("limit", "at", "period"),
        ("excess", "price_musd", "musd"),
        optional=frozenset({"period"}),
        texts=("unit",),
    ),
}
"""The tables of docs/plan-format.md that carry a plan."""


def vocabulary(
    inst: Instance, periods: Sequence[str], slices: Sequence[str]
) -> dict[str, list[str]]:
    """The names that each index column knows, in the instance's order."""
    places = [*inst.sites, *inst.grid_regions, *inst.quotas, *inst.budget.pools, *inst.workloads]
    places += inst.budget.opex_caps
    places += [
        f"{s}/{u}/{k}"
        for k, workload in inst.workloads.items()
        if workload.cluster.min_units
        for s in inst.sites
        for u in inst.unit_types
    ]
    places += [f"{f}/{s}" for f in inst.model_families for s in inst.sites]
    places += inst.carbon.caps
    places += inst.efficiency_floors
    places += inst.rentals
    places += [*inst.sufficiency, *(f"{cap}/{holder}" for cap, holder in holders(inst))]
    places += contingency_names(inst)
    return {
        "site": list(inst.sites),
        "from_site": list(inst.sites),
        "model_family": list(inst.model_families),
        "unit_type": list(inst.unit_types),
        "cohort": [*periods, *initial_cohorts(inst)],
        "upgrade": list(inst.grid_upgrades),
        "option": list(inst.network_options),
        "what": list(COMMITTED),
        "kind": ["operator", "generation"],
        "date": step_days(inst),
        "name": list(dict.fromkeys([*inst.unit_types, *inst.grid_upgrades])),
        "workload": list(inst.workloads),
        "region": list(inst.regions),
        "data_class": list(inst.data_classes),
        "jurisdiction": list(inst.jurisdictions),
        "tier": list(dict.fromkeys(str(row.from_units) for row in inst.volume_tiers)),
        "period": list(periods),
        "slice": list(slices),
        "offer": list(inst.rentals),
        "contingency": contingency_names(inst),
        "pool": list(inst.budget.pools),
        "term": list(TERMS),
        "limit": list(LIMITS),
        "at": list(dict.fromkeys(places)),
    }


def read_tables(
    names: Mapping[str, list[str]],
    tables: Mapping[str, Any],
    findings: Findings,
    specs: Mapping[str, Spec] = SPECS,
) -> dict[str, pd.DataFrame]:
    """Every table with positions for names and floats for numbers, unreadable rows left out."""
    return {
        table: _read(table, spec, names, tables.get(table), findings)
        for table, spec in specs.items()
    }


def _read(
    table: str, spec: Spec, names: Mapping[str, list[str]], frame: object, findings: Findings
) -> pd.DataFrame:
    columns = (*spec.keys, *spec.amounts, *spec.texts)
    if not isinstance(frame, pd.DataFrame):
        findings.add("tables", f"the table {table} is missing")
        return pd.DataFrame({c: np.array([], dtype=_dtype(spec, c)) for c in columns})
    good = np.ones(len(frame), dtype=bool)
    read: dict[str, Any] = {}
    for column in columns:
        found = int((frame.columns == column).sum())
        if found != 1:
            how = "no column" if not found else "more than one column"
            findings.add("tables", f"the table {table} has {how} {column}")
            read[column] = np.zeros(len(frame), dtype=_dtype(spec, column))
            good[:] = False
        elif column in spec.keys:
            read[column], known = _positions(table, spec, names, frame[column], findings)
            good &= known
        elif column in spec.amounts:
            read[column], known = _numbers(table, spec, frame[column], findings)
            good &= known
        else:
            read[column] = frame[column].to_numpy(dtype=object)
    clean = pd.DataFrame(read)[good]
    again = clean.duplicated(list(spec.keys))
    if again.any():
        row = clean[again].iloc[0]
        where = label(names, spec.keys, [int(row[key]) for key in spec.keys])
        message = f"the table {table} has more than one row for {where}"
        findings.add("tables", message, float(again.sum()))
    return clean[~again].reset_index(drop=True)


def _dtype(spec: Spec, column: str) -> type:
    if column in spec.keys:
        return np.int64
    return float if column in spec.amounts else object


def _positions(
    table: str, spec: Spec, names: Mapping[str, list[str]], column: pd.Series, findings: Findings
) -> tuple[Ints, Bools]:
    """Positions of the names of an index column, and which rows have a name that is known."""
    name = str(column.name)
    try:
        codes, found = pd.factorize(column)
    except TypeError:
        codes, found = pd.factorize(column.map(repr))
    position = {text: i for i, text in enumerate(names[name])}
    unknown = len(position)
    empty = EMPTY if name in spec.optional else unknown
    written = [_as_name(value) for value in found]
    # The last entry stands for the code -1, which factorize gives to missing values.
    lookup = [*(position.get(text, empty if not text else unknown) for text in written), empty]
    positions = np.array(lookup, dtype=np.int64)[codes]
    strangers = [text for text, place in zip(written, lookup, strict=False) if place == unknown]
    if (codes == -1).any() and empty == unknown:
        strangers.append("")
    for text in strangers[:MOST_NAMED]:
        message = f"the table {table} names '{text}', which is not a known {name}"
        findings.add("tables", message, float(len(strangers)))
    return positions, positions != unknown


def _as_name(value: object) -> str:
    """A name as written in the instance; a file may have made a number of the period '2027'."""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def _numbers(
    table: str, spec: Spec, column: "pd.Series[Any]", findings: Findings
) -> tuple[Floats, Bools]:
    """A number column as floats, and which rows are fit to be used."""
    name = str(column.name)
    if column.dtype.kind not in "iuf":
        column = column.astype(object)
        numbers = np.array([_as_number(value) for value in column], dtype=float)
    else:
        numbers = column.to_numpy(dtype=float, na_value=np.nan)
    if name in spec.optional:
        return numbers, np.ones(len(numbers), dtype=bool)
    finite = np.isfinite(numbers)
    negative = finite & (numbers < -TOLERANCE) & (name not in spec.signed)
    broken = finite & (numbers != np.floor(np.where(finite, numbers, 0.0))) & (name in spec.whole)
    for family, wrong, what in (
        ("tables", ~finite, "is not a number"),
        ("tables", negative, "is negative"),
        ("whole_numbers", broken, "is not a whole number"),
    ):
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            message = f"{name} in row {row + 1} of the table {table} {what}: {column.iloc[row]}"
            findings.add(family, f"{message} ({int(wrong.sum())} such)", float(wrong.sum()))
    return numbers, finite


def _as_number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf


def label(names: Mapping[str, list[str]], keys: Sequence[str], positions: Sequence[int]) -> str:
    """The names that positions stand for: 'oslo, 2027Q1'."""
    told = [
        names[key][position] if position != EMPTY else f"no {key}"
        for key, position in zip(keys, positions, strict=True)
    ]
    return ", ".join(told)
