"""All families together on random instances: plans are verified, and freedom never costs."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from models.build import build_model
from models.instance import Instance
from optimizer import Plan, compare, solve
from optimizer.compiling import CompiledModel, compile_model
from optimizer.matrix import Floats, Matrix
from optimizer.starts import decisions_of, hint_of
from tests.compare.test_random import assert_adds_up
from tests.properties.common import SEEDS, close, examples
from tests.properties.slices import sliced
from tests.properties.soft import with_soft_limits
from tests.properties.strategies import instances
from tests.properties.together import Raw, bound, short, switched
from tests.small import milp_solution, optimum

ANY = st.one_of(instances(), sliced())

TABLES = (
    *(
        "retirements",
        "grid_upgrades",
        "debt",
        "rentals",
        "leases",
        "conversions",
        "clusters",
        "model_transfers",
    ),
    *("network_options", "local_control_planes", "volume_tiers", "reserve", "resilience"),
    *("commitments", "portability", "shortfall", "violations"),
)


def few_units(m: pyo.ConcreteModel, inst: Instance) -> None:
    """A rule of a user's own: no more than two units of a type are ordered at once at a site."""
    m.few_units = pyo.Constraint(m.ORDERS, rule=lambda m, *sut: m.order[sut] <= 2)


def few_limits(inst: Instance, tables: dict[str, Any]) -> Iterator[Any]:
    for s, _, t, units in tables["orders"].itertuples(index=False):
        yield s, t, units, 2, "units"


FEW = SimpleNamespace(__name__="few", add_to=few_units)


def made(raw: Raw, seed: int) -> Instance:
    """An instance with some of the families, now and then bound to a plan."""
    inst = Instance.model_validate(switched(raw, seed))
    if Random(seed + 1).random() < 0.3:
        inst = bound(inst, seed)
    event(f"committed: {bool(inst.committed)}")
    return inst


def check_plan(raw: Raw, seed: int) -> None:
    """The plan passes the checker, its cash adds up, and its decisions can be started from."""
    inst = made(raw, seed)
    own = [] if inst.committed or Random(seed + 2).random() < 0.8 else [FEW]
    event(f"own family: {bool(own)}")
    plan = solve(inst, families=own)
    event(f"{inst.objective}: {plan.status}")
    if plan.objective_musd is None:
        assert plan.status == "infeasible"
        return
    assert plan.violations == ()
    assert plan.verified
    cash = plan.table("cash")
    assert cash["discounted_musd"].sum() == pytest.approx(plan.objective_musd, rel=1e-6, abs=1e-6)
    assert_starts(plan, compile_model(build_model(inst), inst))
    assert_adds_up(compare(plan, plan))
    if inst.objective == "cost" and not own:
        assert plan.objective_musd == close(optimum(inst))
    for table in TABLES:
        event(f"{table}: {not plan.table(table).empty}")


def assert_starts(plan: Plan, compiled: CompiledModel) -> None:
    """All that is decided is known to a start, and with it the plan costs no more than it does."""
    # Offers without a least take are used without a decision; a reserve grows with some units.
    left = ("rental_use", "reserve")
    counted = {name: rows for name, rows in decisions_of(plan).items() if name not in left}
    hint = hint_of(compiled, counted)
    told = sum(number for rows in counted.values() for *_, number in rows)
    assert (0 if hint is None else hint.sum()) == told
    hint = hint_of(compiled, decisions_of(plan))
    matrix = compiled.matrix
    x = milp_solution(decided(matrix, np.zeros(len(matrix.cost)) if hint is None else hint))
    assert x is not None, "what is decided is no plan"
    cost, objective = matrix.value(x), plan.objective_musd or 0.0
    assert cost <= objective + 1e-6 * max(1.0, abs(objective))


def decided(matrix: Matrix, x: Floats) -> Matrix:
    """The problem with all whole numbers decided as in a solution."""
    numbers = np.round(x)
    return replace(
        matrix.relaxed(),
        lower=np.where(matrix.whole, numbers, matrix.lower),
        upper=np.where(matrix.whole, numbers, matrix.upper),
    )


@examples(8)
@given(ANY, SEEDS)
def test_plans_are_verified(raw: Raw, seed: int) -> None:
    check_plan(short(raw), seed)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@examples(300)
@given(ANY, SEEDS)
def test_many_plans_are_verified(raw: Raw, seed: int) -> None:
    check_plan(raw, seed)


# A limit less never costs more. Each takes one away and keeps every plan possible at its cost.


def _without(raw: Raw, table: str, *fields: str) -> Raw:
    """The instance without some fields of the records of a table."""
    records = raw[table].items()
    less = {k: {f: v for f, v in one.items() if f not in fields} for k, one in records}
    return raw | {table: less}


UNPROTECTED: Raw = {"protection": [], "contingencies": {}}

LESS: dict[str, Any] = {
    "quotas": lambda raw: raw | {"quotas": {}},
    "floors": lambda raw: raw | {"sufficiency": {}},
    "share caps": lambda raw: raw | {"concentration": {}},
    "caps on running costs": lambda raw: raw | {"budget": raw["budget"] | {"opex_caps": {}}},
    "pools": lambda raw: raw | {"budget": {}},
    "caps on emissions": lambda raw: raw | {"carbon": raw.get("carbon", {}) | {"caps": {}}},
    "price of emissions": lambda raw: _without(
        raw | {"carbon": {}}, "jurisdictions", "carbon_price_usd_per_t"
    ),
    "floors on efficiency": lambda raw: raw | {"efficiency_floors": {}},
    "water": lambda raw: _without(
        raw, "sites", "water_limit_m3_per_year", "water_price_usd_per_m3"
    ),
    "protection": lambda raw: raw | UNPROTECTED,
    "targets": lambda raw: _without(raw, "workloads", "availability_target"),
    # Work in clusters is never protected.
    "clusters": lambda raw: _without(raw | UNPROTECTED, "workloads", "cluster"),
    "law": lambda raw: (
        raw | {"data_classes": {d: {} for d in raw["data_classes"]}, "residency": []}
    ),
    "data that stay": lambda raw: _without(raw, "workloads", "data_stays", "latency_limit_ms"),
    "portability": lambda raw: _without(
        raw, "workloads", "port_operator_musd_per_mtok_s", "port_generation_musd_per_mtok_s"
    ),
    "least builds": lambda raw: _without(raw, "sites", "min_build_mw", "install_rate_mw_per_month"),
    # With more power at a site there is more to lose.
    "status": lambda raw: _without(raw | {"pipeline": {}} | UNPROTECTED, "sites", "grid_status"),
}
"""What takes limits away, by what they are called."""


def check_less(raw: Raw, seed: int) -> None:
    """The optimum with one limit less is no dearer than with all, and soft ones are no dearer."""
    full = switched(short(raw), seed, without=("soft", "objectives"))
    before = optimum(Instance.model_validate(full))
    every = LESS | {"soft": lambda raw: with_soft_limits(raw, seed)}
    for name in Random(seed).sample(list(every), 8):
        less = every[name](full)
        if less != full:
            after = optimum(Instance.model_validate(less))
            event(f"{name}: {after < before - 1e-6}")
            assert no_dearer(after, before), name


def no_dearer(after: float, before: float) -> bool:
    return after <= before + 1e-6 * max(1.0, abs(before))


@examples(4)
@given(ANY, SEEDS)
def test_a_limit_less_never_costs_more(raw: Raw, seed: int) -> None:
    check_less(raw, seed)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@examples(300)
@given(ANY, SEEDS)
def test_a_limit_less_never_costs_more_in_many(raw: Raw, seed: int) -> None:
    check_less(raw, seed)


MORE: dict[str, Any] = {
    "retirement": lambda raw: (
        raw
        | {"unit_types": {u: x | {"early_retirement": False} for u, x in raw["unit_types"].items()}}
    ),
    "upgrades": lambda raw: raw | {"grid_upgrades": {}},
    "network options": lambda raw: raw | {"network_options": {}},
    "shells": lambda raw: raw | {"shells": []},
    "offers": lambda raw: raw | {"rentals": {}},
    "control planes": lambda raw: raw | {"local_control_planes": []},
    "volume tiers": lambda raw: raw | {"volume_tiers": []},
    "work that waits": lambda raw: _without(raw, "workloads", "deferrable_share"),
}
"""What takes freedom away. Contingencies are left out: they lose what there can be."""


def check_more(raw: Raw, seed: int) -> None:
    """The optimum with all freedom is no dearer than with one less."""
    full = switched(short(raw), seed, without=("soft", "objectives", "contingencies"))
    best = optimum(Instance.model_validate(full))
    for name, change in MORE.items():
        bare = change(full)
        if bare != full:
            before = optimum(Instance.model_validate(bare))
            event(f"{name}: {best < before - 1e-6}")
            assert no_dearer(best, before), name


@examples(4)
@given(ANY, SEEDS)
def test_freedom_never_costs(raw: Raw, seed: int) -> None:
    check_more(raw, seed)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@examples(200)
@given(ANY, SEEDS)
def test_freedom_never_costs_in_many(raw: Raw, seed: int) -> None:
    check_more(raw, seed)


# Money in another unit: the same decisions, and a cost as many times as high.

IN_MUSD = ("budget", "borrowing", "opex", "capital_share")
"""Soft limits whose amounts are money, so that their price is not."""


def in_money(data: Any, factor: float, *, money: bool = False) -> Any:
    """Plain data with so many times the money everywhere."""
    if isinstance(data, list):
        return [in_money(one, factor, money=money) for one in data]
    if not isinstance(data, dict):
        return factor * data if money and isinstance(data, int | float) else data
    if data.get("limit") in IN_MUSD:
        return data | ({"most": factor * data["most"]} if "most" in data else {})
    words = ("usd", "grants", "borrowing")
    return {
        name: in_money(value, factor, money=money or any(word in str(name) for word in words))
        for name, value in data.items()
    }


def check_currency(raw: Raw, seed: int) -> None:
    plain = switched(short(raw), seed, without=("objectives",))
    inst, other = (Instance.model_validate(one) for one in (plain, in_money(plain, 1000.0)))
    ours, theirs = (compile_model(build_model(one), one).matrix for one in (inst, other))
    x, y = milp_solution(ours), milp_solution(theirs)
    event(f"infeasible: {x is None}")
    assert (x is None) == (y is None)
    if x is not None and y is not None:
        assert theirs.value(y) / 1000.0 == close(ours.value(x))
        kept = milp_solution(decided(theirs, x))
        assert kept is not None
        assert theirs.value(kept) / 1000.0 == close(ours.value(x))


@examples(3)
@given(ANY, SEEDS)
def test_money_in_another_unit_leaves_the_decisions(raw: Raw, seed: int) -> None:
    check_currency(raw, seed)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@examples(100)
@given(ANY, SEEDS)
def test_money_in_another_unit_leaves_the_decisions_of_many(raw: Raw, seed: int) -> None:
    check_currency(raw, seed)
