"""The kinds of limits that can give way: in words, with unit, price, and where each is declared."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import pyomo.environ as pyo

from models.environment import efficiency_floor
from models.portability import demand_mean
from models.sovereignty import demand_of
from optimizer.explain import finding as at_path
from optimizer.explain.limit import Limit

if TYPE_CHECKING:
    from models.instance import Instance

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

    find: at_path.Find

    relief: Amount | None = None
    """None: one to one."""

    sign: int = 1
    """1 where more is allowed by a larger number, −1 where by a smaller one."""

    total: Callable[[Any, "Instance", str, str], float] | None = None
    """Of a share: what it is a share of, in a solved model; the row gives way by that times it."""

    whole: bool = False
    """True for numbers that must be whole."""


def _borrowing(inst: "Instance", p: str, t: str) -> float:
    """Nothing in the last period if all must be repaid then: that is no number."""
    repaid = inst.budget.pools[p].debt_at_end == "repaid" and t == list(inst.periods)[-1]
    return 0.0 if repaid else 1.0


def _months_of_year(inst: "Instance", _: str, t: str) -> float:
    return inst.periods[t].months / 12


def _years(inst: "Instance", _: str, t: str) -> float:
    return inst.periods[t].years


def _thousandths(inst: "Instance", _: str, t: str) -> float:
    return inst.periods[t].years / 1e3


KINDS: dict[str, Kind] = {
    "site_power": Kind(
        "grid connection of {at}", "MW", 5.0, at_path.steps("site_power", at_path.site("grid_mw"))
    ),
    "grid_region_power": Kind(
        "cap of the grid region {at}",
        "MW",
        5.0,
        at_path.steps("grid_region_power", lambda at: ("grid_regions", at, "cap_mw")),
    ),
    "halls": Kind(
        "halls that stand in time at {at}",
        "IT MW",
        20.0,
        at_path.steps("halls", at_path.site("initial_hall_mw")),
    ),
    "install_rate": Kind(
        "install rate of {at}",
        "IT MW per month",
        20.0,
        at_path.number("install_rate", at_path.site("install_rate_mw_per_month")),
        lambda inst, _, t: inst.periods[t].months,
    ),
    "quota": Kind(
        "quota {at}",
        "per year",
        20.0,
        at_path.steps("quota", lambda at: ("quotas", at, "per_year")),
        _months_of_year,
    ),
    "budget": Kind("grants of the pool {at}", "MUSD", 1.0, at_path.grant),
    "borrowing": Kind(
        "what the pool {at} may borrow",
        "MUSD",
        0.5,
        at_path.steps("borrowing", lambda at: ("budget", "pools", at, "borrowing")),
        _borrowing,
    ),
    "opex": Kind(
        "cap on running costs {at}",
        "MUSD per year",
        3.0,
        at_path.steps("opex", lambda at: ("budget", "opex_caps", at, "musd_per_year")),
        _years,
    ),
    "min_build": Kind(
        "least build of {at}",
        "IT MW",
        10.0,
        at_path.number("min_build", at_path.site("min_build_mw")),
        sign=-1,
    ),
    "rental": Kind(
        "what the offer {at} makes",
        "Mtok/s",
        200.0,
        at_path.steps("rental", lambda at: ("rentals", at, "most_mtok_s")),
    ),
    "sufficiency_share": Kind(
        "share that the floor {at} asks to be served within",
        "of demand",
        2000.0,
        at_path.steps("sufficiency_share", lambda at: ("sufficiency", at, "serve_share")),
        demand_of,
        sign=-1,
    ),
    "sufficiency_mw": Kind(
        "power that the floor {at} asks to be hosted",
        "IT MW",
        20.0,
        at_path.steps("sufficiency_mw", lambda at: ("sufficiency", at, "host_it_mw")),
        sign=-1,
    ),
    "tokens_share": Kind(
        "share cap {at}",
        "of tokens",
        2000.0,
        at_path.share("tokens_share"),
        total=lambda m, *key: pyo.value(m.served[key[-1]]),
    ),
    "it_mw_share": Kind(
        "share cap {at}",
        "of IT power",
        2000.0,
        at_path.share("it_mw_share"),
        total=lambda m, *key: pyo.value(m.standing_mw[key[-1]]),
    ),
    "capital_share": Kind(
        "share cap {at}",
        "of capital",
        2000.0,
        at_path.share("capital_share"),
        total=lambda m, *key: pyo.value(m.ordered_musd[key[-1]]),
    ),
    "carbon": Kind(
        "cap on emissions {at}",
        "tCO2 per year",
        0.001,
        at_path.steps("carbon", lambda at: ("carbon", "caps", at, "tco2_per_year")),
        _thousandths,
    ),
    "water": Kind(
        "water limit of {at}",
        "m3 per year",
        0.0001,
        at_path.steps("water", at_path.site("water_limit_m3_per_year")),
        _thousandths,
    ),
    "efficiency": Kind(
        "floor on efficiency {at}",
        "Mtok per MWh",
        1.0,
        at_path.steps("efficiency", lambda at: ("efficiency_floors", at, "mtok_per_mwh")),
        sign=-1,
        total=lambda m, inst, at, t: pyo.value(m.least_ttok[at, t]) / efficiency_floor(inst, at, t),
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
    "model_training": Kind(
        "share of their training that a site must do to have the models {at}",
        "of training",
        2000.0,
        at_path.number("model_training", lambda at: ("model_families", at, "least_training_share")),
        lambda inst, at, t: demand_mean(inst, inst.model_families[at].trained_by, t),
        sign=-1,
    ),
    "demand": Kind("demand of {at}", "Mtok/s", 100.0, at_path.rule("demand", at_path.demand)),
    "protection": Kind(
        "share protected in the contingency {at}",
        "Mtok/s",
        50.0,
        at_path.rule("protection", lambda _, at, t: ("contingencies", at.partition(":")[0])),
    ),
    "commitment": Kind(
        "commitment {at}", "units", 50.0, at_path.rule("commitment", at_path.committed)
    ),
    "frozen": Kind(
        "periods in which only what is committed happens",
        "decisions",
        20.0,
        at_path.rule("frozen", lambda *_: ("commitments", "frozen_until")),
    ),
    "reserve": Kind(
        "availability target of {at}",
        "units",
        20.0,
        at_path.rule("reserve", at_path.workload("availability_target")),
    ),
    "origin": Kind(
        "origin that the law of {at} asks for",
        "Mtok/s",
        200.0,
        at_path.rule("origin", at_path.policy_path),
    ),
    "residency": Kind(
        "residency rule {at}", "rule", 1000.0, at_path.rule("residency", at_path.policy_path)
    ),
    "latency": Kind(
        "latency limit of {at}",
        "rule",
        500.0,
        at_path.rule("latency", at_path.workload("latency_limit_ms")),
    ),
    "data_stays": Kind(
        "rule that the data of {at} stay near",
        "rule",
        1000.0,
        at_path.rule("data_stays", at_path.workload("data_stays")),
    ),
    "export_control": Kind(
        "export control of {at}",
        "rule",
        2000.0,
        at_path.rule("export_control", at_path.unit_type("barred")),
    ),
    "sold_from": Kind(
        "first day on which {at} is sold",
        "rule",
        500.0,
        at_path.rule("sold_from", at_path.unit_type("available_from")),
    ),
    "sold_until": Kind(
        "last day on which {at} is sold",
        "rule",
        500.0,
        at_path.rule("sold_until", at_path.unit_type("available_until")),
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
