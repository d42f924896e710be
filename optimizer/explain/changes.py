"""From what gives way in a solution to the changes of the instance that allow it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

from models.entities.work import ANY
from models.instance import Instance
from models.law import policy, within
from optimizer.explain.kinds import KINDS
from optimizer.explain.limit import Limit
from optimizer.explain.softened import Give, Softened
from optimizer.matrix import Floats

SHORTFALL_USD_PER_MTOK = 1000.0
"""Price of a token not served, where a repair lets demand fall short [USD per Mtok]."""

DIGITS = 3
"""Amounts are rounded up to so many digits."""

ROUNDING = 1e-4
"""An amount that is above a round one by so little of the last digit is that one."""


@dataclass(frozen=True)
class Change:
    """One limit that gives way.

    Attributes:
        limit: the limit.
        amount: by how much, in the unit of its kind; None where a rule is waived.
        periods: the periods in which it must.
        sets: the changes by path, as `--set` and `inst.with_changes` take them.
    """

    limit: Limit
    amount: float | None
    periods: tuple[str, ...]
    sets: Mapping[str, object]


def change_of(
    soft: Softened,
    inst: Instance,
    limit: Limit,
    gives: Sequence[Give],
    x: Floats,
    factor: float = 1.0,
) -> Change | None:
    """The change by which a limit gives way as it does in a solution that is loaded.

    None if it need not: no share of nothing is more than it may be.

    Args:
        soft: the model in which limits can give way.
        inst: the instance.
        limit: the limit.
        gives: the columns through which it gives way in the solution.
        x: the solution.
        factor: the amount is multiplied by this.
    """
    periods = tuple(dict.fromkeys(give.period for give in gives if give.period))
    if not limit.number:
        return Change(limit, None, periods, _waived(soft, inst, limit, gives))
    kind = KINDS[limit.kind]
    found = [(float(x[give.column]), _per_unit(soft, inst, limit, give)) for give in gives]
    needed = max((by / per_unit for by, per_unit in found if per_unit), default=0.0)
    if not needed:
        return None
    amount = rounded_up(needed * factor, whole=kind.whole)
    if kind.sign < 0:
        amount = min(amount, limit.value or 0.0)
    if limit.fresh:
        return Change(limit, amount, periods, {limit.number: amount})
    value = (limit.value or 0.0) + kind.sign * amount
    if kind.total is not None and kind.sign > 0:
        value = min(value, 1.0)
    return Change(limit, amount, periods, {limit.number: _tidy(value)})


def _tidy(value: float) -> float | int:
    """A sum without the noise of its addition."""
    exact = float(f"{value:.12g}")
    return int(exact) if exact.is_integer() else exact


def rounded_up(amount: float, *, whole: bool = False) -> float:
    """The next amount that has few digits."""
    digits = 0 if whole else DIGITS - 1 - floor(log10(amount))
    return float(round(ceil(amount * 10.0**digits - ROUNDING) / 10.0**digits, max(digits, 0)))


def _per_unit(soft: Softened, inst: Instance, limit: Limit, give: Give) -> float:
    """By how much a row gives way with one unit of what is declared."""
    total = KINDS[limit.kind].total
    if total is None:
        return give.relief
    m, world = soft.compiled.model, inst
    if give.scenario:
        m, world = m.scenario[give.scenario], inst.scenario_instances[give.scenario]
    return total(m, world, give.at, give.period)


def _waived(
    soft: Softened, inst: Instance, limit: Limit, gives: Sequence[Give]
) -> dict[str, object]:
    """The changes that waive a rule, no further than is needed."""
    variables = soft.compiled.variables
    used = [
        (variables[give.column].parent_component().local_name, variables[give.column].index())
        for give in gives
        if give.gate
    ]
    return _WAIVED[limit.kind](inst, limit, used)


_Used = Sequence[tuple[str, Any]]
"""Variables by name and index."""


def _distance(inst: Instance, name: str, index: Any) -> float:
    j, place, _ = index
    known = inst.rtt_ms if name == "flow" else inst.rental_rtt_ms
    return known[inst.streams[j].region, place]


def _latency(inst: Instance, limit: Limit, used: _Used) -> dict[str, object]:
    far = max(_distance(inst, name, index) for name, index in used)
    return {limit.dotted: ceil(far)}


def _residency(inst: Instance, limit: Limit, used: _Used) -> dict[str, object]:
    """Those parts of the policy that forbid a route which is used."""
    prefix = _policy_path(inst, limit)
    out: dict[str, object] = {}
    for name, (j, place, _) in used:
        stream = inst.streams[j]
        home = inst.regions[stream.region].jurisdiction
        rule = policy(inst, home, stream.data_class)
        where = inst.sites[place] if name == "flow" else inst.rentals[place]
        operator = inst.operators[where.operator]
        if not within(inst, where.jurisdiction, rule.compute, home):
            out[f"{prefix}.compute"] = [ANY]
        if not within(inst, operator.home_jurisdiction, rule.operator_home, home):
            out[f"{prefix}.operator_home"] = [ANY]
        if not within(inst, operator.control_plane_jurisdiction, rule.control_plane, home):
            out[f"{prefix}.control_plane"] = [ANY]
        if rule.certification and rule.certification not in operator.certifications:
            out[f"{prefix}.certification"] = None
    return out


def _policy_path(inst: Instance, limit: Limit) -> str:
    if limit.path[0] == "data_classes":
        return limit.dotted
    row = inst.residency[int(limit.path[1])]
    return f"residency.{row.jurisdiction}.{row.data_class}"


def _orders(used: _Used, inst: Instance) -> list[str]:
    return [inst.periods[index[2]].start.isoformat() for _, index in used]


def _commitment(inst: Instance, limit: Limit, _: _Used) -> dict[str, object]:
    table, row = str(limit.path[1]), getattr(inst.commitments, str(limit.path[1]))[limit.path[2]]
    keys = ".".join(str(getattr(row, name)) for name in type(row).key)
    return {f"commitments.{table}.{keys}.remove": True}


_WAIVED: dict[str, Callable[[Instance, Limit, _Used], dict[str, object]]] = {
    "demand": lambda inst, limit, _: {
        f"workloads.{inst.streams[limit.at].workload}.shortfall_price_usd_per_mtok": (
            SHORTFALL_USD_PER_MTOK
        )
    },
    "protection": lambda *_: {"protection.*.*.*.*.*.price_usd_per_mtok": SHORTFALL_USD_PER_MTOK},
    "commitment": _commitment,
    "frozen": lambda _, limit, used: {limit.dotted: None},
    "reserve": lambda _, limit, used: {limit.dotted: None},
    "origin": lambda inst, limit, _: {f"{_policy_path(inst, limit)}.supply_origin": [ANY]},
    "residency": _residency,
    "latency": _latency,
    "data_stays": lambda _, limit, used: {limit.dotted: "anywhere"},
    "export_control": lambda _, limit, used: {limit.dotted: []},
    "sold_from": lambda inst, limit, used: {limit.dotted: min(_orders(used, inst))},
    "sold_until": lambda inst, limit, used: {limit.dotted: max(_orders(used, inst))},
}
"""For each rule the changes that waive it."""


def as_set(path: str, value: object) -> str:
    """A change as the argument of `--set`."""
    if value is None:
        return f"{path}="
    if isinstance(value, bool):
        return f"{path}={'true' if value else 'false'}"
    if isinstance(value, list):
        return f"{path}={';'.join(map(str, value)) or '[]'}"
    return f"{path}={value:.12g}" if isinstance(value, float) else f"{path}={value}"
