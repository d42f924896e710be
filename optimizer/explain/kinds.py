"""The kinds of limits that can give way: in words, with unit, price, and where each is declared."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import pyomo.environ as pyo

from models.environment import efficiency_floor
from models.finance import granted
from models.problems import Path
from models.sovereignty import demand_of
from optimizer.explain.limit import Limit, dated

if TYPE_CHECKING:
    from models.instance import Instance

Find = Callable[["Instance", str, str], Limit]
"""The limit that holds at a place in a period."""

Amount = Callable[["Instance", str, str], float]
"""By how much a row gives way with one unit of the declared number."""


class Kind(NamedTuple):
    """A kind of limit that can give way."""

    words: str
    """What it is, with {at} for the place."""

    unit: str
    """Unit of what is declared, or of what is missed where a rule is waived."""

    price_musd: float
    """Price of giving way by one unit, or of waiving the rule, where none is said [MUSD]."""

    find: Find

    relief: Amount | None = None
    """None: one to one."""

    sign: int = 1
    """1 where more is allowed by a larger number, −1 where by a smaller one."""

    total: Callable[[Any, "Instance", str, str], float] | None = None
    """Of a share: what it is a share of, in a solved model; the row gives way by that times it."""

    whole: bool = False
    """True for numbers that must be whole."""


def _steps(kind: str, field: Callable[[str], Path]) -> Find:
    """Dated values at a path of the instance."""

    def find(inst: "Instance", at: str, t: str) -> Limit:
        return dated(inst, kind, at, field(at), _value(inst, field(at)), t)

    return find


def _number(kind: str, field: Callable[[str], Path]) -> Find:
    """One number at a path of the instance."""

    def find(inst: "Instance", at: str, _: str) -> Limit:
        path = field(at)
        return Limit(kind, at, path, ".".join(map(str, path)), float(_value(inst, path)))

    return find


def _rule(kind: str, field: Callable[["Instance", str, str], Path]) -> Find:
    """A rule at a path of the instance."""
    return lambda inst, at, t: Limit(kind, at, field(inst, at, t))


def _value(inst: "Instance", path: Path) -> Any:
    found: Any = inst
    for part in path:
        found = found[part] if isinstance(found, Mapping) else getattr(found, str(part))
    return found


def _grant(inst: "Instance", at: str, t: str) -> Limit:
    """The last grant that comes in a period; where none does, one to be made then."""
    path = ("budget", "pools", at, "grants")
    grants, periods = inst.budget.pools[at].grants, list(inst.periods)
    first = t == periods[0]
    before = None if first else inst.periods[periods[periods.index(t) - 1]].start
    start = inst.periods[t].start
    if any(day <= start and (before is None or day > before) for day in grants):
        return dated(inst, "budget", at, path, grants, t)
    return Limit("budget", at, path, f"{'.'.join(path)}.{start}", granted(inst, at)[t], fresh=True)


def _borrowing(inst: "Instance", p: str, t: str) -> float:
    """Nothing in the last period if all must be repaid then: that is no number."""
    repaid = inst.budget.pools[p].debt_at_end == "repaid" and t == list(inst.periods)[-1]
    return 0.0 if repaid else 1.0


def _share(kind: str) -> Find:
    def find(inst: "Instance", at: str, t: str) -> Limit:
        cap = at.partition("/")[0]
        path = ("concentration", cap, "most_share")
        return dated(inst, kind, cap, path, inst.concentration[cap].most_share, t)

    return find


def _demand(inst: "Instance", at: str, t: str) -> Path:
    stream, middle = inst.streams[at], inst.periods[t].middle
    rows = [
        (row.date, i)
        for i, row in enumerate(inst.demand)
        if (row.region, row.workload, row.data_class) == tuple(stream)
    ]
    told = [row for row in rows if row[0] <= middle]
    return ("demand", (max(told) if told else min(rows))[1])


def _policy(inst: "Instance", at: str, _: str) -> Path:
    place, slash, data_class = at.rpartition("/")
    if not slash:
        return ("data_classes", data_class)
    rows = enumerate(inst.residency)
    return (
        "residency",
        next(i for i, r in rows if (r.jurisdiction, r.data_class) == (place, data_class)),
    )


def _committed(inst: "Instance", at: str, _: str) -> Path:
    table, _, place = at.partition("/")
    return ("commitments", table, int(place))


def _months_of_year(inst: "Instance", _: str, t: str) -> float:
    return inst.periods[t].months / 12


def _years(inst: "Instance", _: str, t: str) -> float:
    return inst.periods[t].years


def _thousandths(inst: "Instance", _: str, t: str) -> float:
    return inst.periods[t].years / 1e3


def _site(field: str) -> Callable[[str], Path]:
    return lambda at: ("sites", at, field)


def _workload(field: str) -> Callable[["Instance", str, str], Path]:
    return lambda _, at, t: ("workloads", at, field)


def _unit_type(field: str) -> Callable[["Instance", str, str], Path]:
    return lambda _, at, t: ("unit_types", at, field)


KINDS: dict[str, Kind] = {
    "site_power": Kind(
        "grid connection of {at}", "MW", 5.0, _steps("site_power", _site("grid_mw"))
    ),
    "grid_region_power": Kind(
        "cap of the grid region {at}",
        "MW",
        5.0,
        _steps("grid_region_power", lambda at: ("grid_regions", at, "cap_mw")),
    ),
    "halls": Kind(
        "halls that stand in time at {at}",
        "IT MW",
        20.0,
        _number("halls", _site("initial_hall_mw")),
    ),
    "install_rate": Kind(
        "install rate of {at}",
        "IT MW per month",
        20.0,
        _number("install_rate", _site("install_rate_mw_per_month")),
        lambda inst, _, t: inst.periods[t].months,
    ),
    "quota": Kind(
        "quota {at}",
        "per year",
        20.0,
        _steps("quota", lambda at: ("quotas", at, "per_year")),
        _months_of_year,
    ),
    "budget": Kind("grants of the pool {at}", "MUSD", 1.0, _grant),
    "borrowing": Kind(
        "what the pool {at} may borrow",
        "MUSD",
        0.5,
        _steps("borrowing", lambda at: ("budget", "pools", at, "borrowing")),
        _borrowing,
    ),
    "opex": Kind(
        "cap on running costs {at}",
        "MUSD per year",
        3.0,
        _steps("opex", lambda at: ("budget", "opex_caps", at, "musd_per_year")),
        _years,
    ),
    "min_build": Kind(
        "least build of {at}",
        "IT MW",
        10.0,
        _number("min_build", _site("min_build_mw")),
        sign=-1,
    ),
    "rental": Kind(
        "what the offer {at} makes",
        "Mtok/s",
        200.0,
        _steps("rental", lambda at: ("rentals", at, "most_mtok_s")),
    ),
    "sufficiency_share": Kind(
        "share that the floor {at} asks to be served within",
        "of demand",
        2000.0,
        _steps("sufficiency_share", lambda at: ("sufficiency", at, "serve_share")),
        demand_of,
        sign=-1,
    ),
    "sufficiency_mw": Kind(
        "power that the floor {at} asks to be hosted",
        "IT MW",
        20.0,
        _steps("sufficiency_mw", lambda at: ("sufficiency", at, "host_it_mw")),
        sign=-1,
    ),
    "tokens_share": Kind(
        "share cap {at}",
        "of tokens",
        2000.0,
        _share("tokens_share"),
        total=lambda m, *key: pyo.value(m.served[key[-1]]),
    ),
    "it_mw_share": Kind(
        "share cap {at}",
        "of IT power",
        2000.0,
        _share("it_mw_share"),
        total=lambda m, *key: pyo.value(m.standing_mw[key[-1]]),
    ),
    "capital_share": Kind(
        "share cap {at}",
        "of capital",
        2000.0,
        _share("capital_share"),
        total=lambda m, *key: pyo.value(m.ordered_musd[key[-1]]),
    ),
    "carbon": Kind(
        "cap on emissions {at}",
        "tCO2 per year",
        0.001,
        _steps("carbon", lambda at: ("carbon", "caps", at, "tco2_per_year")),
        _thousandths,
    ),
    "water": Kind(
        "water limit of {at}",
        "m3 per year",
        0.0001,
        _steps("water", _site("water_limit_m3_per_year")),
        _thousandths,
    ),
    "efficiency": Kind(
        "floor on efficiency {at}",
        "Mtok per MWh",
        1000.0,
        _steps("efficiency", lambda at: ("efficiency_floors", at, "mtok_per_mwh")),
        sign=-1,
        total=lambda m, inst, at, t: (
            pyo.value(m.least_ttok[at, t]) / efficiency_floor(inst, at, t)
        ),
    ),
    "cluster": Kind(
        "least cluster of {at}",
        "units",
        100.0,
        lambda inst, at, _: Limit(
            "cluster",
            at,
            ("workloads", at, "cluster", "min_units"),
            f"workloads.{at}.cluster.min_units",
            float(inst.workloads[at].cluster.min_units or 0),
        ),
        sign=-1,
        whole=True,
    ),
    "demand": Kind("demand of {at}", "Mtok/s", 100.0, _rule("demand", _demand)),
    "protection": Kind(
        "share protected in the contingency {at}",
        "Mtok/s",
        50.0,
        _rule("protection", lambda _, at, t: ("contingencies", at.partition(":")[0])),
    ),
    "commitment": Kind("commitment {at}", "units", 50.0, _rule("commitment", _committed)),
    "frozen": Kind(
        "periods in which only what is committed happens",
        "decisions",
        20.0,
        _rule("frozen", lambda *_: ("commitments", "frozen_until")),
    ),
    "reserve": Kind(
        "availability target of {at}",
        "units",
        20.0,
        _rule("reserve", _workload("availability_target")),
    ),
    "origin": Kind(
        "origin that the law of {at} asks for", "Mtok/s", 200.0, _rule("origin", _policy)
    ),
    "residency": Kind("residency rule {at}", "rule", 1000.0, _rule("residency", _policy)),
    "latency": Kind(
        "latency limit of {at}", "rule", 500.0, _rule("latency", _workload("latency_limit_ms"))
    ),
    "data_stays": Kind(
        "rule that the data of {at} stay near",
        "rule",
        1000.0,
        _rule("data_stays", _workload("data_stays")),
    ),
    "export_control": Kind(
        "export control of {at}", "rule", 2000.0, _rule("export_control", _unit_type("barred"))
    ),
    "sold_from": Kind(
        "first day on which {at} is sold",
        "rule",
        500.0,
        _rule("sold_from", _unit_type("available_from")),
    ),
    "sold_until": Kind(
        "last day on which {at} is sold",
        "rule",
        500.0,
        _rule("sold_until", _unit_type("available_until")),
    ),
}
"""Prices are per unit of what is declared; where a rule is waived, once, or per unit of what is
missed. The table `soft_limits` of an instance and the caller can say others."""


def limit_at(kind: str, inst: "Instance", at: str, t: str) -> Limit:
    """The declared limit that holds at a place in a period."""
    return KINDS[kind].find(inst, at, t)


def relief(limit: Limit, inst: "Instance", at: str, t: str) -> float:
    """By how much the row gives way with one unit of the declared number."""
    amount = KINDS[limit.kind].relief
    return 1.0 if amount is None else amount(inst, at, t)


