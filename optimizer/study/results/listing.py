"""The tables of what was asked and what came of it: cases, levers, changes."""

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from optimizer.study.results.figures import KPIS
from optimizer.study.results.outcomes import Outcome
from optimizer.verify.specs import TERMS

Columns = list[tuple[str, pa.DataType]]

TEXT, NUMBER = pa.string(), pa.float64()


def listing(found: Sequence[Outcome]) -> dict[str, pa.Table]:
    """The tables `cases`, `levers` and `changes`."""
    return {"cases": _cases(found), "levers": _levers(found), "changes": _changes(found)}


def _cases(found: Sequence[Outcome]) -> pa.Table:
    """One row for each case; figures and cost terms that no plan has are there, but empty."""
    kpis = _names(KPIS, (one.told.get("kpis") or {} for one in found))
    terms = _names(TERMS, (one.told.get("costs_musd") or {} for one in found))
    columns: Columns = [
        *((name, TEXT) for name in ("case", "group", "key", "status")),
        *((name, NUMBER) for name in ("objective_musd", "bound_musd", "gap")),
        ("verified", pa.bool_()),
        ("reasons", TEXT),
        ("instance_sha256", TEXT),
        *((name, NUMBER) for name in kpis),
        *((f"cost_{term}_musd", NUMBER) for term in terms),
    ]
    return _table(columns, [_case(one, kpis, terms) for one in found])


def _case(one: Outcome, kpis: Sequence[str], terms: Sequence[str]) -> tuple[Any, ...]:
    told = one.told
    figures, costs = told.get("kpis") or {}, told.get("costs_musd") or {}
    return (
        one.case.name,
        one.case.group,
        one.key,
        one.status,
        *(_number(told.get(name)) for name in ("objective_musd", "bound_musd", "gap")),
        True if one.tables else None,
        "; ".join(one.reasons),
        told.get("instance_sha256"),
        *(_number(figures.get(name)) for name in kpis),
        *(_number(costs.get(term)) for term in terms),
    )


def _levers(found: Sequence[Outcome]) -> pa.Table:
    rows = [
        (one.case.name, lever, *((None, setting) if _is_label(setting) else (setting, None)))
        for one in found
        for lever, setting in one.case.levers.items()
    ]
    return _table([("case", TEXT), ("lever", TEXT), ("value", NUMBER), ("label", TEXT)], rows)


def _changes(found: Sequence[Outcome]) -> pa.Table:
    rows = [
        (one.case.name, path, json.dumps(value, ensure_ascii=False))
        for one in found
        for path, value in one.case.changes.items()
    ]
    return _table([("case", TEXT), ("path", TEXT), ("value", TEXT)], rows)


def _table(columns: Columns, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    listed = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    arrays = [pa.array(values, kind) for values, (_, kind) in zip(listed, columns, strict=True)]
    return pa.table(arrays, schema=pa.schema(columns))


def _names(known: Iterable[str], told: Iterable[Iterable[str]]) -> list[str]:
    """The known names, then any others in order of appearance."""
    return list(dict.fromkeys([*known, *(name for names in told for name in names)]))


def _number(value: Any) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


def _is_label(setting: object) -> bool:
    return isinstance(setting, str)
