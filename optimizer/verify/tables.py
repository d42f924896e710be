"""Reading the tables of a plan without trusting them.

Names become positions in the instance's lists, so that every check can count with arrays. What
cannot be read is a violation and is left out; nothing here raises because of a bad table.
"""

import math
from collections.abc import Mapping, Sequence
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
from optimizer.verify.specs import COMMITTED, EMPTY, LIMITS, SPECS, TERMS, Spec


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
        return _empty(spec, columns)
    if frame.empty and all(list(frame.columns).count(column) == 1 for column in columns):
        return _empty(spec, columns)
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
    clean = pd.DataFrame(read)
    if not good.all():
        clean = clean[good]
    again = clean.duplicated(list(spec.keys))
    if again.any():
        row = clean[again].iloc[0]
        where = label(names, spec.keys, [int(row[key]) for key in spec.keys])
        message = f"the table {table} has more than one row for {where}"
        findings.add("tables", message, float(again.sum()))
        clean = clean[~again]
    return clean.reset_index(drop=True)


def _empty(spec: Spec, columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame({c: np.array([], dtype=_dtype(spec, c)) for c in columns})


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
