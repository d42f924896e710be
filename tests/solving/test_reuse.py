"""Models made from the one before: the same to the last bit, and only what changed is built."""

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from models import InstanceError
from models.build import build_model
from models.instance import Instance
from optimizer import compiling, read_instance
from optimizer.compiling import CompiledModel, compile_model
from optimizer.errors import SolveError
from optimizer.matrix import Matrix
from optimizer.plan.decisions import read_decisions
from optimizer.reuse import ModelKeeper
from tests.properties.common import examples
from tests.properties.strategies import instances
from tests.small import tiny

Changes = dict[str, Any]

COSTS = {"cost_musd", "net_present_cost"}
NETWORK = {"network_musd", "network_balance"}
TOTALS = NETWORK | {
    f"{name}_{kind}" for name in ("shortfall", "earned") for kind in ("musd", "balance")
}
GRANTED = {"unspent", "unspent_balance", "spend_limit"}
BUDGET = {"spend_musd", *GRANTED}
SITING = (
    {"open_site", "is_open", "order", "hall"}
    | {f"{name}_link" for name in ("order", "hall")}
    | {"opening_balance", "build_minimum"}
)
HALLS = {"hall_mw", "hall_balance", "hall_limit"}

BUILT_AGAIN: dict[str, tuple[Changes, set[str]]] = {
    "nothing": ({}, set()),
    "name": ({"name": "another"}, set()),
    "solve": ({"solve.gap": 0.5}, set()),
    "budget": ({"budget.pools.*.scale": 0.8}, GRANTED),
    "energy price": ({"sites.*.energy_price_usd_per_mwh.scale": 1.1}, COSTS),
    "network price": ({"network_prices.*.scale": 1.5}, NETWORK),
    "discount rate": ({"finance.discount_rate_per_year": 0.11}, TOTALS | COSTS),
    "unit capex": ({"unit_types.*.capex_musd.scale": 1.1}, BUDGET | TOTALS | COSTS),
    "quota": ({"quotas.*.scale": 0.8}, {"quota_limit"}),
    "demand": (
        {"demand.*.scale": 1.2},
        {"flow", "shortfall", "demand_balance", "network_musd", "shortfall_musd", "earned_musd"},
    ),
    "grid": (
        {"sites.*.grid_mw.scale": 1.1},
        SITING | HALLS | {"online", "run", "site_power_limit"},
    ),
    "throughput": ({"throughput.*.scale": 1.1}, {"throughput_limit"}),
}
"""What each change of southgate makes us build again."""

OTHER_INDICES: dict[str, Changes] = {
    "a unit type delayed": {"unit_types.mod-hypercube-vr200-8.available_from": "2029-01"},
    "fewer periods": {"horizon.months": [3, 3, 6]},
    "demand that ends": {"demand.*.scale": 0},
    "strict pools": {"budget.pools.*.carry_over": False},
    "no minimum builds": {"sites.*.min_build_mw": 0},
}
"""Changes of southgate after which other rows or variables exist."""

RANDOM_CHANGES: dict[str, Callable[[Random], Any]] = {
    "budget.pools.*.scale": lambda dice: dice.choice([0, 0.5, 1.5]),
    "budget.pools.world.carry_over": lambda dice: dice.random() < 0.5,
    "sites.*.energy_price_usd_per_mwh.scale": lambda dice: dice.choice([0, 0.5, 2]),
    "sites.s0.open_cost_musd": lambda dice: dice.choice([0, 1]),
    "sites.s0.min_build_mw": lambda dice: dice.choice([0, 1, 2.5]),
    "sites.s0.pue.liquid": lambda dice: dice.choice([1.05, 1.3]),
    "sites.s0.hall_block_mw": lambda dice: dice.choice([0.5, 1]),
    "sites.s0.hall_life_years": lambda dice: dice.choice([1, 15]),
    "sites.s0.install_rate_mw_per_month": lambda dice: dice.choice([0.3, 2]),
    "sites.s1.opened": lambda dice: dice.random() < 0.5,
    "sites.s1.unit_lead_months": lambda dice: dice.choice([0, 3]),
    "sites.*.grid_mw.scale": lambda dice: dice.choice([0.9, 1.1, 2]),
    "grid_regions.g.cap_mw.scale": lambda dice: dice.choice([0.9, 2]),
    "quotas.q.per_year.scale": lambda dice: dice.choice([0.9, 2]),
    "quotas.q.counts": lambda dice: dice.choice(["units", "accelerators"]),
    "demand.*.scale": lambda dice: dice.choice([0, 0.5, 1.5]),
    "demand_interpolation": lambda dice: dice.choice(["step", "linear", "geometric"]),
    "throughput.*.scale": lambda dice: dice.choice([0.9, 1.1]),
    "throughput.u0.k0.mtok_s": lambda dice: dice.choice([0, 2]),
    "network_prices.*.scale": lambda dice: dice.choice([0, 2]),
    "operators.a.performance": lambda dice: dice.choice([0.5, 1]),
    "finance.discount_rate_per_year": lambda dice: dice.choice([0, 0.1]),
    "finance.end_of_horizon_value": lambda dice: dice.choice(["straight_line", "none"]),
    "unit_types.u0.capex_musd": lambda dice: dice.choice([3, 5]),
    "unit_types.u0.availability": lambda dice: dice.choice([0.8, 1]),
    "unit_types.u0.idle_share": lambda dice: dice.choice([0, 0.5]),
    "unit_types.u0.it_mw": lambda dice: dice.choice([0.5, 0.7]),
    "unit_types.u0.available_from": lambda dice: dice.choice(["2020-01-01", "2028-01-01"]),
    "unit_types.u0.life_years": lambda dice: dice.choice([1, 4]),
    "workloads.k0.peak_factor": lambda dice: dice.choice([1, 2]),
    "workloads.k0.fan_out": lambda dice: dice.choice([1, 2]),
    "workloads.k0.shortfall_price_usd_per_mtok": lambda dice: dice.choice([0, 2]),
    "data_classes.health.compute": lambda dice: dice.choice([["ANY"], ["HOME"]]),
    "unit_types.u0.payments": lambda dice: dice.choice([{0: 1}, {0: 0.5, 9: 0.5}]),
    "sites.s0.hall_payments": lambda dice: dice.choice([{0: 1}, {6: 1}]),
    "budget.pools.world.borrowing": lambda dice: dice.choice([0, 5, 20]),
    "budget.pools.world.interest_per_year": lambda dice: dice.choice([0, 0.1]),
    "budget.opex_caps": lambda dice: dice.choice([{}, {"all": {"musd_per_year": 3}}]),
    "horizon.start": lambda dice: dice.choice(["2027-01-01", "2027-07-01"]),
}
"""Changes of random instances; some of them make no valid instance."""


@pytest.fixture(scope="module")
def southgate() -> Instance:
    return read_instance("instances/southgate")


def assert_same(kept: CompiledModel, inst: Instance) -> None:
    """What was kept is what is built from nothing, with the decisions that are read from it."""
    fresh = compile_model(build_model(inst, merge=True), inst)
    assert_same_matrix(kept.matrix, fresh.matrix)
    for one, other in zip(
        kept.model.component_data_objects(pyo.Var),
        fresh.model.component_data_objects(pyo.Var),
        strict=True,
    ):
        assert one.bounds == other.bounds, one.name
    assert [v.name for v in kept.variables] == [v.name for v in fresh.variables]
    assert [c.name for c in kept.constraints] == [c.name for c in fresh.constraints]
    assert [c.name for c in kept.model.component_objects()] == [
        c.name for c in fresh.model.component_objects()
    ]
    assert kept.model.name == fresh.model.name
    assert kept.model.groups == fresh.model.groups
    assert kept.model.period_of == fresh.model.period_of
    assert kept.inst is inst
    assert np.array_equal(kept.optional(), fresh.optional())
    x = np.random.default_rng(0).integers(0, 3, len(fresh.variables)).astype(float)
    for compiled in (kept, fresh):
        assert not any(v.value is not None for v in compiled.model.component_data_objects(pyo.Var))
        compiled.load(x)
    cost = pyo.value(fresh.model.net_present_cost)
    assert pyo.value(kept.model.net_present_cost) == pytest.approx(cost)
    ours, theirs = (read_decisions(compiled.model, inst) for compiled in (kept, fresh))
    for name, table in theirs.items():
        assert ours[name].equals(table)


def assert_same_matrix(one: Matrix, other: Matrix) -> None:
    for name in ("cost", "row_lower", "row_upper", "lower", "upper", "whole"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    for name in ("shape", "data", "indices", "indptr"):
        assert np.array_equal(getattr(one.rows, name), getattr(other.rows, name)), name
    assert one.offset == other.offset


@pytest.mark.parametrize("case", BUILT_AGAIN)
def test_only_what_changed_is_built_again(case: str, southgate: Instance) -> None:
    changes, again = BUILT_AGAIN[case]
    keeper = ModelKeeper()
    keeper.compiled(southgate)
    everything = set(keeper.made)
    for inst in (southgate.with_changes(changes), southgate):
        compiled = keeper.compiled(inst)

        assert set(keeper.made) == again
        assert set(keeper.kept) == everything - again
        assert_same(compiled, inst)


@pytest.mark.parametrize("case", OTHER_INDICES)
def test_other_indices_are_built_from_nothing(case: str, southgate: Instance) -> None:
    keeper = ModelKeeper()
    for inst in (southgate, southgate.with_changes(OTHER_INDICES[case]), southgate):
        compiled = keeper.compiled(inst)

        assert_same(compiled, inst)
        assert keeper.kept == ()


def test_a_model_may_be_extended_after_it_was_handed_out(southgate: Instance) -> None:
    keeper = ModelKeeper()
    m = keeper.compiled(southgate).model
    m.extra = pyo.Constraint(expr=m.is_open[next(iter(m.SITES)), next(iter(m.PERIODS))] <= 1)

    assert_same(keeper.compiled(southgate), southgate)


def test_a_refused_model_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    inst = tiny()
    keeper = ModelKeeper()
    keeper.compiled(inst)
    with monkeypatch.context() as patch:
        patch.setattr(compiling, "SMALLEST", 1e9)
        with pytest.raises(SolveError, match="coefficient"):
            keeper.compiled(inst.with_changes({"throughput.*.scale": 2}))

    compiled = keeper.compiled(inst)
    assert_same(compiled, inst)
    assert keeper.kept == ()


def random_walk(inst: Instance, dice: Random) -> list[Instance]:
    """An instance, and some that follow from each other by one to three changes."""
    walk = [inst]
    while len(walk) < 5:
        chosen = dice.sample(sorted(RANDOM_CHANGES), dice.randint(1, 3))
        valid = walk[-1]
        for path in chosen:
            try:
                valid = valid.with_changes({path: RANDOM_CHANGES[path](dice)})
            except InstanceError:
                continue
        walk.append(dice.choice([valid, valid, valid, inst]))
    return walk


@given(raw=instances(), other=instances(), seed=st.integers(0, 10**6))
@examples(15)
def test_random_changes_of_random_instances(
    raw: dict[str, Any], other: dict[str, Any], seed: int
) -> None:
    keeper = ModelKeeper()
    walk = random_walk(Instance.model_validate(raw), Random(seed))
    for inst in (*walk, Instance.model_validate(other)):
        compiled = keeper.compiled(inst)

        assert_same(compiled, inst)
        event(f"kept: {round(len(keeper.kept) / 31, 1)}")
