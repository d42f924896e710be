"""Sufficiency: a territory serves a share of its own demand, and hosts so much power."""

from math import inf
from typing import Any

import pytest

from models.build import build_model
from models.instance import Instance
from tests.small import assert_row, demands, optimum, optimum_without, solved, twins, values, years

DEMAND = demands(("norway", "public", 2027, 20), ("kenya", "public", 2027, 20))


def africa(**floor: Any) -> Instance:
    """20 Mtok/s in Norway and in Kenya; Oslo, with halls, could serve both for 160 MUSD."""
    return twins(demand=DEMAND, sufficiency={"africa": {"continents": ["africa"]} | floor})


def test_within_balance_keeps_a_share_at_home() -> None:
    """(F1)"""
    # Half of Kenya's demand takes one of the four units to Nairobi, into a hall of 4 · 5 MUSD.
    inst = africa(serve_share=0.5)

    assert optimum(inst) == pytest.approx(4 * 40 + 20)
    assert optimum_without(inst, lambda m: m.within_balance) == pytest.approx(4 * 40)
    flow = values(solved(inst).flow)
    assert flow["kenya/chat/public", "nairobi", "2027"] >= 10


def test_what_is_served_for_others_does_not_count() -> None:
    # Nairobi could serve Norway; the floor is about Kenya's demand.
    m = solved(africa(serve_share=1))

    assert values(m.flow)["kenya/chat/public", "nairobi", "2027"] == 20
    assert values(m.order)["nairobi", "gen1", "2027"] == 2


def test_hosted_balance_asks_for_power() -> None:
    """(F2)"""
    # 5 MW are three units of 2 MW, in two halls of 4 MW.
    inst = africa(host_it_mw=5)

    assert optimum(inst) == pytest.approx(4 * 40 + 2 * 20)
    assert optimum_without(inst, lambda m: m.hosted_balance) == pytest.approx(4 * 40)
    assert values(solved(inst).order)["nairobi", "gen1", "2027"] == 3


def test_floors_hold_from_their_dates() -> None:
    inst = africa(serve_share={2028: 0.5}, host_it_mw={2029: 1}).with_changes(
        {"horizon.months": 12, "horizon.count": 3}
    )
    m = build_model(inst)

    assert list(m.within) == [("africa", "2028"), ("africa", "2029")]
    assert list(m.hosted_mw) == [("africa", "2029")]


def test_a_floor_may_count_some_workloads_and_data_classes() -> None:
    demand = demands(("kenya", "public", 2027, 10), ("kenya", "health", 2027, 10))
    floor = {"jurisdictions": ["KE"], "data_classes": ["health"], "serve_share": 1}
    inst = twins(demand=demand, data_classes={"health": {}}, sufficiency={"health": floor})

    flow = values(solved(inst).flow)

    assert flow["kenya/chat/health", "nairobi", "2027"] == 10
    none = {"workloads": ["chat"], "jurisdictions": ["NO"], "serve_share": 1}
    assert optimum(twins(demand=demand, data_classes={"health": {}}, sufficiency={"n": none})) == 80


def test_streams_that_count_differently_are_not_merged() -> None:
    inst = africa(serve_share=0.5)

    assert len(build_model(inst, merge=True).groups) == 2
    assert optimum(inst, merge=True) == pytest.approx(optimum(inst, merge=False))


def test_a_floor_that_nothing_can_meet_in_time_is_infeasible() -> None:
    late = {"nairobi": {"unit_lead_months": 12}}
    for floor in ({"serve_share": 0.1}, {"host_it_mw": 0.1}):
        part = {"continents": ["africa"]} | floor
        inst = twins(demand=DEMAND, horizon=years(2), sites=late, sufficiency={"africa": part})
        assert optimum(inst) == inf


def test_rows() -> None:
    m = build_model(africa(serve_share=0.5, host_it_mw=5))

    assert_row(
        m.within_balance["africa", "2027"],
        {"within[africa,2027]": 1, "flow[kenya/chat/public,nairobi,2027]": -1},
        "=",
        0,
    )
    assert m.within["africa", "2027"].bounds == (10, 20)
    assert_row(
        m.hosted_balance["africa", "2027"],
        {"hosted_mw[africa,2027]": 1, "online[nairobi,gen1,2027]": -2},
        "=",
        0,
    )
    assert m.hosted_mw["africa", "2027"].bounds == (5, 20)
