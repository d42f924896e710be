"""Demand: served, or short at a price; where shortfall has no price, all is served."""

from math import inf

import pytest

from models.build import build_model
from optimizer import solve
from tests.small import (
    SHORT,
    assert_row,
    cost,
    demands,
    optimum,
    optimum_without,
    solved,
    tiny,
    twins,
    values,
)


def test_demand_balance_lets_the_rest_fall_short_at_its_price() -> None:
    """(D1)"""
    # 0.1 Mtok/s more than five units make: 31.536 MUSD, less than a sixth unit (40).
    inst = tiny(demand=demands(("norway", "public", 2027, 50.1)))
    m = solved(inst)

    assert cost(m) == pytest.approx(5 * 40 + 0.1 * SHORT)
    assert values(m.shortfall) == {("norway/chat/public", "2027"): 0.1}
    assert optimum_without(inst, lambda m: m.demand_balance) == pytest.approx(0)


def test_without_a_price_all_demand_is_served() -> None:
    demand = demands(("norway", "public", 2027, 50.1))
    inst = tiny(workloads={"chat": {"shortfall_price_usd_per_mtok": None}}, demand=demand)

    assert optimum(inst) == pytest.approx(6 * 40)


def test_what_must_be_served_and_cannot_be_has_no_plan() -> None:
    # 25 MW carry ten units, 100 Mtok/s.
    demand = demands(("norway", "public", 2027, 100.1))
    inst = tiny(workloads={"chat": {"shortfall_price_usd_per_mtok": None}}, demand=demand)

    assert optimum(inst) == inf
    assert solve(inst).status == "infeasible"


def test_fan_out_multiplies_what_is_asked_for() -> None:
    # Each token asked for makes three: 15 · 3 = 45 Mtok/s, five units.
    demand = demands(("norway", "public", 2027, 15))
    inst = tiny(workloads={"chat": {"fan_out": 3}}, demand=demand)

    assert inst.demand_mtok_s["norway/chat/public", "2027"] == pytest.approx(45)
    assert optimum(inst) == pytest.approx(5 * 40)


def test_rows_of_demand() -> None:
    inst = twins(
        workloads={"chat": {"fan_out": 1.5}},
        demand=demands(("norway", "public", 2027, 50)),
    )
    m = build_model(inst)

    assert_row(
        m.demand_balance["norway/chat/public", "2027"],
        {
            "flow[norway/chat/public,oslo,2027]": 1,
            "flow[norway/chat/public,nairobi,2027]": 1,
            "shortfall[norway/chat/public,2027]": 1,
        },
        "=",
        75,
    )
    assert m.shortfall["norway/chat/public", "2027"].bounds == (0, 75)


def test_shortfall_without_a_price_is_0() -> None:
    m = build_model(tiny(workloads={"chat": {"shortfall_price_usd_per_mtok": None}}))

    assert m.shortfall["norway/chat/public", "2027"].bounds == (0, 0)
