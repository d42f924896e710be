"""Limits and repairs in a planner's words."""

from collections.abc import Callable, Iterable, Sequence

from models.instance import Instance
from models.law import policy
from optimizer.explain.changes import Change
from optimizer.explain.conflict import Conflict
from optimizer.explain.explanation import Blamed, Remedy
from optimizer.explain.kinds import KINDS
from optimizer.explain.limit import Limit, mark_of
from optimizer.explain.repairs import Repair
from optimizer.figures import number


def blamed(inst: Instance, conflict: Conflict) -> tuple[Blamed, ...]:
    """The limits of a conflict with their places."""
    out = []
    for limit in conflict.limits:
        cells = [(w, t) for one, w, t in conflict.cells if one == limit]
        order = list(inst.periods)
        periods = sorted({t for _, t in cells if t}, key=order.index)
        scenarios = tuple(w for w in inst.scenarios if any(w == one for one, _ in cells))
        mark = mark_of(inst, limit.path)
        out.append(
            Blamed(
                kind=limit.kind,
                at=limit.at,
                path=path_of(inst, limit),
                words=_said(inst, limit, periods, scenarios),
                periods=tuple(periods),
                scenarios=scenarios,
                file=mark.file if mark else "",
                line=mark.line if mark else 0,
            )
        )
    return tuple(out)


def remedy(inst: Instance, repair: Repair) -> Remedy:
    """A repair in words."""
    words = dict.fromkeys(_given(inst, change) for change in repair.changes)
    return Remedy(tuple(words), repair.sets, repair.price_musd)


def path_of(inst: Instance, limit: Limit) -> str:
    """The path of a limit, with the keys of rows in place of their numbers."""
    if limit.path[0] == "demand":
        row = inst.demand[int(limit.path[1])]
        return ".".join(("demand", row.region, row.workload, row.data_class, row.date.isoformat()))
    if limit.path[0] == "residency":
        rule = inst.residency[int(limit.path[1])]
        return f"residency.{rule.jurisdiction}.{rule.data_class}"
    if limit.path[0] == "commitments" and len(limit.path) > 2:
        found = getattr(inst.commitments, str(limit.path[1]))[int(limit.path[2])]
        keys = (str(getattr(found, name)) for name in type(found).key)
        return ".".join(("commitments", str(limit.path[1]), *keys))
    return limit.number if limit.number else limit.dotted


def spans(names: Sequence[str], of: Iterable[str]) -> str:
    """Periods in few words: '2027', '2027 to 2029', '2027, 2029'."""
    order = list(of)
    places = [order.index(name) for name in names]
    runs: list[list[int]] = []
    for place in places:
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return ", ".join(
        order[run[0]] if len(run) == 1 else f"{order[run[0]]} to {order[run[-1]]}" for run in runs
    )


def _said(inst: Instance, limit: Limit, periods: Sequence[str], scenarios: Sequence[str]) -> str:
    kind = KINDS[limit.kind]
    words = kind.words.format(at=_name(inst, limit))
    amount = _amount(inst, limit, periods, scenarios)
    when = f" in {spans(periods, inst.periods)}" if periods else ""
    futures = f", scenario {', '.join(scenarios)}" if scenarios else ""
    return f"{words}{': ' if amount else ''}{amount}{when}{futures}"


def _amount(
    inst: Instance, limit: Limit, periods: Sequence[str] = (), scenarios: Sequence[str] = ()
) -> str:
    """What the limit says, with its unit."""
    kind = KINDS[limit.kind]
    if limit.value is not None:
        return f"{limit.value:,.12g} {kind.unit}{' (nothing is said)' if limit.fresh else ''}"
    if limit.kind == "demand":
        futures = [inst.scenario_instances[w] for w in scenarios] or [inst]
        rates = [
            sum(known.demand_mtok_s[j, o] for j in limit.members or (limit.at,))
            for known in futures
            for o, state in known.states.items()
            if state.period in periods
        ]
        return f"{number(max(rates))} Mtok/s, none of which may fall short" if rates else ""
    if limit.kind in ("residency", "origin"):
        return _law(inst, limit)
    return _RULES[limit.kind](inst, limit.at) if limit.kind in _RULES else ""


_RULES: dict[str, Callable[[Instance, str], str]] = {
    "latency": lambda inst, k: f"{inst.workloads[k].latency_limit_ms:g} ms",
    "data_stays": lambda inst, k: inst.workloads[k].data_stays,
    "sold_from": lambda inst, u: str(inst.unit_types[u].available_from),
    "sold_until": lambda inst, u: str(inst.unit_types[u].available_until),
    "export_control": lambda inst, u: f"barred from {', '.join(inst.unit_types[u].barred)}",
    "reserve": lambda inst, k: f"{inst.workloads[k].availability_target:g}",
    "frozen": lambda inst, _: f"until {inst.commitments.frozen_until}",
}
"""What a rule says."""


def _law(inst: Instance, limit: Limit) -> str:
    place, _, data_class = limit.at.rpartition("/")
    rule = policy(inst, place, data_class) if place in inst.jurisdictions else None
    if rule is None:
        rows = [row for row in inst.residency if f"{row.jurisdiction}/{row.data_class}" == limit.at]
        rule = rows[0] if rows else inst.data_classes[data_class]
    if limit.kind == "origin":
        return f"units from {', '.join(rule.supply_origin)} only"
    parts = [
        f"{words} in {', '.join(places)}"
        for words, places in (
            ("compute", rule.compute),
            ("operators at home", rule.operator_home),
            ("control planes", rule.control_plane),
        )
        if "ANY" not in places
    ]
    if rule.certification:
        parts.append(f"operators with {rule.certification}")
    return f"{' and '.join(parts)} only" + (f" ({rule.law})" if rule.law else "")


def _name(inst: Instance, limit: Limit) -> str:
    if limit.members:
        more = len(limit.members) - 1
        streams = "stream that may" if more == 1 else "streams that may"
        return f"{limit.at} and {more} {streams} be served alike"
    if limit.kind == "commitment":
        return path_of(inst, limit).removeprefix("commitments.")
    return limit.at


def _given(inst: Instance, change: Change) -> str:
    """What gives way, and by how much."""
    limit, kind = change.limit, KINDS[change.limit.kind]
    when = f" in {spans(_sorted(inst, change.periods), inst.periods)}" if change.periods else ""
    if change.amount is not None:
        sign = "+" if kind.sign > 0 else "−"
        words = kind.words.format(at=limit.at)
        return f"{sign}{change.amount:,.12g} {kind.unit}: {words}{when}"
    if limit.kind == "demand":
        return f"let {inst.streams[limit.at].workload} fall short, at a price"
    if limit.kind == "protection":
        return "let protected demand be missing in contingencies, at a price"
    if limit.kind == "commitment":
        return f"give up the {kind.words.format(at=_name(inst, limit))}"
    return f"waive the {kind.words.format(at=limit.at)} ({_amount(inst, limit)})"


def _sorted(inst: Instance, periods: Iterable[str]) -> list[str]:
    order = list(inst.periods)
    return sorted(set(periods), key=order.index)
