"""Finding the declared limit that holds at a place in a period."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from models.finance import granted
from models.problems import Path
from optimizer.explain.limit import Limit, dated

if TYPE_CHECKING:
    from models.instance import Instance

Find = Callable[["Instance", str, str], Limit]
"""The limit that holds at a place in a period."""


def steps(kind: str, field: Callable[[str], Path]) -> Find:
    """Dated values at a path of the instance."""

    def find(inst: "Instance", at: str, t: str) -> Limit:
        return dated(inst, kind, at, field(at), _value(inst, field(at)), t)

    return find


def number(kind: str, field: Callable[[str], Path]) -> Find:
    """One number at a path of the instance."""

    def find(inst: "Instance", at: str, _: str) -> Limit:
        path = field(at)
        return Limit(kind, at, path, ".".join(map(str, path)), float(_value(inst, path)))

    return find


def rule(kind: str, field: Callable[["Instance", str, str], Path]) -> Find:
    """A rule at a path of the instance."""
    return lambda inst, at, t: Limit(kind, at, field(inst, at, t))


def _value(inst: "Instance", path: Path) -> Any:
    found: Any = inst
    for part in path:
        found = found[part] if isinstance(found, Mapping) else getattr(found, str(part))
    return found


def grant(inst: "Instance", at: str, t: str) -> Limit:
    """The last grant that comes in a period; where none does, one to be made then."""
    path = ("budget", "pools", at, "grants")
    grants, periods = inst.budget.pools[at].grants, list(inst.periods)
    first = t == periods[0]
    before = None if first else inst.periods[periods[periods.index(t) - 1]].start
    start = inst.periods[t].start
    if any(day <= start and (before is None or day > before) for day in grants):
        return dated(inst, "budget", at, path, grants, t)
    return Limit("budget", at, path, f"{'.'.join(path)}.{start}", granted(inst, at)[t], fresh=True)


def share(kind: str) -> Find:
    """The share of the cap that a holder belongs to: 'cap/holder'."""

    def find(inst: "Instance", at: str, t: str) -> Limit:
        cap = at.partition("/")[0]
        path = ("concentration", cap, "most_share")
        return dated(inst, kind, cap, path, inst.concentration[cap].most_share, t)

    return find


def demand(inst: "Instance", at: str, t: str) -> Path:
    """The row of a stream that tells its demand in a period, or the last one before."""
    rows, middle = inst.demand_rows[at], inst.periods[t].middle
    return ("demand", next((i for day, i in reversed(rows) if day <= middle), rows[0][1]))


def policy_path(inst: "Instance", at: str, _: str) -> Path:
    """The row of a policy, or its data class: 'EU/health', 'health'."""
    place, slash, data_class = at.rpartition("/")
    if not slash:
        return ("data_classes", data_class)
    rows = enumerate(inst.residency)
    return (
        "residency",
        next(i for i, r in rows if (r.jurisdiction, r.data_class) == (place, data_class)),
    )


def committed(_: "Instance", at: str, t: str) -> Path:  # noqa: ARG001
    """The row of a commitment: 'orders/3'."""
    table, place = at.split("/")
    return ("commitments", table, int(place))


def site(field: str) -> Callable[[str], Path]:
    """A field of a site."""
    return lambda at: ("sites", at, field)


def workload(field: str) -> Callable[["Instance", str, str], Path]:
    """A field of a workload."""
    return lambda _, at, t: ("workloads", at, field)


def unit_type(field: str) -> Callable[["Instance", str, str], Path]:
    """A field of a unit type."""
    return lambda _, at, t: ("unit_types", at, field)
